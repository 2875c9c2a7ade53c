"""A counter-offer was made and answered."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Producer
from shared.events.terms import Party, Terms


class PlanCountered(EventBody):
    """The borrower proposed other terms; the agency's answer always comes with its reasons."""

    event_type: ClassVar[Literal["plan.countered"]] = "plan.countered"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    counter_id: UUID
    offer_id: UUID | None
    round: int = Field(ge=1, le=100)
    by: Party
    terms: Terms
    answer: Literal["accepted", "refused", "countered"]
    reasons: tuple[Code, ...] = Field(min_length=1, max_length=16)
    spoken_by: Code | None = Field(
        default=None, description="who spoke for the party, an open list: borrower, adviser, software; null: not said"
    )
