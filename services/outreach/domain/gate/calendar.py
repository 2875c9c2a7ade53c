"""Holidays near a decision: frozen days that travel with the facts, so that no calendar is needed to run it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of the days from `first_on` to `last_on` where the person is.

    `holidays`: public holidays. `workdays`: days of a weekend that are worked instead of a holiday (China).
    """

    first_on: date
    last_on: date
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()

    def knows(self, on: date) -> bool:
        return self.first_on <= on <= self.last_on

    def is_holiday(self, on: date) -> bool | None:
        """None: outside the days that are known."""
        return on in self.holidays if self.knows(on) else None

    def is_working_day(self, on: date) -> bool | None:
        """Monday to Friday without holidays, and the weekend days worked instead; None: not known."""
        if not self.knows(on):
            return None
        return on in self.workdays or (on.weekday() < 5 and on not in self.holidays)
