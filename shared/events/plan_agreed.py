"""Borrower and agency have agreed a plan."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer, Sha256
from shared.events.terms import Terms


class PlanAgreed(EventBody):
    """Sealed terms that both sides accepted. Stable public contract.

    `terms_hash` is SHA-256 over the RFC 8785 form of `terms`; the borrower's copy shows the same hash.
    """

    event_type: ClassVar[Literal["plan.agreed"]] = "plan.agreed"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    plan_id: UUID
    offer_id: UUID | None
    terms: Terms
    terms_hash: Sha256
    agreed_at: Moment
    replaces_plan_id: UUID | None = Field(default=None, description="the plan this one takes the place of")
    is_resumed: bool = Field(
        default=False,
        description="said again for a plan that had been declared broken and was kept: a payment was reported late; "
        "agreed_at is then the moment of resuming",
    )
    cooling_off_until: Moment | None = Field(
        default=None, description="until when the borrower may withdraw without giving a reason; null: not at all"
    )
    document_hash: Sha256 | None = Field(
        default=None, description="SHA-256 of the sealed PDF that the borrower got; null: none was made"
    )
    genuineness_code: Code | None = Field(default=None, description="code that proves the document to anybody")
