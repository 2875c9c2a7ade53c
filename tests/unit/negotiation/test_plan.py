"""How a plan stands: grace on both sides of its end, zones, partial and late money, any order of reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.calendar import add_months, business_date, end_of_day, zones_of
from services.negotiation.domain.ledger import Buckets, Payment
from services.negotiation.domain.plan import Standing, first_broken, first_missed, stand, watch_at
from services.negotiation.domain.terms import Outline, Terms, draw_up

NEW_YORK = ("America/New_York",)
DUE = date(2026, 3, 16)
LAST_DAY = date(2026, 3, 19)  # three days of grace


def plan(count: int = 3) -> Terms:
    return draw_up(Outline("instalments", 300, 0, count, DUE), currency="USD", grace_days=3)


def paid(amount: int, on: date, *, is_reversed: bool = False) -> Payment:
    return Payment(uuid4(), amount, on, Buckets(principal=amount), 0, is_reversed=is_reversed)


def at_new_york(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    # New York keeps daylight saving time from 8 March 2026 on: UTC-4.
    return datetime(year, month, day, hour, minute, tzinfo=UTC) + timedelta(hours=4)


def standing(payments: list[Payment], now: datetime, zones: tuple[str, ...] = NEW_YORK) -> Standing:
    return stand(plan(), payments, now=now, zones=zones)


def test_an_instalment_is_not_broken_on_the_last_minute_of_grace() -> None:
    assert standing([], at_new_york(2026, 3, 19, 23, 59)).broken is None


def test_it_is_broken_when_the_last_day_of_grace_is_over() -> None:
    broken = standing([], at_new_york(2026, 3, 20, 0)).broken
    assert broken is not None
    assert (broken.instalment.number, broken.paid_in_time) == (1, 0)


def test_the_day_must_be_over_in_every_zone_the_person_may_be_in() -> None:
    zones = ("America/New_York", "Pacific/Honolulu")
    over_in_honolulu = datetime(2026, 3, 20, 10, tzinfo=UTC)
    assert standing([], over_in_honolulu - timedelta(seconds=1), zones).broken is None
    assert standing([], over_in_honolulu, zones).broken is not None


def test_without_zones_the_whole_country_counts() -> None:
    assert set(zones_of((), "US")) == {"America/Los_Angeles", "America/New_York", "Pacific/Honolulu"}
    assert zones_of((), "CN") == ("Asia/Shanghai",)


def test_a_business_date_takes_no_day_from_the_person() -> None:
    assert business_date(datetime(2026, 3, 2, 3, tzinfo=UTC), ("America/New_York", "Asia/Shanghai")) == date(2026, 3, 1)


@pytest.mark.parametrize(("on", "is_broken"), [(LAST_DAY, False), (LAST_DAY + timedelta(days=1), True)])
def test_money_counts_by_the_day_it_was_received(on: date, is_broken: bool) -> None:
    long_after = at_new_york(2026, 4, 1, 12)
    assert (standing([paid(100, on)], long_after).broken is not None) == is_broken


@pytest.mark.parametrize(("amount", "is_broken"), [(99, True), (100, False), (101, False)])
def test_part_of_an_instalment_is_not_the_instalment(amount: int, is_broken: bool) -> None:
    broken = standing([paid(amount, DUE)], at_new_york(2026, 3, 21, 0)).broken
    assert (broken is not None) == is_broken
    assert broken is None or broken.paid_in_time == amount


def test_money_fills_the_oldest_instalment_first() -> None:
    result = standing([paid(150, DUE)], at_new_york(2026, 3, 16, 12))
    assert [s.paid for s in result.instalments] == [100, 50, 0]
    assert [s.is_kept for s in result.instalments] == [True, False, False]


def test_a_reversed_payment_counts_for_nothing() -> None:
    result = standing([paid(300, DUE, is_reversed=True)], at_new_york(2026, 3, 21, 0))
    assert (result.paid, result.is_complete, result.broken is not None) == (0, False, True)


def test_a_plan_is_complete_with_its_last_unit() -> None:
    assert not standing([paid(299, DUE)], at_new_york(2026, 3, 16, 12)).is_complete
    assert standing([paid(299, DUE), paid(1, DUE)], at_new_york(2026, 3, 16, 12)).is_complete


def test_a_day_ends_once_in_the_night_when_clocks_change() -> None:
    assert end_of_day(date(2026, 3, 7), NEW_YORK) == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 8), NEW_YORK) == datetime(2026, 3, 9, 4, tzinfo=UTC)


payments = st.lists(st.builds(paid, st.integers(1, 200), st.dates(date(2026, 3, 1), date(2026, 6, 30))), max_size=8)
moments = st.integers(0, 120 * 24).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours))


@given(payments=payments, now=moments, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_matter(payments: list[Payment], now: datetime, shuffled: Random) -> None:
    others = list(payments)
    shuffled.shuffle(others)
    assert standing(others, now) == standing(payments, now)


@given(payments=payments, more=st.integers(1, 300), on=st.dates(date(2026, 3, 1), date(2026, 6, 30)), now=moments)
def test_more_money_never_breaks_a_plan(payments: list[Payment], more: int, on: date, now: datetime) -> None:
    if standing(payments, now).broken is None:
        assert standing([*payments, paid(more, on)], now).broken is None


@given(payments=payments, now=moments)
def test_instalments_share_exactly_what_was_paid(payments: list[Payment], now: datetime) -> None:
    result = standing(payments, now)
    assert sum(s.paid for s in result.instalments) == min(result.paid, 300)


def test_the_watch_wakes_when_the_grace_is_over() -> None:
    assert watch_at(plan().instalments[0], 3, NEW_YORK) == at_new_york(2026, 3, 20, 0)


def test_months_are_counted_from_the_first_date() -> None:
    assert add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)


@given(payments=payments, now=moments)
def test_the_sweep_sees_broken_what_the_standing_does(payments: list[Payment], now: datetime) -> None:
    assert first_broken(plan(), payments, now=now, zones=NEW_YORK) == standing(payments, now).broken


@given(payments=payments, now=moments, read=st.integers(1, 3))
def test_what_the_first_instalments_say_is_broken_is_what_the_whole_plan_says(
    payments: list[Payment], now: datetime, read: int
) -> None:
    received = [(p.received_on, p.amount) for p in payments if not p.is_reversed]
    missed = first_missed(plan().instalments[:read], 3, received, now=now, zones=NEW_YORK)
    whole = standing(payments, now).broken
    assert missed == (whole if whole is not None and whole.instalment.number <= read else None)
