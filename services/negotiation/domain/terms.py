"""Terms of an offer or plan: drawn up from a few figures, complete in themselves, summing to the unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.negotiation.domain.calendar import add_months
from shared.kernel.money import split_evenly

PlanKind = Literal["lump_sum", "instalments", "hardship_pause"]

INSTALMENTS_MAX = 600


@dataclass(frozen=True, slots=True)
class Instalment:
    """One due payment."""

    number: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The few figures from which terms are drawn up: what two offers are compared by.

    `total` is paid in `count` monthly payments from `first_due_on`; `discount` is waived when all are paid;
    `pause_until` is the first day on which something may be asked for again.
    """

    kind: PlanKind
    total: int
    discount: int
    count: int
    first_due_on: date
    pause_until: date | None = None

    def __post_init__(self) -> None:
        if not (1 <= self.count <= INSTALMENTS_MAX and self.total > 0 and self.discount >= 0):
            raise ValueError("an outline pays a positive amount in 1 to 600 payments")


@dataclass(frozen=True, slots=True)
class Terms:
    """What both sides agree to."""

    kind: PlanKind
    currency: str
    total: int
    discount: int
    instalments: tuple[Instalment, ...]
    grace_days: int
    pause_until: date | None


def draw_up(outline: Outline, *, currency: str, grace_days: int) -> Terms:
    """The schedule of an outline: even payments, the first ones carrying the remainder, due monthly."""
    amounts = split_evenly(outline.total, outline.count)
    instalments = tuple(
        Instalment(number, add_months(outline.first_due_on, number - 1), amount)
        for number, amount in enumerate(amounts, start=1)
    )
    return Terms(outline.kind, currency, outline.total, outline.discount, instalments, grace_days, outline.pause_until)
