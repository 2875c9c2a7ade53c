"""Early signs: looked for when money or a promise came, and when a due date or a promised day is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Plan, Work
from services.negotiation.application.watch_metrics import SLIPPED
from services.negotiation.application.watch_ports import SeenSignal
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.watch.slippage import Promise, next_look, signals
from shared.events.borrower_replied import BorrowerReplied
from shared.events.envelope import Event
from shared.events.plan_slipped import PlanSlipped

BATCH_MAX = 500


async def note_promises(work: Work, cases: dict[UUID, CaseFile], events: Sequence[Event[BorrowerReplied]]) -> None:
    """Remember what was promised and when; the cases are locked. A promise without a day binds nobody to one."""
    promises = [
        Promise(
            reply_id=event.body.reply_id,
            case_id=event.body.case_id,
            creditor_id=event.body.creditor_id,
            promised_on=event.body.promised_on,
            amount=event.body.promised,
            made_on=cases[event.body.case_id].today(event.body.received_at),
            made_at=event.body.received_at,
        )
        for event in events
        if event.body.intent == "promise" and event.body.promised_on is not None
    ]
    await work.watch.promise(promises)
    await work.watch.look([cases[case_id] for case_id in {promise.case_id for promise in promises}])


async def watch_slippage(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """Look at up to `limit` cases in one transaction; answers with how many were looked at."""
    async with begin() as work:
        case_ids = await work.watch.lock_due(limit)
        if not case_ids:
            return 0
        cases = await work.cases.for_change(case_ids)
        plans = await work.plans.load({c.plan.plan_id for c in cases.values() if c.plan is not None})
        payments = await work.ledger.payments(cases)
        promises = await work.watch.promises(cases)
        seen = await work.watch.seen(cases)
        fresh: list[SeenSignal] = []
        looks: dict[UUID, datetime | None] = {}
        for case in cases.values():
            plan = plans.get(case.active_plan_id) if case.active_plan_id is not None else None
            if case.closed is not None:
                looks[case.case_id] = None
                continue
            theirs, promised = payments.get(case.case_id, []), promises.get(case.case_id, [])
            found = _signals(case, plan, theirs, promised, work.now)
            fresh += [signal for signal in found if signal.key not in seen]
            looks[case.case_id] = next_look(plan.terms if plan is not None else None, promised, work.now, case.zones)
        for signal in fresh:
            work.announce(_slipped(signal))
        await work.watch.record(fresh)
        await work.watch.look(list(cases.values()), looks)
        await work.commit()
    for signal in fresh:
        SLIPPED.labels(signal.signal.sign).inc()
    return len(cases)


def _signals(
    case: CaseFile, plan: Plan | None, payments: Sequence[Payment], promises: Sequence[Promise], now: datetime
) -> list[SeenSignal]:
    plan_id = plan.plan_id if plan is not None else None
    counted = [payment for payment in payments if payment.plan_id == plan_id]
    terms = plan.terms if plan is not None else None
    return [
        SeenSignal(case.case_id, case.creditor_id, plan_id, signal, now)
        for signal in signals(terms, counted, payments, promises, now, case.zones)
    ]


def _slipped(seen: SeenSignal) -> PlanSlipped:
    return PlanSlipped(
        case_id=seen.case_id,
        creditor_id=seen.creditor_id,
        plan_id=seen.plan_id,
        signal=seen.signal.sign,
        instalment_number=seen.signal.instalment_number,
        count=seen.signal.count,
        slipped_at=seen.slipped_at,
    )
