"""What the HTTP interface answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from services.assessment.application.list_assessments import CaseAssessments
from services.assessment.application.ports import KeptAssessment, Reasons


class ReasonText(BaseModel):
    """A reason code with its texts."""

    code: str
    en: str
    zh: str


class GivenPoints(BaseModel):
    """Points on one axis and the fact they were given for; `value` is the fact as it was then."""

    axis: str
    fact: str
    value: str
    points: int
    reason: ReasonText


class AssessmentAnswer(BaseModel):
    """One assessment; the points of an axis sum to its score, which is kept within 0 and 100."""

    assessment_id: UUID
    assessed_at: AwareDatetime
    trigger: str = Field(description="type of the event that caused it")
    model: str
    model_sha256: str
    sha256: str = Field(description="over the result: the same facts on the same day give the same")
    is_announced: bool
    ability: int
    willingness: int
    risk_grade: str
    stage: str
    segment: str
    strategy: str
    arrears_cause: str
    is_vulnerable: bool
    affordable_monthly_minor_units: int | None
    reasons: list[ReasonText]
    points: list[GivenPoints]


class CaseAssessmentsAnswer(BaseModel):
    """A case's assessments, newest first."""

    case_id: UUID
    creditor_id: UUID
    status: str
    currency: str
    assessments: list[AssessmentAnswer]


class ScorecardAnswer(BaseModel):
    """The model in use, whole: everything that decides an assessment besides the facts."""

    model: str
    sha256: str
    scorecard: dict[str, Any]
    treatment: dict[str, Any] = Field(description="strategy table as a GoRules JDM document")


def reason_text(reasons: Reasons, code: str) -> ReasonText:
    text: Mapping[str, str] = reasons.text(code)
    return ReasonText(code=code, en=text["en"], zh=text["zh"])


def case_answer(found: CaseAssessments, reasons: Reasons) -> CaseAssessmentsAnswer:
    return CaseAssessmentsAnswer(
        case_id=found.file.case_id,
        creditor_id=found.file.creditor_id,
        status=found.file.status,
        currency=found.file.facts.currency,
        assessments=[_answer(kept, reasons) for kept in found.assessments],
    )


def _answer(kept: KeptAssessment, reasons: Reasons) -> AssessmentAnswer:
    result = kept.assessment
    return AssessmentAnswer(
        assessment_id=kept.assessment_id,
        assessed_at=kept.assessed_at,
        trigger=kept.trigger,
        model=kept.model,
        model_sha256=kept.model_sha256,
        sha256=kept.sha256,
        is_announced=kept.is_announced,
        ability=result.ability,
        willingness=result.willingness,
        risk_grade=result.risk_grade,
        stage=result.stage,
        segment=result.segment,
        strategy=result.strategy,
        arrears_cause=result.arrears_cause,
        is_vulnerable=result.is_vulnerable,
        affordable_monthly_minor_units=result.affordable_monthly_minor_units,
        reasons=[reason_text(reasons, code) for code in result.reason_codes],
        points=[
            GivenPoints(
                axis=p.axis, fact=p.measure, value=p.value, points=p.points, reason=reason_text(reasons, p.code)
            )
            for p in result.points
        ],
    )
