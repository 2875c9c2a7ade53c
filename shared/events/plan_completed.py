"""A plan has been kept to the end."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from shared.events.body import Currency, EventBody, MinorUnits, Moment, Producer


class PlanCompleted(EventBody):
    """Every instalment is paid; what the terms waive is waived."""

    event_type: ClassVar[Literal["plan.completed"]] = "plan.completed"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    plan_id: UUID
    paid: MinorUnits
    waived: MinorUnits
    currency: Currency
    completed_at: Moment
