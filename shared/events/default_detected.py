"""A plan has been broken."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Currency, EventBody, MinorUnits, Moment, Producer


class DefaultDetected(EventBody):
    """An instalment stayed unpaid, wholly or in part, past its grace days. Stable public contract.

    Starts the default playbook: hold (outreach), re-assess (assessment), re-plan (negotiation), then the ladder.
    """

    event_type: ClassVar[Literal["default.detected"]] = "default.detected"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    plan_id: UUID
    instalment_number: int = Field(ge=1, le=600)
    due_on: date
    due: MinorUnits
    paid: MinorUnits
    currency: Currency
    kind: Literal["missed", "partial"]
    defaults_on_case: int = Field(ge=1, description="how many plans of this case have been broken, this one included")
    detected_at: Moment
