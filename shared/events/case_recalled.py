"""The creditor takes a case back."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from shared.events.body import EventBody, Moment, Producer


class CaseRecalled(EventBody):
    """From now on no contact may leave for this case, and no new plan may be agreed."""

    event_type: ClassVar[Literal["case.recalled"]] = "case.recalled"
    producer: ClassVar[Producer] = "intake"

    case_id: UUID
    creditor_id: UUID
    reason: Literal["paid_creditor", "placed_in_error", "sold", "legal_action", "borrower_request", "other"]
    recalled_at: Moment
