"""Giving back money that was too much: set apart first, then sent, or put back. A payment is the source of each refund.

Two steps, because the sending is somebody else's: what is set apart cannot be spent on the debt meanwhile, and a refund
that failed puts the money back exactly where it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from services.negotiation.domain.ledger import Books, BooksBroken, Entry, Payment

RefundStatus = Literal["reserved", "paid", "cancelled"]


@dataclass(frozen=True, slots=True)
class Refund:
    """`amount` minor units of what was too much of one payment."""

    refund_id: UUID
    case_id: UUID
    creditor_id: UUID
    payment_id: UUID
    currency: str
    amount: int
    status: RefundStatus = "reserved"


def set_apart(books: Books, payment: Payment, refund_id: UUID, amount: int) -> tuple[Books, Payment, Entry]:
    """Reserve overpaid money of a payment for a refund."""
    if amount <= 0 or payment.is_reversed or amount > payment.overpaid:
        raise BooksBroken("only what is overpaid and still there can be refunded")
    entry = Entry("refund_reserved", refund_id, (("overpaid", amount), ("refunding", -amount)))
    changed = replace(payment, overpaid=payment.overpaid - amount, refunded=payment.refunded + amount)
    return replace(books, overpaid=books.overpaid - amount), changed, entry


def send_off(payment: Payment, refund_id: UUID, amount: int) -> Entry:
    """The refund has left the account that the payment came into."""
    return Entry("refund_paid", refund_id, (("refunding", amount), (payment.held_in, -amount)))


def put_back(books: Books, payment: Payment, refund_id: UUID, amount: int) -> tuple[Books, Payment, Entry]:
    """The refund will not be sent. If the payment was taken back meanwhile, there is no claim on the payer either."""
    if payment.is_reversed:
        entry = Entry("refund_cancelled", refund_id, (("refunding", amount), ("claim", -amount)))
        return books, payment, entry
    entry = Entry("refund_cancelled", refund_id, (("refunding", amount), ("overpaid", -amount)))
    changed = replace(payment, overpaid=payment.overpaid + amount, refunded=payment.refunded - amount)
    return replace(books, overpaid=books.overpaid + amount), changed, entry
