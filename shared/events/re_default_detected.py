"""A borrower whose debt was cured is in arrears again."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer
from shared.events.terms import ArrearsCause


class ReDefaultDetected(EventBody):
    """Within twelve months of a cure. For lessons: by cause of arrears and by treatment."""

    event_type: ClassVar[Literal["re_default.detected"]] = "re_default.detected"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    watch_id: UUID
    again_case_id: UUID | None = Field(description="the new case of the same person; null: the cure itself was undone")
    cured_at: Moment
    within_months: Literal[6, 12]
    arrears_cause: ArrearsCause
    treatment: Code = Field(description="form of the plan that cured it, or paid_in_full")
    detected_at: Moment
