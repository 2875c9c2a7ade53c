"""What is known of a person has changed."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Producer
from shared.events.terms import ContactPoint


class PersonUpdated(EventBody):
    """The contact points of a person as they are now, without the addresses."""

    event_type: ClassVar[Literal["person.updated"]] = "person.updated"
    producer: ClassVar[Producer] = "intake"
    key_field: ClassVar[Literal["case_id", "person_id"]] = "person_id"

    person_id: UUID
    creditor_id: UUID
    case_ids: tuple[UUID, ...] = Field(max_length=100)
    contact_points: tuple[ContactPoint, ...] = Field(max_length=20)
