"""A dispute has been answered."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from shared.events.body import EventBody, Moment, Producer


class DisputeClosed(EventBody):
    """The dispute has its outcome and the borrower has been sent the answer."""

    event_type: ClassVar[Literal["dispute.closed"]] = "dispute.closed"
    producer: ClassVar[Producer] = "outreach"

    case_id: UUID
    creditor_id: UUID
    dispute_id: UUID
    outcome: Literal["debt_verified", "debt_corrected", "debt_withdrawn", "withdrawn"]
    closed_at: Moment
