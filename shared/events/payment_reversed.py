"""A booked payment has been taken back."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Code, Currency, EventBody, MinorUnits, Moment, Producer
from shared.events.terms import Balance


class PaymentReversed(EventBody):
    """The allocation of an earlier payment is undone; the balance is what it would be without it."""

    event_type: ClassVar[Literal["payment.reversed"]] = "payment.reversed"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    payment_id: UUID
    reversal_id: UUID
    currency: Currency
    amount: MinorUnits
    balance: Balance
    reversed_at: Moment
    reason: Code | None = Field(default=None, description="why it was taken back, where that is known: chargeback, ...")
    discount_lost: MinorUnits = Field(
        default=0, description="what a completed plan had waived and is owed again, because this payment had earned it"
    )
