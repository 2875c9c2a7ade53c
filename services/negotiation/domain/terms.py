"""Terms of an offer or plan: drawn up from a few figures, complete in themselves, summing to the unit."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.negotiation.domain.calendar import add_months
from shared.kernel.money import split_evenly

PlanKind = Literal["lump_sum", "instalments", "hardship_pause"]
"""What others must be able to handle (a stable public contract); `Form` says more finely what it is."""
Form = Literal["lump_sum", "level", "step", "deferral", "interest_freeze", "reduced", "restructured", "pause"]
Frequency = Literal["once", "weekly", "fortnightly", "monthly", "pay_day"]

INSTALMENTS_MAX = 600
FORM_OF: dict[PlanKind, Form] = {"lump_sum": "lump_sum", "instalments": "level", "hardship_pause": "pause"}
"""The form of an outline that names none."""
_DAYS: dict[Frequency, int] = {"weekly": 7, "fortnightly": 14}


@dataclass(frozen=True, slots=True)
class Instalment:
    """One due payment."""

    number: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The few figures from which terms are drawn up: what two offers are compared by.

    `total` is paid in `count` payments from `first_due_on`; `discount` is waived when all are paid; `pause_until` is
    the first day on which something may be asked for again. `pay_day` is a day of the month (the last one where a
    month is shorter), for the frequency `pay_day` only. `steps` are (payments, amount of each), first ones first; they
    pay `total` in `count` payments. Without steps the payments are even.
    """

    kind: PlanKind
    total: int
    discount: int
    count: int
    first_due_on: date
    pause_until: date | None = None
    form: Form | None = None
    frequency: Frequency = "monthly"
    pay_day: int | None = None
    steps: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if not (1 <= self.count <= INSTALMENTS_MAX and self.total > 0 and self.discount >= 0):
            raise ValueError("an outline pays a positive amount in 1 to 600 payments")
        if (self.frequency == "pay_day") != (self.pay_day is not None) or not 1 <= (self.pay_day or 1) <= 31:
            raise ValueError("a pay day is a day of the month, and goes with its frequency")
        if self.steps and not self._steps_add_up():
            raise ValueError("the steps of an outline pay its total in its number of payments")

    def _steps_add_up(self) -> bool:
        are_positive = all(count > 0 and amount > 0 for count, amount in self.steps)
        count, total = sum(count for count, _ in self.steps), sum(count * amount for count, amount in self.steps)
        return are_positive and count == self.count and total == self.total

    @property
    def shape(self) -> tuple[PlanKind, Form, Frequency]:
        """What sort of offer this is: two open offers of one case never share it."""
        return self.kind, self.form or FORM_OF[self.kind], self.frequency


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
    form: Form | None = None
    frequency: Frequency | None = None


def draw_up(outline: Outline, *, currency: str, grace_days: int) -> Terms:
    """The schedule of an outline: its steps, or even payments of which the first ones carry the remainder."""
    amounts = [amount for count, amount in outline.steps for _ in range(count)]
    instalments = tuple(
        Instalment(number, _due_on(outline, number - 1), amount)
        for number, amount in enumerate(amounts or split_evenly(outline.total, outline.count), start=1)
    )
    return Terms(
        outline.kind,
        currency,
        outline.total,
        outline.discount,
        instalments,
        grace_days,
        outline.pause_until,
        form=outline.shape[1],
        frequency="once" if outline.count == 1 else outline.frequency,
    )


def _due_on(outline: Outline, index: int) -> date:
    """The date of a payment, always counted from the first one so that dates do not drift."""
    first = outline.first_due_on
    if outline.frequency in _DAYS:
        return first + timedelta(days=_DAYS[outline.frequency] * index)
    if outline.pay_day is None or index == 0:
        return add_months(first, index)
    month = add_months(first.replace(day=1), index)
    return month.replace(day=min(outline.pay_day, calendar.monthrange(month.year, month.month)[1]))
