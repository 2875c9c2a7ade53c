"""A plan has been agreed, withdrawn from or broken: no demand while it is kept; after a default a pause comes first."""

from __future__ import annotations

from collections.abc import Sequence

from services.outreach.application.apply_holds import put_on_hold
from services.outreach.application.ports import Work
from services.outreach.application.records import NewHold
from services.outreach.application.remind_instalments import note_instalments
from services.outreach.domain.holds import playbook_ends_at
from shared.events.default_detected import DefaultDetected
from shared.events.envelope import Event
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.kernel.identifiers import new_id

KEPT, OVER = 0, 1


async def follow_agreed_plans(work: Work, events: Sequence[Event[PlanAgreed]]) -> None:
    """plan.agreed: may come after the plan's default or completion, which then stands."""
    known = await work.files.lock({event.body.case_id for event in events})
    states = [(event.body.plan_id, event.body.case_id, KEPT) for event in events]
    replaced = [
        (event.body.replaces_plan_id, event.body.case_id, OVER)
        for event in events
        if event.body.replaces_plan_id is not None
    ]
    await work.files.follow_plans([*states, *replaced])
    await work.attempts.withdraw(known, work.now)
    await note_instalments(work, events)


async def follow_withdrawals(work: Work, events: Sequence[Event[PlanWithdrawn]]) -> None:
    """plan.withdrawn: as if the plan had never been, also where it is heard before its plan.agreed.

    Nobody is reminded of its instalments any more, also not by what is reserved already; the ladder, which had nothing
    to ask for while the plan was kept, asks the gate again. A later plan goes on being kept.
    """
    known = await work.files.lock({event.body.case_id for event in events})
    await work.files.follow_plans([(event.body.plan_id, event.body.case_id, OVER) for event in events])
    await work.attempts.withdraw(known, work.now)
    await work.plans.wake(known, work.now)


async def follow_defaults(work: Work, events: Sequence[Event[DefaultDetected]]) -> None:
    """default.detected: hold the case while it is re-assessed and re-planned; then its ladder goes on."""
    known = await work.files.lock({event.body.case_id for event in events})
    await work.files.follow_plans([(event.body.plan_id, event.body.case_id, OVER) for event in events])
    for event in events:
        key = known[event.body.case_id]
        hold = NewHold(
            hold_id=new_id(),
            case_id=key.case_id,
            creditor_id=key.creditor_id,
            kind="default_playbook",
            until=playbook_ends_at(work.now),
            cause_event_type=event.event_type,
        )
        await put_on_hold(work, [hold], caused_by=event)
    # Not at once: the question would only be answered with the hold.
    await work.plans.wake(known, playbook_ends_at(work.now))
