"""Which segment a case belongs to and which strategy it gets: a question with all its answers named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.assessment.domain.terms import ArrearsCause, PlanState, RiskGrade, Stage

STRATEGIES = ("gentle_reminder", "standard", "firm", "care", "plan_rescue")
CARE = "care"


@dataclass(frozen=True, slots=True)
class TreatmentQuestion:
    """Everything a strategy table may look at."""

    ability: int
    willingness: int
    risk_grade: RiskGrade
    stage: Stage
    arrears_cause: ArrearsCause
    is_vulnerable: bool
    plan_state: PlanState


@dataclass(frozen=True, slots=True)
class Treatment:
    """The row that spoke. `rule` names it and is a reason code."""

    segment: str
    strategy: str
    rule: str


ChooseTreatment = Callable[[TreatmentQuestion], Treatment]


class CareTrackLeft(ValueError):
    """A strategy table sent a vulnerable case anywhere but to the care track: the table is wrong, not the case."""
