"""A case has been assessed: start its strategy's ladder, or go on with another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.outreach.application.ports import Work
from services.outreach.application.records import Cause, PlannedContact
from services.outreach.domain.holds import playbook_ends_at
from services.outreach.domain.ladder import Ladders, Progress, change_strategy, start
from shared.events.case_assessed import CaseAssessed
from shared.events.default_detected import DefaultDetected
from shared.events.envelope import Event


async def plan_contacts(work: Work, ladders: Ladders, events: Sequence[Event[CaseAssessed]]) -> None:
    """case.assessed: only the last assessment of a case in the batch matters; a case that has ended gets no plan."""
    newest = {event.body.case_id: event for event in events}
    known = await work.files.lock(newest)
    await work.files.set_treatment(
        [(case_id, event.body.strategy, event.body.is_vulnerable) for case_id, event in newest.items()]
    )
    open_cases = await work.files.open_among(known)
    planned = await work.plans.load(known)
    plans = []
    for case_id in sorted(open_cases):
        event = newest[case_id]
        body, old = event.body, planned.get(case_id)
        ladder = ladders.of(body.strategy)
        if old is None:
            plans.append(
                PlannedContact(
                    case_id, known[case_id].person_id, start(ladder.strategy, work.now), None, cause_of(event)
                )
            )
        elif body.trigger == DefaultDetected.event_type:
            progress = _begin_anew(old, start(ladder.strategy, playbook_ends_at(work.now)))
            plans.append(replace(old, progress=progress, cause=cause_of(event)))
        elif old.progress.strategy != ladder.strategy:
            progress = change_strategy(old.progress, ladder, work.now)
            plans.append(replace(old, progress=progress, cause=cause_of(event)))
    await work.plans.save(plans)


def cause_of(event: Event[Any]) -> Cause:
    return Cause(event.event_id, event.correlation_id, event.traceparent)


def _begin_anew(old: PlannedContact, new: Progress) -> Progress:
    """The new ladder begins when the default playbook ends; an attempt that is under way is settled first."""
    is_under_way = old.attempt_id is not None and old.progress.due_at is None and not old.progress.is_waiting
    return replace(new, due_at=None) if is_under_way else new
