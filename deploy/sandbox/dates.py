"""Whole months on the calendar, for schedules that keep their day of the month."""

from __future__ import annotations

from datetime import date

LAST_SAFE_DAY = 28
"""Every month has it, so a schedule on a day up to it never has to move."""


def add_months(day: date, months: int) -> date:
    """The same day of the month, some whole months later (or earlier). The day must be 28 at most."""
    if day.day > LAST_SAFE_DAY:
        raise ValueError("a schedule here keeps to a day that every month has")
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, day.day)


def due_dates(first_due_on: date, until: date, term_months: int) -> list[date]:
    """The due dates of an equal monthly schedule up to and including `until`."""
    dates = (add_months(first_due_on, n) for n in range(term_months))
    return [due_on for due_on in dates if due_on <= until]
