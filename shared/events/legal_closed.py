"""A legal file has been closed."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer


class LegalClosed(EventBody):
    """Nothing is pursued in law any more."""

    event_type: ClassVar[Literal["legal.closed"]] = "legal.closed"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    legal_id: UUID
    outcome: Code = Field(description="an open list: satisfied, settled, stopped, returned, refused, time_barred, lost")
    reasons: tuple[Code, ...] = Field(max_length=16)
    closed_at: Moment
