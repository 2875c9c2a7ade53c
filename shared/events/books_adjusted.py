"""The books of a case have changed otherwise than by a payment."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import Currency, EventBody, MinorUnits, Moment, Producer
from shared.events.terms import Balance


class BooksAdjusted(EventBody):
    """With payments, reversals and completed plans this tells every change, so that the books follow from the journal.

    `balance` and `overpaid` are after it, and after overpaid money has paid what became owed again.
    """

    event_type: ClassVar[Literal["books.adjusted"]] = "books.adjusted"
    producer: ClassVar[Producer] = "negotiation"

    case_id: UUID
    creditor_id: UUID
    kind: Literal["correction", "refund_reserved", "given_back", "refund_paid", "refund_cancelled"] = Field(
        description="given_back: paid under a plan that was withdrawn, owed again and set apart for a refund"
    )
    source_id: UUID = Field(description="the update that stated the balance anew, or the refund")
    payment_id: UUID | None = Field(description="the payment that money goes back from; null: a correction")
    currency: Currency
    amount: MinorUnits = Field(description="of a refund; a correction states the balance and has none: 0")
    balance_before: Balance = Field(description="by this the event finds its place among payments")
    balance: Balance
    overpaid: MinorUnits
    adjusted_at: Moment
