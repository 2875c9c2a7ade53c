"""One assessment: facts in, scores and treatment out. The same facts on the same day give the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.assessment.domain.affordability import affordable_monthly_minor_units
from services.assessment.domain.case_facts import CaseFacts
from services.assessment.domain.measures import measures_of
from services.assessment.domain.scorecard import Points, Scorecard, leading_codes, score
from services.assessment.domain.terms import ArrearsCause, RiskGrade, Stage
from services.assessment.domain.treatment import CARE, CareTrackLeft, ChooseTreatment, TreatmentQuestion


@dataclass(frozen=True, slots=True)
class Model:
    """A scorecard and a strategy table in fixed versions. `sha256` is over both; `name` fits the contract."""

    name: str
    sha256: str
    scorecard: Scorecard
    choose: ChooseTreatment


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result. `reason_codes` are the strategy table's rule and then the points that weigh most."""

    ability: int
    willingness: int
    risk_grade: RiskGrade
    stage: Stage
    segment: str
    strategy: str
    arrears_cause: ArrearsCause
    is_vulnerable: bool
    affordable_monthly_minor_units: int | None
    reason_codes: tuple[str, ...]
    points: tuple[Points, ...]

    @property
    def treatment_key(self) -> str:
        """What others act upon. `case.assessed` is said again when this changes, and not for a point more or less."""
        acted_upon = (
            self.risk_grade,
            self.stage,
            self.segment,
            self.strategy,
            self.arrears_cause,
            self.is_vulnerable,
            self.affordable_monthly_minor_units,
        )
        return "|".join(map(str, acted_upon))


def assess(facts: CaseFacts, model: Model, today: date) -> Assessment:
    """Assess a case on a business date. Raises CareTrackLeft where the strategy table breaks the care rule."""
    scorecard = model.scorecard
    points = scorecard.points(measures_of(facts, today))
    ability, willingness = score(points, "ability"), score(points, "willingness")
    question = TreatmentQuestion(
        ability=ability,
        willingness=willingness,
        risk_grade=scorecard.grade(ability, willingness),
        stage=scorecard.stage(facts.days_past_due(today)),
        arrears_cause=facts.arrears_cause,
        is_vulnerable=facts.is_vulnerable,
        plan_state=facts.plan_state,
    )
    treatment = model.choose(question)
    if question.is_vulnerable and treatment.strategy != CARE:
        raise CareTrackLeft(f"rule {treatment.rule} gives {treatment.strategy} to a vulnerable case")
    return Assessment(
        ability=ability,
        willingness=willingness,
        risk_grade=question.risk_grade,
        stage=question.stage,
        segment=treatment.segment,
        strategy=treatment.strategy,
        arrears_cause=question.arrears_cause,
        is_vulnerable=question.is_vulnerable,
        affordable_monthly_minor_units=affordable_monthly_minor_units(facts, scorecard.affordability),
        reason_codes=(treatment.rule, *leading_codes(points, scorecard.reasons_max - 1)),
        points=tuple(points),
    )
