"""Dates of the law: years and months after a day, days counted, and facts read from a question."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Given = Mapping[str, Any]
Answer = dict[str, Any]


class MissingFact(ValueError):
    """A question leaves out, or misspells, what its answer depends on. The text names the fact, never its value."""


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    return months_after(day, years * 12)


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def next_business_day(day: date, holidays: frozenset[date] = frozenset()) -> date:
    """The first day after `day` that is neither Saturday, Sunday nor one of the holidays."""
    following = days_after(day, 1)
    while following.weekday() >= 5 or following in holidays:
        following = days_after(following, 1)
    return following


def read_day(given: Given, name: str) -> date:
    """A day of the question, written YYYY-MM-DD."""
    try:
        value = given[name]
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (KeyError, TypeError, ValueError):
        raise MissingFact(name) from None


def read_day_if_any(given: Given, name: str) -> date | None:
    return None if given.get(name) is None else read_day(given, name)


def read_number(given: Given, name: str) -> int:
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MissingFact(name)
    return value


def read_choice(given: Given, name: str, choices: frozenset[str]) -> str:
    value = given.get(name)
    if value not in choices:
        raise MissingFact(name)
    return str(value)


def text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
