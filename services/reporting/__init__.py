"""Reporting: keeps one append-only, hash-chained journal of every event and the figures that follow from it.

Subscribes to all events of the platform. Announces nothing in version 1; it answers: portfolio, case timeline, funnel,
liquidation, statements, the staff console.
"""
