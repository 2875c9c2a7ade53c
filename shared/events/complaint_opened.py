"""A borrower complains."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, EventBody, Moment, Producer


class ComplaintOpened(EventBody):
    """A complaint about conduct; contact is on hold until it is closed."""

    event_type: ClassVar[Literal["complaint.opened"]] = "complaint.opened"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    complaint_id: UUID
    category: Code
    answer_due_at: Moment
    opened_at: Moment
    received_by: Code | None = Field(default=None, description="the way it came: reply, portal, letter, regulator ...")
    reopens: UUID | None = Field(default=None, description="the closed complaint that it takes up again")
