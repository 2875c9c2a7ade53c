"""After a change of mandate: look at the lender's open cases again, in bounded batches.

Offers above the new mandate are withdrawn; how money and days are counted goes into the case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.negotiation.application.ports import Offer, OpenWork, Work
from services.negotiation.application.resolve_mandates import carry_mandates, mandate_for, resolve_mandates
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.mandates import EffectiveMandate, allows
from services.negotiation.domain.offers import APPROVED

CASES_MAX = 500


async def recheck_offers(begin: OpenWork) -> int:
    """One batch of one change that is due; answers with how many cases were looked at."""
    async with begin() as work:
        recheck = await work.mandates.take_recheck(work.now.date())
        if recheck is None:
            return 0
        case_ids = await work.mandates.open_cases(recheck.creditor_id, recheck.after_case_id, CASES_MAX)
        await look_again(work, case_ids)
        is_done = len(case_ids) < CASES_MAX
        last = case_ids[-1] if case_ids else recheck.after_case_id
        await work.mandates.keep_recheck(replace(recheck, after_case_id=last), is_done=is_done)
        await work.commit()
    return max(1, len(case_ids))


async def look_again(work: Work, case_ids: list[UUID]) -> None:
    """Withdraw what the mandate of a case does not reach any more, and what was sealed with other days of grace."""
    before = await work.cases.for_change(case_ids)
    cases = await carry_mandates(work, before.values())
    mandates = await resolve_mandates(work, cases)
    on_file = await work.offers.current(before)
    outside = [
        offer.offer_id
        for case in cases
        for offer in on_file.get(case.case_id, [])
        if case.mandate.grace_days != before[case.case_id].mandate.grace_days
        or is_outside(mandates[case.case_id], offer, case, case.today(work.now))
    ]
    await work.offers.withdraw_offers(outside)
    await work.cases.save(cases)


async def is_outside_now(work: Work, case: CaseFile, offer: Offer) -> bool:
    """Between a change of mandate and the look at open offers, nobody agrees to what is withdrawn a moment later."""
    return is_outside(await mandate_for(work, case), offer, case, case.today(work.now))


def is_outside(mandate: EffectiveMandate, offer: Offer, case: CaseFile, today: date) -> bool:
    """What somebody approved for this case in particular stands: a change of the general mandate does not undo it."""
    return not APPROVED & set(offer.reasons) and bool(allows(mandate, offer.outline, case, today))
