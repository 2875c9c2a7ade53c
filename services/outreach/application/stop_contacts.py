"""A case has ended: no contact is planned any more, and what is reserved and not handed over is taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from services.outreach.application.ports import Work
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.envelope import Event
from shared.events.plan_completed import PlanCompleted


async def stop_recalled(work: Work, events: Sequence[Event[CaseRecalled]]) -> None:
    """case.recalled."""
    await _stop(work, {event.body.case_id for event in events}, "recalled")


async def stop_closed(work: Work, events: Sequence[Event[CaseClosed]]) -> None:
    """case.closed."""
    await _stop(work, {event.body.case_id for event in events}, "closed")


async def stop_completed(work: Work, events: Sequence[Event[PlanCompleted]]) -> None:
    """plan.completed: the plan is over and so is the case."""
    await work.files.follow_plans([(event.body.plan_id, event.body.case_id, 1) for event in events])
    await _stop(work, {event.body.case_id for event in events}, "closed")


async def _stop(work: Work, case_ids: Collection[UUID], status: str) -> None:
    known = await work.files.lock(case_ids)
    await work.files.set_status(known, status)
    await work.plans.end(known)
    await work.attempts.withdraw(known, work.now)
    await work.visits.call_off(known, status)
    await work.handovers.call_off(known, status)
