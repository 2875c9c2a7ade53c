"""A payment has been booked and allocated."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Currency, EventBody, MinorUnits, Moment, Producer
from shared.events.terms import Balance


class PaymentPosted(EventBody):
    """How a payment reduced the buckets, and the balance after it."""

    event_type: ClassVar[Literal["payment.posted"]] = "payment.posted"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    payment_id: UUID
    plan_id: UUID | None
    currency: Currency
    amount: MinorUnits
    allocated: Balance
    overpaid: MinorUnits = Field(description="more than was owed: to be returned")
    balance: Balance
    received_on: date
    posted_at: Moment
    paid_to: Literal["creditor", "agency"] = Field(
        default="creditor", description="where the money is: with the lender, or in our trust account"
    )
