"""Days as American federal law counts them, held against an independent calendar and against each other."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.domain.law.us_calendar import counted_days_after, day, federal_holidays, is_counted_day
from services.outreach.domain.law.us_media import deposit_notice_window
from services.outreach.domain.law.us_validation import assumed_received_on, period_ends_on

YEARS = range(2021, 2046)
DAYS = st.dates(date(2021, 11, 30), date(2045, 12, 31))


@pytest.mark.parametrize("year", YEARS)
def test_the_holidays_are_those_of_an_independent_calendar_without_substitute_days(year: int) -> None:
    others = holidays.country_holidays("US", years=year, observed=False)
    assert federal_holidays(year) == set(others)
    assert len(federal_holidays(year)) == 11


@given(DAYS, st.integers(1, 15))
def test_counted_days_are_as_many_as_were_asked_for(start: date, days: int) -> None:
    reached = counted_days_after(start, days)
    passed = [start + timedelta(days=ahead) for ahead in range(1, (reached - start).days + 1)]
    assert sum(map(is_counted_day, passed)) == days
    assert is_counted_day(reached)


@given(DAYS)
def test_a_notice_provided_later_is_never_assumed_received_earlier(provided_on: date) -> None:
    assert assumed_received_on(provided_on) <= assumed_received_on(provided_on + timedelta(days=1))
    assert assumed_received_on(provided_on) - provided_on >= timedelta(days=5)
    assert period_ends_on(assumed_received_on(provided_on)) - provided_on >= timedelta(days=35)


@given(DAYS)
def test_the_notice_of_a_deposit_falls_ten_to_three_business_days_before(deposit_on: date) -> None:
    first, last = deposit_notice_window(deposit_on)
    assert first <= last < deposit_on
    between = [last + timedelta(days=ahead) for ahead in range(1, (deposit_on - last).days + 1)]
    assert sum(map(is_counted_day, between)) >= 3 or counted_days_after(last, 3) <= deposit_on


@pytest.mark.parametrize("text", ["2026-02-30", "tomorrow", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day(text)
