"""The steps of the sandbox's clock: six a day, at hours chosen so that what must not race does not share a step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

STARTS_AT = datetime(2026, 1, 5, tzinfo=UTC)
HOURS = (1, 5, 9, 13, 17, 21)
"""UTC. China's day is 1 to 13 (9:00 to 21:00 there), America's 13 to 1; nights in both are 5 and 17 to 21."""

PAYS_AT = 1
"""Whoever pays on the page does so before any lender reports what was paid that day."""
STAFF_WORKS_AT = 13
RECALLS_AT = 5
"""Night in America: the next message of an American case is queued, and China has had its morning."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of the clock. `number` counts from 1 over the whole run, `day` is the UTC date, `day_number` from 0."""

    number: int
    at: datetime
    day_number: int

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def is_last_of_day(self) -> bool:
        return self.at.hour == HOURS[-1]


def steps(days: int) -> Iterator[Step]:
    """Every stop of `days` days after the start."""
    for day in range(days):
        for n, hour in enumerate(HOURS):
            yield Step(day * len(HOURS) + n + 1, STARTS_AT + timedelta(days=day, hours=hour), day)
