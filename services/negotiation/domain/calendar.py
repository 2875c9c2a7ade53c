"""Business dates: whose day it is, months that do not drift, and the moment at which a day is over everywhere."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.kernel.places import WIDEST_ZONES


def zones_of(candidates: Sequence[str], jurisdiction: str) -> tuple[str, ...]:
    """All zones the person may be in, sorted, without repetition."""
    return tuple(sorted(set(candidates))) or WIDEST_ZONES[jurisdiction]


def business_date(now: datetime, zones: Sequence[str]) -> date:
    """The person's date: where zones differ, the earliest, so that no day is taken from them."""
    return min(now.astimezone(ZoneInfo(zone)).date() for zone in zones)


@lru_cache(maxsize=20_000)
def end_of_day(day: date, zones: tuple[str, ...]) -> datetime:
    """The first moment at which `day` is over in every zone, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time())
    return max(midnight.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for zone in zones)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where the month is shorter; always from the first date."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
