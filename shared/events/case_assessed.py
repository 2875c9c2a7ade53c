"""A case has been scored and given a strategy."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, MinorUnits, Producer
from shared.events.terms import ArrearsCause, RiskGrade, Stage


class CaseAssessed(EventBody):
    """Two scores, the grade, stage, segment and strategy that follow from them, with the reasons.

    For outreach (which ladder to run), negotiation (which offers to make). Said again whenever the facts change.
    """

    event_type: ClassVar[Literal["case.assessed"]] = "case.assessed"
    producer: ClassVar[Producer] = "assessment"

    case_id: UUID
    creditor_id: UUID
    assessment_id: UUID
    model: str = Field(max_length=64, description="name and version of the scorecard")
    trigger: str = Field(max_length=64, description="type of the event that caused this assessment")
    ability: int = Field(ge=0, le=100, description="ability to pay, points")
    willingness: int = Field(ge=0, le=100, description="willingness to pay, points")
    risk_grade: RiskGrade
    stage: Stage
    segment: Code
    strategy: Code
    arrears_cause: ArrearsCause
    is_vulnerable: bool = Field(description="care track: softest treatment only")
    affordable_monthly: MinorUnits | None = Field(description="estimate of what can be paid each month; null: unknown")
    reason_codes: tuple[Code, ...] = Field(max_length=16)
