"""The discount grid: how much may be given up, by days past due, balance and stage. At most one row speaks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from services.negotiation.domain.ledger import Buckets

WHOLE = 10_000
"""Basis points of everything."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from `start` up to and without `below`; no `below` is no end."""

    start: int = 0
    below: int | None = None

    def holds(self, value: int) -> bool:
        return self.start <= value and (self.below is None or value < self.below)

    def meet(self, other: Span) -> Span | None:
        """What both hold, if they hold anything together."""
        ends = [end for end in (self.below, other.below) if end is not None]
        met = Span(max(self.start, other.start), min(ends, default=None))
        return None if met.below is not None and met.below <= met.start else met


EVERYTHING = Span()


@dataclass(frozen=True, slots=True)
class Shares:
    """The largest discount in basis points of each bucket, and `overall` of the whole balance."""

    fees: int = 0
    interest: int = 0
    principal: int = 0
    overall: int = WHOLE

    def tightest(self, other: Shares) -> Shares:
        return Shares(
            min(self.fees, other.fees),
            min(self.interest, other.interest),
            min(self.principal, other.principal),
            min(self.overall, other.overall),
        )

    def amount(self, owed: Buckets) -> int:
        """The largest discount in minor units, rounded down once so that it is never above the mandate."""
        by_bucket = owed.fees * self.fees + owed.interest * self.interest + owed.principal * self.principal
        return min(by_bucket // WHOLE, owed.total * self.overall // WHOLE)


NO_DISCOUNT = Shares(overall=0)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One field of the grid. `stage` None: any; balances in minor units."""

    largest: Shares
    days_past_due: Span = EVERYTHING
    balance: Span = EVERYTHING
    stage: str | None = None

    def meets(self, other: GridRow) -> bool:
        return self.meet(other) is not None

    def meet(self, other: GridRow) -> GridRow | None:
        """The field that two rows have in common, with the smaller discounts."""
        days = self.days_past_due.meet(other.days_past_due)
        balance = self.balance.meet(other.balance)
        if days is None or balance is None or (self.stage and other.stage and self.stage != other.stage):
            return None
        return GridRow(self.largest.tightest(other.largest), days, balance, self.stage or other.stage)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of which no two speak about the same case. Where none speaks, no discount is given."""

    rows: tuple[GridRow, ...] = ()

    def overlaps(self) -> tuple[tuple[int, int], ...]:
        """Pairs of rows (by position) that would both speak: such a grid is not approved."""
        return tuple((i, j) for (i, one), (j, other) in combinations(enumerate(self.rows), 2) if one.meets(other))

    def shares(self, days_past_due: int | None, balance: int, stage: str) -> Shares:
        """What the grid gives. Unknown days past due get what every number of days would get at least."""
        fitting = [row for row in self.rows if row.balance.holds(balance) and row.stage in (None, stage)]
        if days_past_due is not None:
            return next((row.largest for row in fitting if row.days_past_due.holds(days_past_due)), NO_DISCOUNT)
        if not _covers_all_days(fitting):
            return NO_DISCOUNT
        least = fitting[0].largest
        for row in fitting[1:]:
            least = least.tightest(row.largest)
        return least

    def tightened_by(self, other: Grid) -> Grid:
        """The grid that gives, everywhere, no more than either."""
        met = (one.meet(two) for one in self.rows for two in other.rows)
        return Grid(tuple(row for row in met if row is not None))


def _covers_all_days(rows: list[GridRow]) -> bool:
    reached: int | None = 0
    for days in sorted((row.days_past_due for row in rows), key=lambda span: span.start):
        if reached is None or days.start > reached:
            break
        reached = days.below
    return bool(rows) and reached is None
