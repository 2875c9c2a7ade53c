"""The lender says that money came in."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Currency, EventBody, Producer


class PaymentReported(EventBody):
    """A payment that the lender received; the ledger posts it."""

    event_type: ClassVar[Literal["payment.reported"]] = "payment.reported"
    producer: ClassVar[Producer] = "intake"

    case_id: UUID
    creditor_id: UUID
    payment_id: UUID
    amount: int = Field(gt=0, le=10**15, description="minor units")
    currency: Currency
    received_on: date
    reverses_payment_id: UUID | None = Field(description="this report takes back an earlier payment in full")
