"""What was heard of the plans of a case, plan by plan: news may come in any order, and a plan be withdrawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.assessment.domain.terms import PlanState

NEVER = ""
Happening = Literal["agreed_at", "broken_at", "completed_at"]


@dataclass(frozen=True, slots=True)
class PlanNews:
    """The latest moment of each thing that happened to one plan, as text that sorts as moments do; "" = not heard."""

    plan_id: str
    agreed_at: str = NEVER
    broken_at: str = NEVER
    completed_at: str = NEVER
    is_withdrawn: bool = False
    is_replaced: bool = False
    """Another plan took its place: it is not running any more, whatever becomes of the other."""


Plans = tuple[PlanNews, ...]
"""By plan id, so that the same news give the same plans in whatever order they come."""


def with_news(plans: Plans, plan_id: str, happening: Happening, at: datetime) -> Plans:
    """A plan is agreed again where it had been declared broken and is resumed: the later moment counts."""
    plan = _find(plans, plan_id)
    latest = max(getattr(plan, happening), at.isoformat(timespec="microseconds"))
    return _put(plans, replace(plan, **{happening: latest}))


def with_withdrawal(plans: Plans, plan_id: str) -> Plans:
    """Whatever else was or will be heard of this plan, it is as if it had never been."""
    return _put(plans, replace(_find(plans, plan_id), is_withdrawn=True))


def with_replacement(plans: Plans, plan_id: str) -> Plans:
    return _put(plans, replace(_find(plans, plan_id), is_replaced=True))


def state_of(plans: Sequence[PlanNews]) -> PlanState:
    """What was heard last; of one moment, agreeing goes over breaking and completing over both.

    By moments and not by counts: a plan that was declared broken may be resumed, and be broken again.
    """
    standing = [plan for plan in plans if not plan.is_withdrawn]
    agreed = max((plan.agreed_at for plan in standing if not plan.is_replaced), default=NEVER)
    completed = max((plan.completed_at for plan in standing), default=NEVER)
    newest = max(agreed, completed, *(plan.broken_at for plan in standing))
    if newest == NEVER:
        return "none"
    if newest == completed:
        return "completed"
    return "running" if newest == agreed else "broken"


def _find(plans: Plans, plan_id: str) -> PlanNews:
    return next((plan for plan in plans if plan.plan_id == plan_id), PlanNews(plan_id))


def _put(plans: Plans, changed: PlanNews) -> Plans:
    others = [plan for plan in plans if plan.plan_id != changed.plan_id]
    return tuple(sorted([*others, changed], key=lambda plan: plan.plan_id))
