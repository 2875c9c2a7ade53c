"""Follow what the other stages do with a case: whether a plan is kept, what holds stand, when the work has ended.

Each keeps the latest moment of its kind, and what is withdrawn by plan, so that events of different topics may come in
any order.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.intake.application.ports import Work
from services.intake.application.rows import AgreedPlanRow, HoldRow
from services.intake.domain.case import PlanHistory
from shared.events.case_closed import CaseClosed
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_withdrawn import PlanWithdrawn

PLAN_BROKEN = "default_playbook"
"""The hold that the default playbook starts with: from then on the plan is not being kept."""


async def note_agreed_plans(work: Work, plans: Sequence[PlanAgreed]) -> None:
    """Said again where a broken plan is resumed: the later moment counts."""
    agreed = [AgreedPlanRow(plan.plan_id, plan.case_id, plan.agreed_at) for plan in plans]
    # What another took the place of is not kept any more, whatever becomes of the other.
    replaced = [
        AgreedPlanRow(plan.replaces_plan_id, plan.case_id, withdrawn_at=plan.agreed_at)
        for plan in plans
        if plan.replaces_plan_id is not None
    ]
    await work.cases.note_agreements([*agreed, *replaced])


async def note_withdrawn_plans(work: Work, plans: Sequence[PlanWithdrawn]) -> None:
    """The case is as if the plan had never been: it guards nothing, and a later plan guards as before."""
    await work.cases.note_agreements(
        [AgreedPlanRow(plan.plan_id, plan.case_id, withdrawn_at=plan.withdrawn_at) for plan in plans]
    )


async def note_completed_plans(work: Work, plans: Sequence[PlanCompleted]) -> None:
    completed = {plan.case_id: plan.completed_at for plan in sorted(plans, key=lambda plan: plan.completed_at)}
    await work.cases.note_plans({case_id: PlanHistory(completed_at=at) for case_id, at in completed.items()})


async def note_applied_holds(work: Work, holds: Sequence[HoldApplied]) -> None:
    await work.cases.note_holds(
        [HoldRow(hold.hold_id, hold.case_id, hold.kind, hold.until, hold.applied_at) for hold in holds]
    )
    broken = {
        hold.case_id: hold.applied_at
        for hold in sorted(holds, key=lambda hold: hold.applied_at)
        if hold.kind == PLAN_BROKEN
    }
    await work.cases.note_plans({case_id: PlanHistory(broken_at=at) for case_id, at in broken.items()})


async def note_released_holds(work: Work, releases: Sequence[HoldReleased]) -> None:
    await work.cases.note_releases({hold.hold_id: (hold.case_id, hold.released_at) for hold in releases})


async def end_placements(work: Work, closed: Sequence[CaseClosed]) -> None:
    """The account may be placed again from now on."""
    await work.cases.close({case.case_id: case.closed_at for case in closed})
