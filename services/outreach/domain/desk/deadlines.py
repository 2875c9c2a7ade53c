"""By when a complaint or dispute is acknowledged and answered: calendar days, working days, and the last hour of both.

A period of calendar days runs from the moment of receipt. Where it would end on a day that nobody works, the answer is
due on the working day before: later is never allowed by that, and somebody is there to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from services.outreach.domain.gate.calendar import Calendar
from services.outreach.domain.gate.local_time import local_day, zone

SIMPLE = "simple"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WALK_MAX = 40
"""Days looked at for a working one; no row of holidays is as long."""


class Calendars(Protocol):
    """Holidays near a day, by place; None where nobody knows them."""

    def around(self, jurisdiction: str, region: str | None, on: date) -> Calendar | None: ...


@dataclass(frozen=True, slots=True)
class Term:
    """A period with its source. `needs`: whose approval it takes to have so many days."""

    days: int
    clause: str
    confidence: str
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """All periods, as data. `own` holds where a place has none: a promise of our own."""

    answer: Mapping[str, Mapping[str, Term]]
    """Place -> complexity -> period; `own` for the others."""
    dispute_days: int
    acknowledge_working_days: int
    summary_working_days: Mapping[str, int]
    remind_before: timedelta

    def answer_term(self, jurisdiction: str, complexity: str) -> Term:
        """Raises `KeyError` for a complexity that this place does not know."""
        return self.answer.get(jurisdiction, self.answer["own"])[complexity]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the clock runs: the law's place, and the person's zone."""

    jurisdiction: str
    region: str | None
    time_zone: str | None

    def day_of(self, at: datetime) -> date:
        """The business date there; by UTC where the zone is not known."""
        place = zone(self.time_zone) if self.time_zone is not None else None
        return at.date() if place is None else local_day(at, place)

    def days_after(self, at: datetime, days: int) -> datetime:
        """So many times 24 hours, but never on a later day of the calendar there: clocks may be put forward between."""
        ends_at = at + days * DAY
        return ends_at if self.day_of(ends_at) <= self.day_of(at) + days * DAY else ends_at - HOUR


@dataclass(frozen=True, slots=True)
class Due:
    """What is due when. `summary_until`: the last day of the shorter way, where a place has one."""

    acknowledge_on: date
    answer_at: datetime
    remind_at: datetime
    summary_until: date | None


def due_dates(terms: Terms, calendars: Calendars, place: Place, received_at: datetime, days: int) -> Due:
    received_on = place.day_of(received_at)
    answer_at = _on_working_day(calendars, place, place.days_after(received_at, days), received_at)
    summary = terms.summary_working_days.get(place.jurisdiction)
    return Due(
        acknowledge_on=working_days_after(calendars, place, received_on, terms.acknowledge_working_days),
        answer_at=answer_at,
        remind_at=max(received_at, answer_at - terms.remind_before),
        summary_until=None if summary is None else working_days_after(calendars, place, received_on, summary),
    )


def working_days_after(calendars: Calendars, place: Place, day: date, count: int) -> date:
    """The day itself is not counted."""
    found = day
    for _ in range(WALK_MAX + count):
        if count == 0:
            break
        found += DAY
        if is_working_day(calendars, place, found):
            count -= 1
    return found


def is_working_day(calendars: Calendars, place: Place, day: date) -> bool:
    """Monday to Friday where nobody knows that place's holidays."""
    known = calendars.around(place.jurisdiction, place.region, day)
    answer = known.is_working_day(day) if known is not None else None
    return day.weekday() < 5 if answer is None else answer


def _on_working_day(calendars: Calendars, place: Place, due_at: datetime, received_at: datetime) -> datetime:
    """The same hour of the last working day not after; never before the receipt."""
    for back in range(WALK_MAX):
        earlier = due_at - back * DAY
        if earlier <= received_at:
            break
        if is_working_day(calendars, place, place.day_of(earlier)):
            return earlier
    return due_at
