"""A hold has ended."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from shared.events.body import Code, EventBody, Moment, Producer
from shared.events.terms import HoldKind


class HoldReleased(EventBody):
    """The hold no longer stands; other holds on the case may."""

    event_type: ClassVar[Literal["hold.released"]] = "hold.released"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    hold_id: UUID
    kind: HoldKind
    reason: Code
    released_at: Moment
