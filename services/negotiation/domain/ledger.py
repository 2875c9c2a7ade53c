"""The books of one case: double entries that sum to zero, buckets that are never negative, payments that can be undone.

Amounts are minor units of the case's one currency; a debit is positive. Accounts:

    fees, interest, principal   owed by the borrower
    received                    money that came in, at the creditor
    trust                       money that came in at the agency and is held in trust, kept apart from its own
    overpaid                    owed back to the borrower (a credit, so negative)
    refunding                   overpaid money set apart for a refund that has not been sent yet (a credit)
    claim                       refunded, and then the payment was taken back: the payer owes it
    placed                      what the creditor placed or corrected (a credit)
    waived                      given up when a discounted plan was kept
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

Bucket = Literal["fees", "interest", "principal"]
PaidTo = Literal["creditor", "agency"]
Account = Literal[
    "fees", "interest", "principal", "received", "trust", "overpaid", "refunding", "claim", "placed", "waived"
]
EntryKind = Literal[
    "opening",
    "payment",
    "reversal",
    "reallocation",
    "correction",
    "waiver",
    "waiver_undone",
    "refund_reserved",
    "given_back",
    "refund_paid",
    "refund_cancelled",
]

ACCOUNTS: tuple[Account, ...] = (
    "fees",
    "interest",
    "principal",
    "received",
    "trust",
    "overpaid",
    "refunding",
    "claim",
    "placed",
    "waived",
)
BUCKETS: tuple[Bucket, ...] = ("fees", "interest", "principal")
ALLOCATION_ORDER: tuple[Bucket, ...] = BUCKETS
"""Costs, then interest, then principal: Civil Code of the PRC, art. 561; and where a mandate says nothing."""


class BooksBroken(AssertionError):
    """An operation would leave the books out of balance: a bug, never an answer to anybody."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """What is owed. The balance is the sum, always."""

    fees: int = 0
    interest: int = 0
    principal: int = 0

    def __post_init__(self) -> None:
        if self.fees < 0 or self.interest < 0 or self.principal < 0:
            raise BooksBroken("a bucket would be negative")

    @property
    def total(self) -> int:
        return self.fees + self.interest + self.principal

    def __add__(self, other: Buckets) -> Buckets:
        return Buckets(self.fees + other.fees, self.interest + other.interest, self.principal + other.principal)

    def __sub__(self, other: Buckets) -> Buckets:
        return Buckets(self.fees - other.fees, self.interest - other.interest, self.principal - other.principal)

    def of(self, bucket: Bucket) -> int:
        return {"fees": self.fees, "interest": self.interest, "principal": self.principal}[bucket]


NOTHING = Buckets()


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking: postings by account that sum to zero. `source_id` is what it is booked for, once per kind."""

    kind: EntryKind
    source_id: UUID
    postings: tuple[tuple[Account, int], ...]

    def __post_init__(self) -> None:
        if sum(amount for _, amount in self.postings) != 0:
            raise BooksBroken("an entry does not sum to zero")


@dataclass(frozen=True, slots=True)
class Settled:
    """What remittances to the creditor have dealt with of one payment: its money by bucket, and the agency's fee."""

    gross: Buckets = NOTHING
    commission: int = 0
    tax: int = 0


NOT_SETTLED = Settled()


@dataclass(frozen=True, slots=True)
class Payment:
    """A posted payment and where its money lies now: `allocated`, `overpaid` and `refunded` always sum to `amount`.

    `refunded` includes what is only reserved for a refund.
    """

    payment_id: UUID
    amount: int
    received_on: date
    allocated: Buckets
    overpaid: int
    plan_id: UUID | None = None
    is_reversed: bool = False
    paid_to: PaidTo = "creditor"
    refunded: int = 0
    settled: Settled = NOT_SETTLED

    def __post_init__(self) -> None:
        if self.amount <= 0 or self.overpaid < 0 or self.refunded < 0:
            raise BooksBroken("a payment has a negative part")
        if self.allocated.total + self.overpaid + self.refunded != self.amount:
            raise BooksBroken("a payment is not wholly allocated")

    @property
    def held_in(self) -> Account:
        """The account that its money came into."""
        return "trust" if self.paid_to == "agency" else "received"


@dataclass(frozen=True, slots=True)
class Books:
    """The state that the entries of a case add up to."""

    owed: Buckets
    overpaid: int = 0

    def __post_init__(self) -> None:
        if self.overpaid < 0:
            raise BooksBroken("more would be returned than was overpaid")

    @property
    def balance(self) -> int:
        return self.owed.total


def open_books(case_id: UUID, placed: Buckets) -> tuple[Books, Entry]:
    """The first entry of a case: what the creditor placed."""
    return Books(placed), _entry("opening", case_id, placed, 1, ("placed", -placed.total))


def allocate(owed: Buckets, amount: int, order: Sequence[Bucket]) -> tuple[Buckets, int]:
    """How an amount reduces the buckets in the mandate's order, and what is left over."""
    shares: dict[str, int] = {}
    for bucket in order:
        shares[bucket] = min(amount, owed.of(bucket))
        amount -= shares[bucket]
    return Buckets(**shares), amount


