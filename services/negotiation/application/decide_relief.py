"""Relief is decided by the lender: by its own signed word, or written down by one of ours and checked by another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.negotiation.application.agree_plan import agree, instalment_rows, refuse_where_nothing_may_be_agreed
from services.negotiation.application.announce_relief import ended, granted, step
from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.propose_offers import prepare, put
from services.negotiation.application.relief_ports import Queue
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.case_file import CaseFile, CurrentPlan
from services.negotiation.domain.offers import Draft
from services.negotiation.domain.plan import stand
from services.negotiation.domain.refusals import CaseClosed, HoldStands, NoSuchThing
from services.negotiation.domain.relief import request as rules
from services.negotiation.domain.relief.files import KEPT_FOR
from services.negotiation.domain.relief.outline import relief_outline
from services.negotiation.domain.relief.request import OPEN, UNDECIDED, Decision, Relief

LENDER = "lender"
DAYS_TO_CATCH_UP = timedelta(days=7)
Change = Callable[[CaseFile, Relief, datetime], Relief]
"""A request as it stands and the moment, to what it becomes."""


async def list_relief(
    begin: OpenWork, queue: Queue, after: tuple[datetime, UUID] | None, limit: int, creditor_id: UUID | None = None
) -> list[Relief]:
    """For staff the requests of all lenders, for a lender its own, those that are due first."""
    async with begin(tenant=creditor_id, is_staff=creditor_id is None) as work:
        return await work.reliefs.queue(queue, creditor_id, after, limit)


async def move_on(
    begin: OpenWork, relief_id: UUID, to: Literal["needs_evidence", "with_lender"], staff_id: str
) -> Relief:
    """Staff have looked: papers are missing, or the lender can decide."""

    def change(case: CaseFile, relief: Relief, now: datetime) -> Relief:
        if relief.state == to:
            return relief
        return rules.ask_for_evidence(relief, now) if to == "needs_evidence" else rules.to_lender(relief, now)

    return await _decide(begin, relief_id, change, to, staff_id)


async def propose_decision(begin: OpenWork, relief_id: UUID, decision: Decision) -> Relief:
    """Write down what the lender decided, with its reference. Nothing happens until somebody else confirms it."""

    def change(case: CaseFile, relief: Relief, now: datetime) -> Relief:
        return rules.propose(relief, decision)

    return await _decide(begin, relief_id, change, f"proposed_{decision.verdict}", decision.proposed_by)


async def confirm_decision(begin: OpenWork, relief_id: UUID, staff_id: str) -> Relief:
    """The second pair of eyes. The same person again is refused; confirming twice is the same as once."""

    def change(case: CaseFile, relief: Relief, now: datetime) -> Relief:
        if relief.state in ("granted", "refused") and relief.decision and relief.decision.confirmed_by == staff_id:
            return relief
        return rules.confirm(relief, staff_id, now, case.zones, case.today(now))

    return await _decide(begin, relief_id, change, "confirmed", staff_id)


async def decide_as_lender(begin: OpenWork, creditor_id: UUID, relief_id: UUID, decision: Decision) -> Relief:
    """The lender's own word. The same verdict again answers with what stands. Raises NoSuchThing for another's case."""

    def change(case: CaseFile, relief: Relief, now: datetime) -> Relief:
        if case.creditor_id != creditor_id:
            raise NoSuchThing("relief")
        known = relief.decision
        if relief.state in ("granted", "refused") and known is not None and known.verdict == decision.verdict:
            return relief
        return rules.decide_by_lender(relief, decision, now, case.zones, case.today(now))

    return await _decide(begin, relief_id, change, f"decided_{decision.verdict}", LENDER, creditor_id)


async def review_relief(begin: OpenWork, relief_id: UUID, months: int | None, staff_id: str) -> Relief:
    """At the review: some months more, or (None) no more need, and the relief ends now."""

    def change(case: CaseFile, relief: Relief, now: datetime) -> Relief:
        if months is None:
            return relief if relief.ending == "reviewed" else rules.end(relief, "reviewed", now)
        return rules.extend(relief, months, now, case.zones)

    what = "extended" if months is not None else "reviewed"
    return await _decide(begin, relief_id, change, what, staff_id)


async def follow(work: Work, case: CaseFile, before: Relief, after: Relief, what: str, by: str) -> Relief:
    """Save a change of a request, with everything that follows from it. The case is locked; the caller commits."""
    if after == before:
        return before
    is_granted = after.state == "granted" and after.until != before.until
    if is_granted:
        after = await _make_plan(work, case, after)
        work.announce(granted(after, work.now))
        if after.until is not None:
            await work.evidence.keep_longer([paper.file_id for paper in after.evidence], after.until + KEPT_FOR)
    if before.suspends_contact and not after.suspends_contact:
        work.announce(ended(after, work.now))
    if before.state in UNDECIDED and after.state not in OPEN:
        await _watch_again(work, case)
    await work.reliefs.save([after])
    await work.reliefs.record([step(after, what, by, work.now)])
    return after


async def _watch_again(work: Work, case: CaseFile) -> None:
    """The watch over a running plan waited for the answer; some days are left to pay what is behind."""
    if case.active_plan_id is None or case.closed is not None:
        return
    plan = (await work.plans.load([case.active_plan_id]))[case.active_plan_id]
    payments = (await work.ledger.payments([case.case_id])).get(case.case_id, [])
    counted = [payment for payment in payments if payment.plan_id == plan.plan_id]
    standing = stand(plan.terms, counted, now=work.now, zones=case.zones)
    rows = instalment_rows(plan, standing, case.zones)
    earliest = work.now + DAYS_TO_CATCH_UP
    watched = [replace(row, watch_at=max(row.watch_at, earliest)) for row in rows if row.is_watched]
    await work.plans.save_instalments(watched)


async def _decide(
    begin: OpenWork,
    relief_id: UUID,
    change: Change,
    what: str,
    by: str,
    creditor_id: UUID | None = None,
) -> Relief:
    async with begin(tenant=creditor_id, is_staff=creditor_id is None) as work:
        case_id = (await work.reliefs.find(relief_id)).case_id
    async with begin(case_id) as work:
        case = (await work.cases.for_change([case_id]))[case_id]
        relief = await work.reliefs.find(relief_id)
        after = await follow(work, case, relief, change(case, relief, work.now), what, by)
        await work.commit()
        return after


async def _make_plan(work: Work, case: CaseFile, relief: Relief) -> Relief:
    """Relief from a running plan takes its place: the borrower asked for just this. Else it is an offer to accept.

    Where nothing may be agreed (a dispute, nobody to agree with), relief is quiet alone.
    """
    running = case.active_plan_id
    try:
        await refuse_where_nothing_may_be_agreed(work, replace(case, plan=None))
    except (CaseClosed, HoldStands):
        return relief
    limits = (await mandate_for(work, case)).limits
    outline = relief_outline(case, limits, relief, case.today(work.now))
    if running is None:
        reasons = ("relief_granted", "instalments_after_pause") if outline.pause_until else ("relief_granted",)
        offers = prepare(work, case, [Draft(outline, reasons)], round_=1)
        await work.offers.withdraw([case.case_id])
        await work.offers.add([put(work, case, offer) for offer in offers])
        return relief
    plan = (await work.plans.load([running]))[running]
    await work.plans.save([replace(plan, status="cancelled", ended_at=work.now)])
    await work.plans.stop_watching([running])
    case = replace(case, plan=CurrentPlan(running, "cancelled"))
    return replace(relief, plan_id=(await agree(work, case, outline, None, replaces=running)).plan_id)
