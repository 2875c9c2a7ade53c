"""Negotiation: makes offers inside the creditor's mandate, agrees plans, keeps the books and watches what was promised.

It hears of cases, assessments, replies, payments and holds. It announces proposals, agreements, defaults, postings and
the closing of cases, and shows the borrower all of it on one page.
"""
