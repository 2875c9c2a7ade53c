"""A request for relief, or relief itself, has ended."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer


class ReliefEnded(EventBody):
    """What was suspended because of it may go on, unless something else holds it."""

    event_type: ClassVar[Literal["relief.ended"]] = "relief.ended"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    relief_id: UUID
    outcome: Code = Field(description="an open list: refused, withdrawn, lapsed, expired, reviewed, cancelled")
    reasons: tuple[Code, ...] = Field(max_length=16)
    ended_at: Moment
