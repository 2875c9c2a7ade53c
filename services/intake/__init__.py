"""Intake: takes lenders' overdue records, verifies each one, and keeps the vault of persons and contact points.

It hears plans, holds and closed cases, because they decide whether a case may be recalled or placed again.
It announces what became of each record (received, rejected, recalled, updated), payments that lenders report, and
changes to persons.
"""
