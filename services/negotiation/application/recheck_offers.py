"""After a change of mandate: look at the open offers again, in bounded batches, and withdraw those above it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.resolve_mandates import resolve_mandates
from services.negotiation.domain.mandates import allows

CASES_MAX = 500
APPROVED_CODES = frozenset({"approved_by_lender", "approved_by_name"})
"""Reasons of offers that somebody approved one by one: a change of the general mandate does not undo their word."""


async def recheck_offers(begin: OpenWork) -> int:
    """One batch of one change that is due; answers with how many cases were looked at."""
    async with begin() as work:
        recheck = await work.mandates.take_recheck(work.now.date())
        if recheck is None:
            return 0
        case_ids = await work.mandates.cases_with_offers(recheck.creditor_id, recheck.after_case_id, CASES_MAX)
        await withdraw_outside(work, case_ids)
        is_done = len(case_ids) < CASES_MAX
        last = case_ids[-1] if case_ids else recheck.after_case_id
        await work.mandates.keep_recheck(replace(recheck, after_case_id=last), is_done=is_done)
        await work.commit()
    return max(1, len(case_ids))


async def withdraw_outside(work: Work, case_ids: list[UUID]) -> None:
    """Withdraw the offers on file that the mandate of their case does not reach any more."""
    cases = await work.cases.for_change(case_ids)
    mandates = await resolve_mandates(work, cases.values())
    on_file = await work.offers.current(cases)
    outside = [
        offer.offer_id
        for case_id, offers in on_file.items()
        for offer in offers
        if not APPROVED_CODES.intersection(offer.reasons)
        and allows(mandates[case_id], offer.outline, cases[case_id], cases[case_id].today(work.now))
    ]
    await work.offers.withdraw_offers(outside)
