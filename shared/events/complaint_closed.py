"""A complaint has been answered."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer


class ComplaintClosed(EventBody):
    """The complaint has its outcome and the borrower has been told."""

    event_type: ClassVar[Literal["complaint.closed"]] = "complaint.closed"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    complaint_id: UUID
    outcome: Literal["upheld", "partly_upheld", "not_upheld", "withdrawn"]
    closed_at: Moment
    root_cause: Code | None = Field(default=None, description="what was found at the root of it")
