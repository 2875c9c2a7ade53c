"""The day that a promise names is today or later, or none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.domain.replies.amounts import promised_amount
from services.outreach.domain.replies.days import DAYS_MAX, promised_day
from services.outreach.domain.replies.meaning import plain

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("next friday", date(2026, 12, 4)),
        ("this friday", date(2026, 11, 27)),
        ("on friday", date(2026, 11, 27)),
        ("next monday", date(2026, 11, 30)),
        ("on tuesday", date(2026, 12, 1)),
        ("two weeks from today", date(2026, 12, 8)),
        ("in a couple of days", date(2026, 11, 26)),
        ("in one month", date(2026, 12, 24)),
        ("the 15th", date(2026, 12, 15)),
        ("the 24th", date(2026, 11, 24)),
        ("end of the month", date(2026, 11, 30)),
        ("by the end of next month", date(2026, 12, 31)),
        ("end of february", date(2027, 2, 28)),
        ("the 5th of next month", date(2026, 12, 5)),
        ("3 december", date(2026, 12, 3)),
        ("january 2nd", date(2027, 1, 2)),
        ("the day after tomorrow", date(2026, 11, 26)),
        ("at the end of the week", date(2026, 11, 29)),
        ("25/12", date(2026, 12, 25)),
        ("下周五", date(2026, 12, 4)),
        ("周五", date(2026, 11, 27)),
        ("下下周一", date(2026, 12, 7)),
        ("下个月5号", date(2026, 12, 5)),
        ("次月十五号", date(2026, 12, 15)),
        ("月底", date(2026, 11, 30)),
        ("下月底", date(2026, 12, 31)),
        ("月初", date(2026, 12, 5)),
        ("明天下午6点", date(2026, 11, 25)),
        ("大后天", date(2026, 11, 27)),
        ("12月1日", date(2026, 12, 1)),
        ("十二月三号", date(2026, 12, 3)),
        ("二十八号", date(2026, 11, 28)),
        ("两周后", date(2026, 12, 8)),
        ("再过三天", date(2026, 11, 27)),
        ("半个月内", date(2026, 12, 9)),
    ],
)
def test_a_day_is_read_as_most_people_mean_it(text: str, on: date) -> None:
    assert promised_day(plain(text), TUESDAY) == on


@pytest.mark.parametrize(
    "text",
    [
        "when i get paid",
        "发工资以后",
        "soon",
        "尽快",
        "3/4",
        "2026-02-30",
        "2026-11-23",
        "in 999 days",
        "the 32nd",
        "二月三十号",
        "30/30",
        "",
    ],
)
def test_what_names_no_possible_day_is_asked_about(text: str) -> None:
    assert promised_day(plain(text), TUESDAY) is None


@given(
    st.text(alphabet="0123456789号日月周星期一二三十底初下个这 /-.thndrsjafebmony", max_size=40),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)
def test_no_text_names_a_day_in_the_past_or_far_away(text: str, today: date) -> None:
    on = promised_day(plain(text), today)
    assert on is None or today <= on <= today + timedelta(days=DAYS_MAX)


@pytest.mark.parametrize(
    ("text", "minor_units"),
    [
        ("£75.50", 7_550),
        ("1,250 dollars", 125_000),
        ("500元", 50_000),
        ("一千五", 150_000),
        ("三百块", 30_000),
        ("2千", 200_000),
        ("1.5万", 1_500_000),
        ("2k", 200_000),
        ("the 15th", None),
    ],
)
def test_an_amount_is_read_in_either_script(text: str, minor_units: int | None) -> None:
    assert promised_amount(plain(text), 2) == minor_units
