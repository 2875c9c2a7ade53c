"""Early signs: what is one, what is none, and when one looks again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.calendar import end_of_day
from services.negotiation.domain.ledger import Buckets, Payment
from services.negotiation.domain.terms import Outline, Terms, draw_up
from services.negotiation.domain.watch.slippage import Promise, Signal, next_look, signals

NEW_YORK = ("America/New_York",)
BOTH = ("America/New_York", "Pacific/Honolulu")
CASE, LENDER = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 6, 30, 16, tzinfo=UTC)


def plan(first: date = date(2026, 3, 16), count: int = 6) -> Terms:
    """100 a month with five days of grace."""
    return draw_up(Outline("instalments", 100 * count, 0, count, first), currency="USD", grace_days=5)


def paid(amount: int, on: date, *, is_reversed: bool = False) -> Payment:
    return Payment(uuid4(), amount, on, Buckets(principal=amount), 0, is_reversed=is_reversed)


def promise(made: date, on: date, amount: int | None = None) -> Promise:
    return Promise(uuid4(), CASE, LENDER, on, amount, made, datetime(made.year, made.month, made.day, 12, tzinfo=UTC))


def seen(payments: list[Payment], now: datetime = NOON, zones: tuple[str, ...] = NEW_YORK) -> list[Signal]:
    return list(signals(plan(), payments, payments, [], now, zones))


def promised(promises: list[Promise], payments: list[Payment], now: datetime = NOON) -> list[Signal]:
    return list(signals(None, [], payments, promises, now, NEW_YORK))


def test_later_and_later_inside_grace_is_a_sign() -> None:
    days = (date(2026, 3, 16), date(2026, 4, 18), date(2026, 5, 20))
    assert Signal("later_each_time", 3, 2) in seen([paid(100, day) for day in days])


@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 3, 16), date(2026, 4, 18)),  # once is an accident
        (date(2026, 3, 18), date(2026, 4, 18), date(2026, 5, 18)),  # late, but no later
        (date(2026, 3, 10), date(2026, 4, 12), date(2026, 5, 14)),  # later each time and still early
        (date(2026, 3, 18), date(2026, 4, 20), date(2026, 5, 17)),  # better again
    ],
)
def test_what_is_not_later_each_time(days: tuple[date, ...]) -> None:
    assert [s for s in seen([paid(100, day) for day in days]) if s.sign == "later_each_time"] == []


def test_smaller_and_smaller_is_a_sign_before_anything_is_missed() -> None:
    payments = [paid(100, date(2026, 3, 16)), paid(60, date(2026, 4, 10)), paid(30, date(2026, 4, 14))]
    assert Signal("smaller_each_time", 2, 2) in seen(payments, datetime(2026, 4, 15, 12, tzinfo=UTC))


def test_two_transfers_of_one_day_are_one_payment() -> None:
    payments = [paid(100, date(2026, 3, 16)), paid(60, date(2026, 4, 16)), paid(40, date(2026, 4, 16))]
    assert seen(payments, datetime(2026, 4, 17, 12, tzinfo=UTC)) == []


def test_smaller_payments_that_finish_a_plan_are_none() -> None:
    payments = [paid(300, date(2026, 3, 16)), paid(200, date(2026, 4, 16)), paid(100, date(2026, 5, 16))]
    assert seen(payments) == []


@pytest.mark.parametrize(("amount", "is_seen"), [(0, False), (1, True), (99, True), (100, False)])
def test_part_of_the_money_on_the_due_date(amount: int, *, is_seen: bool) -> None:
    payments = [paid(amount, date(2026, 3, 16))] if amount else []
    found = seen(payments, datetime(2026, 3, 18, 12, tzinfo=UTC))
    assert found == ([Signal("partial_on_due_date", 1, 1)] if is_seen else [])


@pytest.mark.parametrize("zones", [NEW_YORK, BOTH])
def test_the_due_date_must_be_over_wherever_the_person_may_be(zones: tuple[str, ...]) -> None:
    over, payments = end_of_day(date(2026, 3, 16), zones), [paid(40, date(2026, 3, 16))]
    assert seen(payments, over - timedelta(seconds=1), zones) == []
    assert seen(payments, over, zones) == [Signal("partial_on_due_date", 1, 1)]


@pytest.mark.parametrize("first", [date(2028, 1, 29), date(2028, 1, 31), date(2027, 1, 31)])
def test_the_last_day_of_a_short_month_is_a_due_date_like_any_other(first: date) -> None:
    terms = plan(first)
    second = terms.instalments[1].due_on
    assert second == date(second.year, 2, 29 if second.year == 2028 else 28)
    payments = [paid(100, first), paid(1, second)]
    over = end_of_day(second, NEW_YORK)
    before = signals(terms, payments, payments, [], over - timedelta(seconds=1), NEW_YORK)
    assert [s.sign for s in before] == []
    assert Signal("partial_on_due_date", 2, 1) in signals(terms, payments, payments, [], over, NEW_YORK)


def test_promises_that_come_to_nothing_one_after_the_other_are_a_sign() -> None:
    promises = [promise(date(2026, 5, 1), date(2026, 5, 8)), promise(date(2026, 5, 20), date(2026, 5, 29), 50)]
    assert promised(promises, []) == [Signal("serial_promises", None, 2)]
    assert promised(promises[:1], []) == []


@pytest.mark.parametrize(("on", "amount", "is_kept"), [(31, 50, True), (31, 49, False), (19, 50, False)])
def test_a_promise_is_kept_by_its_money_between_the_word_and_two_days_after_the_day(
    on: int, amount: int, *, is_kept: bool
) -> None:
    promises = [promise(date(2026, 5, 1), date(2026, 5, 8)), promise(date(2026, 5, 20), date(2026, 5, 29), 50)]
    found = promised(promises, [paid(amount, date(2026, 5, on))])
    assert (found == []) == is_kept


def test_a_promise_is_not_broken_before_its_patience_is_over() -> None:
    promises = [promise(date(2026, 5, 1), date(2026, 5, 8)), promise(date(2026, 5, 20), date(2026, 5, 29))]
    over = end_of_day(date(2026, 5, 31), NEW_YORK)
    assert promised(promises, [], over - timedelta(seconds=1)) == []
    assert promised(promises, [], over) == [Signal("serial_promises", None, 2)]


def test_money_that_was_taken_back_keeps_no_promise() -> None:
    promises = [promise(date(2026, 5, 1), date(2026, 5, 8)), promise(date(2026, 5, 20), date(2026, 5, 29))]
    assert promised(promises, [paid(50, date(2026, 5, 28), is_reversed=True)]) != []


def test_a_promise_put_off_again_and_again_is_a_sign() -> None:
    put_off = [
        promise(date(2026, 6, 20), date(2026, 6, 25)),
        promise(date(2026, 6, 24), date(2026, 6, 28)),
        promise(date(2026, 6, 27), date(2026, 7, 5)),
    ]
    assert promised(put_off, []) == [Signal("promise_moved", None, 2)]
    assert promised(put_off[:2], []) == []
    assert promised(put_off, [paid(10, date(2026, 6, 25))]) != [Signal("promise_moved", None, 2)]


def test_one_looks_again_when_the_next_due_date_or_promise_is_over() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert next_look(plan(), [], now, NEW_YORK) == end_of_day(date(2026, 3, 16), NEW_YORK)
    early = promise(date(2026, 3, 1), date(2026, 3, 5))
    assert next_look(plan(), [early], now, NEW_YORK) == end_of_day(date(2026, 3, 7), NEW_YORK)
    assert next_look(plan(), [], datetime(2027, 1, 1, tzinfo=UTC), NEW_YORK) is None
    assert next_look(None, [], now, NEW_YORK) is None


payments = st.lists(st.builds(paid, st.integers(1, 150), st.dates(date(2026, 3, 1), date(2026, 8, 30))), max_size=8)
moments = st.integers(0, 180 * 24).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(payments=payments, now=moments, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(payments: list[Payment], now: datetime, shuffled: Random) -> None:
    others = list(payments)
    shuffled.shuffle(others)
    assert seen(others, now) == seen(payments, now)


@given(now=moments)
def test_a_look_that_is_due_is_never_in_the_past(now: datetime) -> None:
    look = next_look(plan(), [promise(date(2026, 3, 1), date(2026, 4, 5))], now, BOTH)
    assert look is None or look > now
