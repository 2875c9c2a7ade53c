"""A borrower disputes the debt."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, MinorUnits, Moment, Producer


class DisputeOpened(EventBody):
    """The debt or a part of it is denied or questioned; demands stop until it is answered."""

    event_type: ClassVar[Literal["dispute.opened"]] = "dispute.opened"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    dispute_id: UUID
    ground: Code
    opened_at: Moment
    received_by: Code | None = Field(default=None, description="the way it came: reply, portal, letter, regulator ...")
    reopens: UUID | None = Field(default=None, description="the closed dispute that it takes up again")
    disputed: MinorUnits | None = Field(default=None, description="the disputed part; null: all that is owed")
