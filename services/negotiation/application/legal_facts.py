"""What a step in law is decided by: how the case stands, and until when a claim may be brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.domain.calendar import business_date
from services.negotiation.domain.case_file import CaseFile, Hold
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.legal.file import LegalFile
from services.negotiation.domain.legal.limitation import Limit, LimitationEvent, limitation, regime_of
from services.negotiation.domain.legal.stops import Circumstances


def circumstances(case: CaseFile, file: LegalFile | None, holds: Iterable[Hold], now: datetime) -> Circumstances:
    standing = frozenset(hold.kind for hold in holds if hold.stands(now))
    return Circumstances(
        balance=case.books.balance,
        holds=standing,
        closed=case.closed,
        has_active_plan=case.active_plan_id is not None,
        is_in_relief="hardship" in standing,
        is_vulnerable=case.assessment is not None and case.assessment.is_vulnerable,
        is_erased=case.is_erased,
        has_upheld_complaint=file is not None and file.has_upheld_complaint,
    )


async def circumstances_of(
    work: Work, cases: Mapping[UUID, CaseFile], files: Mapping[UUID, LegalFile]
) -> dict[UUID, Circumstances]:
    holds = await work.holds.of(list(cases))
    in_relief = {relief.case_id for relief in await work.reliefs.open_of(list(cases))}
    found = {
        case_id: circumstances(case, files.get(case_id), holds.get(case_id, []), work.now)
        for case_id, case in cases.items()
    }
    return {i: replace(each, is_in_relief=each.is_in_relief or i in in_relief) for i, each in found.items()}


async def limit_of(work: Work, case: CaseFile, file: LegalFile) -> Limit:
    """From the books and from what counsel's desk has recorded. Reversed payments count for nothing."""
    receipts, promises = await _receipts(work, case), await _promises(work, case)
    return limit_by(case, receipts, promises, file.jurisdiction, file.region, file.limitation_events)


async def is_time_barred(work: Work, case: CaseFile) -> bool | None:
    """Whether the time to claim is over today; None where that is not known. Counts what a legal file has recorded."""
    heads = await work.legal.of_case(case.case_id)
    if heads:
        limit = await limit_of(work, case, await work.legal.read(heads[0].legal_id))
    else:
        region = case.contract.region if case.contract is not None else None
        limit = limit_by(case, await _receipts(work, case), await _promises(work, case), case.jurisdiction, region)
    return None if limit.ends_on is None else limit.is_over(case.today(work.now))


async def _receipts(work: Work, case: CaseFile) -> list[Payment]:
    return (await work.ledger.payments([case.case_id])).get(case.case_id, [])


async def _promises(work: Work, case: CaseFile) -> list[tuple[datetime, UUID]]:
    plans = await work.plans.load([case.plan.plan_id]) if case.plan is not None else {}
    return [(plan.agreed_at, plan.plan_id) for plan in plans.values()]


def limit_by(
    case: CaseFile,
    payments: Iterable[Payment],
    agreed: Iterable[tuple[datetime, UUID]],
    jurisdiction: str,
    region: str | None,
    recorded: Iterable[LimitationEvent] = (),
) -> Limit:
    events = [
        LimitationEvent("part_payment", payment.received_on, str(payment.payment_id))
        for payment in payments
        if not payment.is_reversed
    ]
    events += [LimitationEvent("promise", _day(case, at), str(plan_id)) for at, plan_id in agreed]
    due_on = case.contract.oldest_due_on if case.contract is not None else None
    return limitation(due_on, [*events, *recorded], regime_of(jurisdiction, region))


def _day(case: CaseFile, at: datetime) -> date:
    return business_date(at, case.zones)
