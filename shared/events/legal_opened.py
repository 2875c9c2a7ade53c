"""A legal file has been opened for a case."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Moment, Producer, Sha256
from shared.events.terms import Jurisdiction


class LegalOpened(EventBody):
    """Softer steps have failed and are proven by the hand-over; nothing has been filed yet."""

    event_type: ClassVar[Literal["legal.opened"]] = "legal.opened"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    legal_id: UUID
    handover_id: UUID = Field(description="the hand-over whose evidence the file stands on")
    proof_hash: Sha256 = Field(description="over the evidence of the softer steps")
    jurisdiction: Jurisdiction
    limitation_ends_on: date | None = Field(description="last day on which a claim may be brought; null: not known")
    opened_at: Moment
