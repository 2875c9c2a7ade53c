"""Giving back money that was too much: set apart first, then sent, or put back. A payment is the source of each refund.

Money that was not too much is given back where the plan that it was paid under has been withdrawn: it is owed again,
and goes from the debt straight to what is set apart, because overpaid money would pay the same debt at once.

Two steps, because the sending is somebody else's: what is set apart cannot be spent on the debt meanwhile, and a refund
that failed puts the money back exactly where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from services.negotiation.domain.ledger import (
    BUCKETS,
    Account,
    Books,
    BooksBroken,
    Bucket,
    Buckets,
    Entry,
    Payment,
    allocate,
)

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


def returnable(payment: Payment) -> Buckets:
    """What a payment took off the debt and the agency still holds: in trust, and in no remittance to the creditor."""
    if payment.is_reversed or payment.paid_to != "agency":
        return Buckets()
    return payment.allocated - payment.settled.gross


def give_back(
    books: Books, payment: Payment, refund_id: UUID, amount: int, order: Sequence[Bucket]
) -> tuple[Books, Payment, Entry]:
    """Set apart money of a payment under a withdrawn plan: first what is overpaid, then what it took off the debt.

    This is owed again, and a part of it comes off in the opposite of the `order` in which it was allocated.
    """
    overpaid = min(payment.overpaid, amount)
    owed_again, missing = allocate(returnable(payment), amount - overpaid, tuple(reversed(order)))
    if amount <= 0 or payment.is_reversed or missing:
        raise BooksBroken("only what was paid, is still there and was not paid over can be given back")
    postings: list[tuple[Account, int]] = [(bucket, owed_again.of(bucket)) for bucket in BUCKETS]
    postings += [("overpaid", overpaid), ("refunding", -amount)]
    entry = Entry("given_back", refund_id, tuple((account, moved) for account, moved in postings if moved))
    changed = replace(
        payment,
        allocated=payment.allocated - owed_again,
        overpaid=payment.overpaid - overpaid,
        refunded=payment.refunded + amount,
    )
    return Books(books.owed + owed_again, books.overpaid - overpaid), changed, entry


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
