"""A legal file has moved on."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer, Sha256


class LegalAdvanced(EventBody):
    """Every step names what it stands on: from letter before action on, counsel's signature."""

    event_type: ClassVar[Literal["legal.advanced"]] = "legal.advanced"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    legal_id: UUID
    step: Code = Field(
        description="an open list: letter_before_action, mediation, arbitration, suit, hearing, judgment, enforcement; "
        "and halted or resumed, which are where the file stands still and goes on, not steps in law"
    )
    counsel_signature_hash: Sha256 | None = Field(description="null: a step that needs no signature")
    documents_hash: Sha256 | None = Field(description="over the documents of the step")
    respond_by: date | None = Field(description="last day on which the borrower may answer; null: none runs")
    advanced_at: Moment
