"""The agency has made the borrower an offer."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer
from shared.events.terms import Terms


class PlanProposed(EventBody):
    """An offer inside the creditor's mandate, with the reasons why it is made."""

    event_type: ClassVar[Literal["plan.proposed"]] = "plan.proposed"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    offer_id: UUID
    round: int = Field(ge=1, le=100)
    terms: Terms
    reasons: tuple[Code, ...] = Field(min_length=1, max_length=16)
    expires_at: Moment
