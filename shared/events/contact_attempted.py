"""A contact left, after an allow decision."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, PackName, Producer, Sha256
from shared.events.terms import Channel, Rung


class ContactAttempted(EventBody):
    """One attempt to reach the borrower, with the decision that allowed it. Stable public contract.

    `decision_id`, `facts_hash` and `pack_hash` let an outsider re-run the decision from an export.
    """

    event_type: ClassVar[Literal["contact.attempted"]] = "contact.attempted"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    person_id: UUID
    attempt_id: UUID
    contact_point_id: UUID
    channel: Channel
    rung: Rung = Field(description="step of the escalation ladder")
    template: Code = Field(description="the version of the template that was used, as code.vN")
    decision_id: UUID
    facts_hash: Sha256
    pack_hash: Sha256
    packs: tuple[PackName, ...] = Field(min_length=1, max_length=8, description="rule packs applied, name@version")
    outcome: Literal["sent", "delivered", "conversation", "no_answer", "not_connected", "failed", "unknown"]
    counts: bool = Field(description="whether it counts against frequency caps; only proven non-delivery does not")
    attempted_at: Moment
    chain_position: int | None = Field(
        default=None, ge=1, description="the decision's place in the chain of its case's decisions"
    )
    chain_hash: Sha256 | None = Field(
        default=None, description="binds this decision to all before it of its case; whoever keeps it anchors them"
    )
    content_hash: Sha256 | None = Field(
        default=None, description="SHA-256 of subject, line feed and text as sent; null: nothing was written"
    )
