"""Contact on a case is suspended."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Moment, Producer
from shared.events.terms import HoldKind


class HoldApplied(EventBody):
    """No contact may leave for this case while the hold stands."""

    event_type: ClassVar[Literal["hold.applied"]] = "hold.applied"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    hold_id: UUID
    kind: HoldKind
    until: Moment | None = Field(description="when it ends by itself; null: when somebody releases it")
    cause_event_type: str | None = Field(max_length=64)
    applied_at: Moment
