"""Watch after cure: whether who has paid, or is up to date again, stays so for six and twelve months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.negotiation.domain.calendar import add_months

Cure = Literal["plan_completed", "paid_in_full", "healed"]
Outcome = Literal["kept", "re_defaulted", "replaced", "erased"]

MONTHS = (6, 12)
WATCH_MONTHS = 12
RATE_FROM = 10
"""Groups smaller than this are not shown: few numbers say little, and may say it about somebody."""


@dataclass(frozen=True, slots=True)
class CureWatch:
    """A cure that is watched. `treatment` is the form of the plan that cured it, or `paid_in_full`."""

    watch_id: UUID
    case_id: UUID
    creditor_id: UUID
    person_id: UUID | None
    cure: Cure
    cause: str
    treatment: str
    cured_at: datetime
    cured_on: date
    outcome: Outcome | None = None
    outcome_at: datetime | None = None
    within_months: int | None = None

    @property
    def ends_on(self) -> date:
        """The first day that does not count any more."""
        return add_months(self.cured_on, WATCH_MONTHS)


def within_months(cured_on: date, on: date) -> Literal[6, 12] | None:
    """In which window a new arrear lies: up to six months after the cure, up to twelve, or in none."""
    if on < cured_on:
        return None
    if on < add_months(cured_on, 6):
        return 6
    return 12 if on < add_months(cured_on, WATCH_MONTHS) else None


@dataclass(frozen=True, slots=True)
class CureCount:
    """Cures of one group: how many are old enough for each window, and how many of those re-defaulted in it."""

    group: str
    cures: int
    seen_6: int
    again_6: int
    seen_12: int
    again_12: int


@dataclass(frozen=True, slots=True)
class CureRate:
    """A rate in basis points, or None where too few cures are old enough for one."""

    group: str
    cures: int
    within_6: int | None
    within_12: int | None


def rates(counts: Iterable[CureCount]) -> tuple[CureRate, ...]:
    """The groups that are large enough to be shown, largest first."""
    shown = [
        CureRate(c.group, c.cures, _share(c.again_6, c.seen_6), _share(c.again_12, c.seen_12))
        for c in counts
        if c.cures >= RATE_FROM
    ]
    return tuple(sorted(shown, key=lambda rate: (-rate.cures, rate.group)))


def _share(part: int, whole: int) -> int | None:
    return part * 10_000 // whole if whole >= RATE_FROM else None
