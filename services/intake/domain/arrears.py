"""Arrears recomputed: what the contract and the payments say, whatever the lender's own figure is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.intake.domain.schedule import Schedule

TOLERANCE_MINOR_UNITS = 100
TOLERANCE_BASIS_POINTS = 50
TOLERANCE_DAYS = 1
"""Lenders count the due date itself as day 0 or as day 1."""


@dataclass(frozen=True, slots=True)
class Arrears:
    """Due and unpaid on a day. Payments settle the oldest instalment first.

    `oldest_due_on` is None and `days_past_due` 0 where every instalment that is due is paid.
    """

    minor_units: int
    days_past_due: int
    oldest_due_on: date | None
    instalments_paid: int
    instalments_missed: int


def recompute(schedule: Schedule, paid_minor_units: int, as_of: date) -> Arrears:
    """What is due and unpaid at the end of `as_of`: an instalment due on that very day is due and 0 days late."""
    due = schedule.due_by(as_of)
    paid = schedule.covered_by(paid_minor_units)
    if paid >= due:
        return Arrears(0, 0, None, paid, 0)
    oldest = schedule.due_on(paid)
    unpaid = schedule.total_of_first(due) - paid_minor_units
    return Arrears(unpaid, (as_of - oldest).days, oldest, paid, due - paid)


def tolerance_for(minor_units: int) -> int:
    """By how much the lender's arrears may differ from ours: 1.00 or half a per cent, whichever is more."""
    return max(TOLERANCE_MINOR_UNITS, minor_units * TOLERANCE_BASIS_POINTS // 10_000)
