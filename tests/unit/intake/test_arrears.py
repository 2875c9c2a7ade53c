"""Arrears follow from schedule and payments, on both sides of each boundary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.arrears import recompute, tolerance_for
from services.intake.domain.dates import add_months, add_years
from services.intake.domain.schedule import EqualInstalments, ListedInstalments, Schedule

LOAN = EqualInstalments(date(2025, 7, 15), 12, 10_000)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
amounts = st.integers(1, 1_000_000)
schedules = st.one_of(
    st.builds(EqualInstalments, days, st.integers(1, 60), amounts),
    st.lists(st.tuples(days, amounts), min_size=1, max_size=24).map(lambda rows: ListedInstalments(sorted(rows))),
)


def test_an_instalment_is_due_on_its_day_and_late_on_the_next() -> None:
    on_the_day = recompute(LOAN, 0, date(2025, 7, 15))
    a_day_later = recompute(LOAN, 0, date(2025, 7, 16))
    assert (on_the_day.minor_units, on_the_day.days_past_due) == (10_000, 0)
    assert (a_day_later.minor_units, a_day_later.days_past_due) == (10_000, 1)


def test_nothing_is_due_before_the_first_due_date() -> None:
    arrears = recompute(LOAN, 0, date(2025, 7, 14))
    assert (arrears.minor_units, arrears.days_past_due, arrears.oldest_due_on) == (0, 0, None)


def test_the_oldest_instalment_is_paid_first() -> None:
    arrears = recompute(LOAN, 25_000, date(2025, 10, 20))
    assert arrears.oldest_due_on == date(2025, 9, 15)
    assert arrears.days_past_due == 35
    assert (arrears.instalments_paid, arrears.instalments_missed) == (2, 2)
    assert arrears.minor_units == 15_000


@pytest.mark.parametrize(("short_by", "is_paid"), [(0, True), (100, True), (101, False)])
def test_an_instalment_short_by_a_rounding_counts_as_paid(short_by: int, is_paid: bool) -> None:
    paid = 30_000 - short_by
    listed = ListedInstalments([(LOAN.due_on(n), 10_000) for n in range(12)])
    assert LOAN.covered_by(paid) == listed.covered_by(paid) == (3 if is_paid else 2)


def test_a_small_instalment_has_a_smaller_rounding() -> None:
    assert EqualInstalments(date(2025, 7, 15), 12, 1_000).covered_by(989) == 0
    assert EqualInstalments(date(2025, 7, 15), 12, 1_000).covered_by(990) == 1


def test_after_the_last_instalment_no_more_falls_due() -> None:
    assert recompute(LOAN, 0, date(2030, 1, 1)).minor_units == LOAN.total_minor_units


def test_the_thirty_first_falls_on_the_last_day_of_shorter_months_and_comes_back() -> None:
    first = date(2025, 1, 31)
    assert [add_months(first, n) for n in (1, 2, 3)] == [date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)]
    assert add_months(first, 12) == date(2026, 1, 31)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


@pytest.mark.parametrize(("ours", "allowed"), [(0, 100), (20_000, 100), (20_200, 101), (1_000_000, 5_000)])
def test_the_tolerance_is_a_rounding_or_half_a_per_cent(ours: int, allowed: int) -> None:
    assert tolerance_for(ours) == allowed


@given(schedules, st.integers(0, 10**9), days)
def test_arrears_are_never_negative_and_never_more_than_what_is_due(schedule: Schedule, paid: int, as_of: date) -> None:
    arrears = recompute(schedule, paid, as_of)
    due = schedule.total_of_first(schedule.due_by(as_of))
    assert 0 <= arrears.minor_units <= due
    assert arrears.days_past_due >= 0
    assert arrears.instalments_paid + arrears.instalments_missed >= schedule.due_by(as_of)
    assert (arrears.oldest_due_on is None) == (arrears.instalments_missed == 0)


@given(schedules, st.integers(0, 10**7), st.integers(0, 10**7), days)
def test_paying_more_never_makes_a_debt_older(schedule: Schedule, paid: int, more: int, as_of: date) -> None:
    before, after = recompute(schedule, paid, as_of), recompute(schedule, paid + more, as_of)
    assert after.minor_units <= before.minor_units
    assert after.days_past_due <= before.days_past_due


@given(schedules, st.integers(0, 10**7), days, st.integers(0, 400))
def test_waiting_never_makes_a_debt_younger(schedule: Schedule, paid: int, as_of: date, wait: int) -> None:
    before, after = recompute(schedule, paid, as_of), recompute(schedule, paid, as_of + timedelta(days=wait))
    assert after.minor_units >= before.minor_units
    assert after.days_past_due >= before.days_past_due


@given(st.builds(EqualInstalments, days, st.integers(1, 60), amounts), st.integers(0, 10**8), days)
def test_a_list_of_equal_instalments_is_the_same_as_equal_instalments(
    equal: EqualInstalments, paid: int, as_of: date
) -> None:
    listed = ListedInstalments([(equal.due_on(n), equal.amount_minor_units) for n in range(equal.count)])
    assert recompute(equal, paid, as_of) == recompute(listed, paid, as_of)
