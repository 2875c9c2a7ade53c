"""The facts of a case have changed at the creditor."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Producer
from shared.events.terms import Balance, ContactPoint, Mandate


class CaseUpdated(EventBody):
    """The whole current facts that may change after placement; what is null stays as it was."""

    event_type: ClassVar[Literal["case.updated"]] = "case.updated"
    producer: ClassVar[Producer] = "intake"

    case_id: UUID
    creditor_id: UUID
    balance: Balance | None
    days_past_due: int | None = Field(ge=0, le=20_000)
    contact_points: tuple[ContactPoint, ...] | None = Field(max_length=20)
    mandate: Mandate | None