def post_payment(
    books: Books,
    *,
    payment_id: UUID,
    amount: int,
    received_on: date,
    order: Sequence[Bucket] = ALLOCATION_ORDER,
    at_most: int | None = None,
    plan_id: UUID | None = None,
    paid_to: PaidTo = "creditor",
) -> tuple[Books, Payment, Entry]:
    """Book money that came in. What exceeds the balance is kept apart as overpaid.

    `at_most` is what may still be taken under a discounted plan: whoever pays more than was agreed overpays.
    """
    allocated, _ = allocate(books.owed, amount if at_most is None else min(amount, at_most), order)
    overpaid = amount - allocated.total
    payment = Payment(payment_id, amount, received_on, allocated, overpaid, plan_id, paid_to=paid_to)
    entry = _entry("payment", payment_id, allocated, -1, (payment.held_in, amount), ("overpaid", -overpaid))
    return Books(books.owed - allocated, books.overpaid + overpaid), payment, entry


def reverse_payment(books: Books, payment: Payment, reversal_id: UUID) -> tuple[Books, Payment, Entry]:
    """Undo a payment exactly, wherever its money lies now. What was refunded of it becomes a claim on the payer."""
    if payment.is_reversed:
        raise BooksBroken("a payment is reversed once")
    others: tuple[tuple[Account, int], ...] = (
        (payment.held_in, -payment.amount),
        ("overpaid", payment.overpaid),
        ("claim", payment.refunded),
    )
    entry = _entry("reversal", reversal_id, payment.allocated, 1, *others)
    after = Books(books.owed + payment.allocated, books.overpaid - payment.overpaid)
    return after, replace(payment, is_reversed=True), entry


def oldest_first(payments: Iterable[Payment]) -> list[Payment]:
    """By the day on which the money came in, so that the order of reports does not matter."""
    return sorted(payments, key=lambda payment: (payment.received_on, payment.payment_id))


def use_overpaid(
    books: Books, payments: Iterable[Payment], order: Sequence[Bucket], new_id: Iterable[UUID]
) -> tuple[Books, list[Payment], list[Entry]]:
    """Let money that was too much pay what has become owed again (a reversal, a correction), oldest payment first.

    Answers with the payments that changed. `new_id` gives the source of each entry.
    """
    changed: list[Payment] = []
    entries: list[Entry] = []
    ids = iter(new_id)
    for payment in payments:
        if books.balance == 0 or books.overpaid == 0:
            break
        if payment.is_reversed or payment.overpaid == 0:
            continue
        used, left = allocate(books.owed, payment.overpaid, order)
        entries.append(_entry("reallocation", next(ids), used, -1, ("overpaid", used.total)))
        books = Books(books.owed - used, books.overpaid - used.total)
        changed.append(replace(payment, allocated=payment.allocated + used, overpaid=left))
    return books, changed, entries


def correct(books: Books, to: Buckets, event_id: UUID) -> tuple[Books, Entry]:
    """The creditor states the balance anew; the difference is booked against what was placed."""
    changes = {bucket: to.of(bucket) - books.owed.of(bucket) for bucket in BUCKETS}
    postings: list[tuple[Account, int]] = [(bucket, change) for bucket, change in changes.items() if change]
    postings.append(("placed", -sum(changes.values())))
    kept = tuple((account, amount) for account, amount in postings if amount)
    return replace(books, owed=to), Entry("correction", event_id, kept)


def waive(books: Books, amount: int, plan_id: UUID) -> tuple[Books, Buckets, Entry]:
    """Give up at most `amount`: interest and principal first, fees only where the allocation order left them last."""
    waived, _ = allocate(books.owed, amount, ("interest", "principal", "fees"))
    entry = _entry("waiver", plan_id, waived, -1, ("waived", waived.total))
    return replace(books, owed=books.owed - waived), waived, entry


def restore_waived(books: Books, waived: Buckets, reversal_id: UUID) -> tuple[Books, Entry]:
    """Owe again what was waived: the payments that earned the discount have been taken back."""
    entry = _entry("waiver_undone", reversal_id, waived, 1, ("waived", -waived.total))
    return replace(books, owed=books.owed + waived), entry


def add_up(entries: Iterable[Entry]) -> tuple[Books, Mapping[Account, int]]:
    """Replay: the books that entries lead to, and the sum of every account."""
    sums: dict[Account, int] = dict.fromkeys(ACCOUNTS, 0)
    for entry in entries:
        for account, amount in entry.postings:
            sums[account] += amount
    return Books(Buckets(sums["fees"], sums["interest"], sums["principal"]), -sums["overpaid"]), sums


def _entry(kind: EntryKind, source_id: UUID, buckets: Buckets, sign: int, *others: tuple[Account, int]) -> Entry:
    postings: list[tuple[Account, int]] = [(bucket, sign * buckets.of(bucket)) for bucket in BUCKETS]
    return Entry(kind, source_id, tuple((account, amount) for account, amount in (*postings, *others) if amount))
