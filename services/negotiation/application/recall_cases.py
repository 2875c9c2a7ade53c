"""On case.recalled: end the running plan, withdraw the offers, close the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.negotiation.application.booking_run import BookingRun
from services.negotiation.application.ports import Work
from shared.events.case_recalled import CaseRecalled
from shared.events.envelope import Event


async def recall_cases(work: Work, events: Sequence[Event[CaseRecalled]]) -> None:
    run = await BookingRun.open(work, {event.body.case_id for event in events})
    for event in events:
        case = run.cases[event.body.case_id]
        if case.closed is not None:
            continue
        plan = run.plan_of(case)
        if plan is not None and plan.status == "active":
            case = run.change_plan(case, replace(plan, status="cancelled", ended_at=work.now))
        run.close(case, "recalled", event)
    await run.save()
