"""All work on a case has ended."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Moment, Producer


class CaseClosed(EventBody):
    """The debt is cleared or the case has gone back; nobody may contact the borrower about it any more."""

    event_type: ClassVar[Literal["case.closed"]] = "case.closed"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    reason: Literal["paid_in_full", "plan_completed", "recalled"]
    closed_at: Moment
    clearance_code: str | None = Field(max_length=64, description="code of the clearance letter; null: not cleared")
