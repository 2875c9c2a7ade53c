"""What a contract says is due and when: equal monthly instalments, or a list from the lender."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Protocol

from services.intake.domain.dates import add_months


class Schedule(Protocol):
    """Instalments in the order of their due dates, counted from 0. Amounts in minor units."""

    @property
    def count(self) -> int: ...

    @property
    def total_minor_units(self) -> int: ...

    def due_on(self, index: int) -> date:
        """The due date of instalment `index`."""
        ...

    def due_by(self, day: date) -> int:
        """How many instalments have fallen due up to and including `day`."""
        ...

    def total_of_first(self, count: int) -> int:
        """The sum of the first `count` instalments."""
        ...

    def covered_by(self, paid_minor_units: int) -> int:
        """How many of the first instalments an amount pays in full, the oldest first."""
        ...


def rounding_of(instalment_minor_units: int) -> int:
    """How much an instalment may fall short and still count as paid: 1.00, or 1 % of a small one.

    Lenders round the last cent of an instalment each in their own way; a cent must not age a debt by a month.
    """
    return min(100, instalment_minor_units // 100)


@dataclass(frozen=True, slots=True)
class EqualInstalments:
    """The same amount every month from `first_due_on`, `count` times."""

    first_due_on: date
    count: int
    amount_minor_units: int

    @property
    def total_minor_units(self) -> int:
        return self.amount_minor_units * self.count

    def due_on(self, index: int) -> date:
        return add_months(self.first_due_on, index)

    def due_by(self, day: date) -> int:
        first = self.first_due_on
        if day < first:
            return 0
        months = (day.year - first.year) * 12 + day.month - first.month
        return min(self.count, months + (add_months(first, months) <= day))

    def total_of_first(self, count: int) -> int:
        return self.amount_minor_units * count

    def covered_by(self, paid_minor_units: int) -> int:
        rounding = rounding_of(self.amount_minor_units)
        return min(self.count, (paid_minor_units + rounding) // self.amount_minor_units)


class ListedInstalments:
    """Instalments as the lender lists them, in the order of their due dates (at least one)."""

    __slots__ = ("_amounts", "_days", "_sums")

    def __init__(self, instalments: Sequence[tuple[date, int]]) -> None:
        self._days = [day for day, _ in instalments]
        self._amounts = [amount for _, amount in instalments]
        self._sums = list(accumulate(self._amounts))

    @property
    def count(self) -> int:
        return len(self._days)

    @property
    def total_minor_units(self) -> int:
        return self._sums[-1]

    def due_on(self, index: int) -> date:
        return self._days[index]

    def due_by(self, day: date) -> int:
        return bisect_right(self._days, day)

    def total_of_first(self, count: int) -> int:
        return self._sums[count - 1] if count else 0

    def covered_by(self, paid_minor_units: int) -> int:
        covered = bisect_right(self._sums, paid_minor_units)
        if covered < self.count:
            missing = self._sums[covered] - paid_minor_units
            covered += missing <= rounding_of(self._amounts[covered])
        return covered
