"""Relief has been granted with the lender's consent."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer


class ReliefGranted(EventBody):
    """Contact about payment stays suspended until the relief ends."""

    event_type: ClassVar[Literal["relief.granted"]] = "relief.granted"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    relief_id: UUID
    cause: Code
    form: Code = Field(description="an open list: pause, deferral, interest_freeze, reduced")
    plan_id: UUID | None = Field(description="the plan that the relief was made into; null: none")
    until: Moment = Field(description="when the relief ends by itself")
    review_on: date = Field(description="when the borrower's circumstances are looked at again")
    granted_at: Moment
