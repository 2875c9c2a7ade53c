"""A placed record was refused."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Part, Producer


class RejectionReason(Part):
    """Why, and where in the record (a JSON pointer)."""

    code: Code
    pointer: str = Field(max_length=200)


class CaseRejected(EventBody):
    """A lender's record did not pass intake's checks; `case_id` names the refused record, no case exists.

    For reporting (funnel, reasons by lender). Reasons are codes and places, never values.
    """

    event_type: ClassVar[Literal["case.rejected"]] = "case.rejected"
    producer: ClassVar[Producer] = "intake"

    case_id: UUID
    creditor_id: UUID
    batch_id: UUID
    record_number: int = Field(ge=1, description="position in the placement, from 1")
    reasons: tuple[RejectionReason, ...] = Field(min_length=1, max_length=100)
