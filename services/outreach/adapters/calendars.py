"""Public holidays by place, from the `holidays` library, cut to the days near one decision.

The days travel with the facts of a decision, so that another version of the library changes none that was made.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from services.outreach.domain.gate.calendar import Calendar

BEFORE = timedelta(days=14)
AFTER = timedelta(days=45)
"""Longer than the longest row of shut days of any rule, and than the working days that a rule counts."""


class HolidayCalendars:
    """One answer a place and a day; there are few of either, so they are remembered."""

    def __init__(self) -> None:
        self.around = lru_cache(maxsize=1_024)(self._around)

    def _around(self, jurisdiction: str, region: str | None, on: date) -> Calendar | None:
        """The days near `on`; None where nobody knows that place's holidays.

        `region` is a state or province, or a city below one (`NY-NYC`). Where it is not known, or not to the library,
        a holiday of any region of the country is one: the stricter answer.
        """
        first, last = on - BEFORE, on + AFTER
        free: set[date] = set()
        worked: set[date] = set()
        for year in range(first.year, last.year + 1):
            days = _days(jurisdiction, (region or "").partition("-")[0] or None, year)
            if days is None:
                return None
            free |= days[0]
            worked |= days[1]
        return Calendar(
            first_on=first,
            last_on=last,
            holidays=tuple(sorted(day for day in free if first <= day <= last)),
            workdays=tuple(sorted(day for day in worked if first <= day <= last)),
        )


CALENDARS = HolidayCalendars()


@lru_cache(maxsize=1_024)
def _days(jurisdiction: str, region: str | None, year: int) -> tuple[frozenset[date], frozenset[date]] | None:
    """Public holidays and weekend days worked instead of one (China, Vietnam)."""
    known = holidays.list_supported_countries(include_aliases=False)
    if jurisdiction not in known:
        return None
    regions: list[str | None] = [region] if region in known[jurisdiction] else list(known[jurisdiction]) or [None]
    free: set[date] = set()
    worked: set[date] = set()
    for name in regions:
        calendar = holidays.country_holidays(jurisdiction, subdiv=name, years=[year])
        free |= {day for day in calendar if day.year == year}
        worked |= {day for day in calendar.weekend_workdays if day.year == year}
    return frozenset(free), frozenset(worked)
