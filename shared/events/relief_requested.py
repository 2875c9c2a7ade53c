"""The borrower asks for relief in hardship."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer


class ReliefRequested(EventBody):
    """From now until a decision contact about payment is suspended."""

    event_type: ClassVar[Literal["relief.requested"]] = "relief.requested"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    relief_id: UUID
    cause: Code = Field(description="an open list: job_loss, illness, disaster, bereavement")
    months_asked: int = Field(ge=1, le=24)
    decide_by: Moment = Field(description="when the request ends by itself if nobody decides")
    requested_at: Moment
