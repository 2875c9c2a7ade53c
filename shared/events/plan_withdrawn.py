"""The borrower has withdrawn from a plan in time."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import EventBody, Moment, Producer


class PlanWithdrawn(EventBody):
    """A plan agreed within its cooling-off is as if it had never been; what was paid stays booked."""

    event_type: ClassVar[Literal["plan.withdrawn"]] = "plan.withdrawn"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    plan_id: UUID
    is_refund_asked: bool = Field(description="whether the borrower wants back what was paid under the plan")
    withdrawn_at: Moment
