"""On hold.applied and hold.released: know which holds stand; the playbook's hold is a step of its run."""

from __future__ import annotations

from collections.abc import Sequence

from services.negotiation.application.ports import Step, Work
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.domain.case_file import Hold
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased


async def note_holds(work: Work, events: Sequence[Event[HoldApplied]]) -> None:
    # A hold that is prolonged is told again, perhaps within one batch: the last word counts.
    rows = {
        (body := event.body).hold_id: (body.case_id, body.creditor_id, Hold(body.kind, body.until, is_released=False))
        for event in events
    }
    await work.holds.apply([(hold_id, *row) for hold_id, row in rows.items()])
    playbook = {event.body.case_id: event for event in events if event.body.kind == "default_playbook"}
    if not playbook:
        return
    steps = []
    for case in (await work.cases.for_change(playbook)).values():
        if case.plan is not None and case.plan.status == "defaulted":
            event_id = playbook[case.case_id].event_id
            steps.append(Step(case.plan.plan_id, case.case_id, case.creditor_id, "hold_applied", work.now, event_id))
    await take_steps(work, steps)


async def note_releases(work: Work, events: Sequence[Event[HoldReleased]]) -> None:
    """A release may be heard before its hold; the hold then comes as released."""
    rows = {e.body.hold_id: (e.body.case_id, e.body.creditor_id, e.body.kind) for e in events}
    await work.holds.release([(hold_id, *row) for hold_id, row in rows.items()])
    playbook = {event.body.case_id: event for event in events if event.body.kind == "default_playbook"}
    if not playbook:
        return
    # A hold of an earlier run may be released after its plan healed and broke again: it says nothing of this run.
    cases = await work.cases.for_change(playbook)
    broken = [case for case in cases.values() if case.plan is not None and case.plan.status == "defaulted"]
    runs = await work.watch.runs({case.plan.plan_id for case in broken if case.plan is not None})
    steps = []
    for case in broken:
        event, run = playbook[case.case_id], runs.get(case.plan.plan_id) if case.plan is not None else None
        if run is not None and run.begun_at <= event.body.released_at:
            steps.append(Step(run.plan_id, case.case_id, case.creditor_id, "laddered", work.now, event.event_id))
    await take_steps(work, steps)
