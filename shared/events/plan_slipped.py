"""A running plan shows an early sign of trouble."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer


class PlanSlipped(EventBody):
    """A signal, not a default: nothing is broken yet. For assessment (to look again) and for care before a default."""

    event_type: ClassVar[Literal["plan.slipped"]] = "plan.slipped"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    plan_id: UUID | None = Field(description="null: a sign outside of any plan, such as promises that come to nothing")
    signal: Code = Field(
        description="an open list: later_each_time, smaller_each_time, partial_on_due_date, serial_promises"
    )
    instalment_number: int | None = Field(ge=1, le=600)
    count: int = Field(ge=1, le=1_000, description="how often the sign was seen in a row")
    slipped_at: Moment
