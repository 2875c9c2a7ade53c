"""The books: balanced, never negative, every payment undone exactly; whatever happens, in any order."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.negotiation.domain.ledger import (
    ALLOCATION_ORDER,
    Books,
    BooksBroken,
    Bucket,
    Buckets,
    Entry,
    Payment,
    add_up,
    allocate,
    correct,
    open_books,
    post_payment,
    restore_waived,
    reverse_payment,
    use_overpaid,
    waive,
)
from tests.unit.negotiation.builders import MONDAY, RENT_ARREARS, amounts, buckets, orders

OWED = Buckets(fees=100, interest=200, principal=1_000)


def test_costs_come_before_interest_and_interest_before_principal() -> None:
    """Civil Code of the PRC, art. 561."""
    assert allocate(OWED, 99, ALLOCATION_ORDER) == (Buckets(99, 0, 0), 0)
    assert allocate(OWED, 100, ALLOCATION_ORDER) == (Buckets(100, 0, 0), 0)
    assert allocate(OWED, 101, ALLOCATION_ORDER) == (Buckets(100, 1, 0), 0)
    assert allocate(OWED, 301, ALLOCATION_ORDER) == (Buckets(100, 200, 1), 0)


def test_the_mandate_may_order_otherwise() -> None:
    assert allocate(OWED, 1_050, ("principal", "interest", "fees")) == (Buckets(0, 50, 1_000), 0)


def test_what_exceeds_the_balance_is_kept_apart() -> None:
    books, payment, _ = pay(Books(OWED), 1_301)
    assert (books.balance, books.overpaid, payment.overpaid) == (0, 1, 1)


def test_under_a_discounted_plan_no_more_than_agreed_is_taken() -> None:
    books, payment, entry = post_payment(Books(OWED), payment_id=uuid4(), amount=900, received_on=MONDAY, at_most=800)
    assert (books.balance, payment.allocated.total, payment.overpaid) == (500, 800, 100)
    assert dict(entry.postings)["received"] == 900


def test_money_that_was_too_much_pays_what_is_owed_again() -> None:
    books, first, _ = pay(Books(OWED), 1_300)
    books, second, _ = pay(books, 500)
    books, first, _ = reverse_payment(books, first, uuid4())
    books, changed, _ = use_overpaid(books, [first, second], ALLOCATION_ORDER, [uuid4()])
    assert (books.balance, books.overpaid) == (800, 0)
    assert [p.allocated for p in changed] == [Buckets(100, 200, 200)]
    books, _, _ = reverse_payment(books, changed[0], uuid4())
    assert books == Books(OWED)


def test_a_payment_is_reversed_once() -> None:
    books, payment, _ = pay(Books(OWED), 10)
    books, reversed_, _ = reverse_payment(books, payment, uuid4())
    with pytest.raises(BooksBroken):
        reverse_payment(books, reversed_, uuid4())


def test_an_entry_out_of_balance_cannot_be_made() -> None:
    with pytest.raises(BooksBroken):
        Entry("payment", uuid4(), (("received", 10), ("principal", -9)))


def test_a_negative_bucket_cannot_be_made() -> None:
    with pytest.raises(BooksBroken):
        Buckets(0, 0, -1)


def test_a_waiver_takes_interest_and_principal_before_fees() -> None:
    books, waived, _ = waive(Books(OWED), 1_250, uuid4())
    assert (waived, books.owed) == (Buckets(50, 200, 1_000), Buckets(50, 0, 0))


@given(owed=buckets, amount=st.integers(1, 10**10), order=orders)
def test_an_allocation_loses_nothing_and_takes_no_more_than_is_owed(
    owed: Buckets, amount: int, order: tuple[Bucket, ...]
) -> None:
    taken, left = allocate(owed, amount, order)
    assert taken.total + left == amount
    assert (owed - taken).total == max(0, owed.total - amount)


@given(owed=buckets, amount=st.integers(1, 10**10), order=orders)
def test_a_reversal_undoes_a_payment_exactly(owed: Buckets, amount: int, order: tuple[Bucket, ...]) -> None:
    before = Books(owed)
    after, payment, booked = post_payment(before, payment_id=uuid4(), amount=amount, received_on=MONDAY, order=order)
    undone, _, reversal = reverse_payment(after, payment, uuid4())
    assert undone == before
    assert sorted(booked.postings) == sorted((account, -amount) for account, amount in reversal.postings)


class LedgerMachine(RuleBasedStateMachine):
    """Anything that can happen to the books of a case, in any order. Six things hold after every step."""

    books: Books
    entries: list[Entry]
    payments: dict[UUID, Payment]
    placed: int
    waived: Buckets

    @initialize(owed=buckets, order=orders)
    def placed_by_the_creditor(self, owed: Buckets, order: tuple[Bucket, ...]) -> None:
        self.books, entry = open_books(RENT_ARREARS, owed)
        self.entries, self.payments, self.order = [entry], {}, order
        self.placed, self.waived = owed.total, Buckets()

    @rule(amount=st.integers(1, 2 * 10**9))
    def money_comes_in(self, amount: int) -> None:
        self.books, payment, entry = post_payment(
            self.books, payment_id=uuid4(), amount=amount, received_on=date(2026, 3, 2), order=self.order
        )
        self.payments[payment.payment_id] = payment
        self.entries.append(entry)

    @precondition(lambda self: any(not p.is_reversed for p in self.payments.values()))
    @rule(choice=st.data())
    def money_is_taken_back(self, choice: st.DataObject) -> None:
        standing = [p for p in self.payments.values() if not p.is_reversed]
        payment = choice.draw(st.sampled_from(standing))
        self.books, self.payments[payment.payment_id], entry = reverse_payment(self.books, payment, uuid4())
        self.entries.append(entry)
        self.spend()

    @rule(to=st.builds(Buckets, amounts, amounts, amounts))
    def creditor_corrects_the_balance(self, to: Buckets) -> None:
        self.placed += to.total - self.books.balance
        self.books, entry = correct(self.books, to, uuid4())
        self.entries.append(entry)
        self.spend()

    @precondition(lambda self: self.books.balance > 0 and self.waived.total == 0)
    @rule(amount=st.integers(1, 10**9))
    def discount_is_earned(self, amount: int) -> None:
        self.books, self.waived, entry = waive(self.books, amount, uuid4())
        self.entries.append(entry)

    @precondition(lambda self: self.waived.total > 0)
    @rule()
    def discount_is_lost_again(self) -> None:
        self.books, entry = restore_waived(self.books, self.waived, uuid4())
        self.waived = Buckets()
        self.entries.append(entry)
        self.spend()

    def spend(self) -> None:
        ids = iter(uuid4, None)
        self.books, changed, entries = use_overpaid(self.books, list(self.payments.values()), self.order, ids)
        self.payments |= {p.payment_id: p for p in changed}
        self.entries += entries

    @invariant()
    def every_entry_sums_to_zero(self) -> None:
        assert all(sum(amount for _, amount in entry.postings) == 0 for entry in self.entries)

    @invariant()
    def replay_gives_the_same_books(self) -> None:
        assert add_up(self.entries)[0] == self.books

    @invariant()
    def all_accounts_together_are_zero(self) -> None:
        assert sum(add_up(self.entries)[1].values()) == 0

    @invariant()
    def money_received_is_the_sum_of_standing_payments(self) -> None:
        standing = sum(p.amount for p in self.payments.values() if not p.is_reversed)
        assert add_up(self.entries)[1]["received"] == standing

    @invariant()
    def balance_is_what_was_placed_less_paid_and_waived(self) -> None:
        allocated = sum(p.allocated.total for p in self.payments.values() if not p.is_reversed)
        assert self.books.balance == self.placed - allocated - self.waived.total

    @invariant()
    def overpaid_is_what_payments_say_and_never_stands_beside_a_debt(self) -> None:
        assert self.books.overpaid == sum(p.overpaid for p in self.payments.values() if not p.is_reversed)
        assert self.books.overpaid == 0 or self.books.balance == 0


TestLedgerMachine = LedgerMachine.TestCase


def pay(books: Books, amount: int) -> tuple[Books, Payment, Entry]:
    return post_payment(books, payment_id=uuid4(), amount=amount, received_on=MONDAY)
