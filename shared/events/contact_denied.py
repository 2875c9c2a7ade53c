"""A contact was refused by the gate."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Moment, PackName, Producer, Sha256
from shared.events.terms import Channel, RuleFired, Rung


class ContactDenied(EventBody):
    """A proposed contact that the rules do not permit now, with the rules and their clauses."""

    event_type: ClassVar[Literal["contact.denied"]] = "contact.denied"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    person_id: UUID
    contact_point_id: UUID | None
    channel: Channel
    rung: Rung
    decision_id: UUID
    verdict: Literal["deny", "review"]
    rules: tuple[RuleFired, ...] = Field(min_length=1, max_length=32)
    facts_hash: Sha256
    pack_hash: Sha256
    packs: tuple[PackName, ...] = Field(max_length=8)
    until: Moment | None = Field(description="when it may be asked again; null: not by waiting alone")
    denied_at: Moment
    chain_position: int | None = Field(
        default=None, ge=1, description="the decision's place in the chain of its case's decisions"
    )
    chain_hash: Sha256 | None = Field(
        default=None, description="binds this decision to all before it of its case; whoever keeps it anchors them"
    )
