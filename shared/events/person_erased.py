"""A person's data have been erased."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Moment, Producer


class PersonErased(EventBody):
    """Names, addresses, key and indexes are gone from the vault; every service forgets what it derived from them."""

    event_type: ClassVar[Literal["person.erased"]] = "person.erased"
    producer: ClassVar[Producer] = "intake"
    key_field: ClassVar[Literal["case_id", "person_id"]] = "person_id"

    person_id: UUID
    creditor_id: UUID
    case_ids: tuple[UUID, ...] = Field(max_length=100)
    erased_at: Moment
