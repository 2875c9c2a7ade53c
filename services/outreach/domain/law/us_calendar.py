"""Days as American federal law counts them: holidays of 5 U.S.C. 6103(a), and days without weekends and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

DAY = timedelta(days=1)
_MONDAY, _THURSDAY, _SATURDAY = 0, 3, 5


def day(value: Any) -> date:
    """A day written as YYYY-MM-DD (or already read as one)."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def optional_day(value: Any) -> date | None:
    return None if value is None else day(value)


@lru_cache(maxsize=256)
def federal_holidays(year: int) -> frozenset[date]:
    """The eleven legal public holidays on their statutory dates.

    12 CFR 1006.34(b)(5) names 6103(a), not the substitute days of 6103(b): a holiday on a Saturday moves nothing.
    That reading counts fewer days out and is one for counsel to confirm.
    """
    fixed = [date(year, month, on) for month, on in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))]
    moving = [
        _nth(year, 1, _MONDAY, 3),
        _nth(year, 2, _MONDAY, 3),
        _nth(year, 6, _MONDAY, 1) - 7 * DAY,  # Memorial Day: the last Monday of May, a week before June's first
        _nth(year, 9, _MONDAY, 1),
        _nth(year, 10, _MONDAY, 2),
        _nth(year, 11, _THURSDAY, 4),
    ]
    return frozenset(fixed + moving)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def is_counted_day(on: date) -> bool:
    """Neither Saturday, nor Sunday, nor a holiday of 6103(a)."""
    return on.weekday() < _SATURDAY and on not in federal_holidays(on.year)


def counted_days_after(start: date, days: int) -> date:
    """The day that is `days` counted days after `start`, which itself is not counted."""
    following = _after(start)
    reached = start
    for _ in range(days):
        reached = next(on for on in following if is_counted_day(on))
    return reached


def _after(start: date) -> Iterator[date]:
    on = start
    while True:
        on += DAY
        yield on
