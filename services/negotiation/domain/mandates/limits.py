"""What a mandate bounds beside money given up: terms, payments, relief, frequencies, and plans one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.mandates.grid import Grid
from services.negotiation.domain.terms import Form, Frequency

ReliefKind = Literal["pause", "deferral", "interest_freeze", "reduced"]
ReplanReached = Literal["per_case", "per_year"]
RELIEF_KINDS: tuple[ReliefKind, ...] = ("pause", "deferral", "interest_freeze", "reduced")
FREQUENCIES: tuple[Frequency, ...] = ("once", "weekly", "fortnightly", "monthly", "pay_day")


@dataclass(frozen=True, slots=True)
class Relief:
    """A kind of relief that may be granted, for at most so many months."""

    kind: ReliefKind
    months_max: int


@dataclass(frozen=True, slots=True)
class Restructuring:
    """New terms for the whole debt: how long, and at most at which yearly rate (basis points)."""

    term_months_max: int
    annual_rate_max_basis_points: int = 0


@dataclass(frozen=True, slots=True)
class ReplanLimit:
    """How many plans a case may have in all and within twelve months; the first plan counts too. None: no limit."""

    per_case: int | None = None
    per_year: int | None = None

    def otherwise(self, other: ReplanLimit) -> ReplanLimit:
        """This limit, and another's where it names none."""
        return ReplanLimit(
            self.per_case if self.per_case is not None else other.per_case,
            self.per_year if self.per_year is not None else other.per_year,
        )

    def reached(self, agreed_on: Sequence[date], today: date) -> ReplanReached | None:
        """Which limit a further plan would be above, given the days on which plans were agreed."""
        if self.per_case is not None and len(agreed_on) >= self.per_case:
            return "per_case"
        year_ago = add_months(today, -12)
        if self.per_year is not None and sum(day > year_ago for day in agreed_on) >= self.per_year:
            return "per_year"
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """`instalment_min`: minor units a month. `discounted_forms`: the forms of offer that may carry a discount."""

    grid: Grid
    term_months_max: int
    instalment_min: int
    reliefs: tuple[Relief, ...] = ()
    frequencies: tuple[Frequency, ...] = FREQUENCIES
    restructuring: Restructuring | None = None
    replans: ReplanLimit = ReplanLimit()
    discounted_forms: tuple[Form, ...] = ("lump_sum",)

    def relief_months(self, kind: str) -> int | None:
        """The longest relief of a kind in months; None: not in the mandate."""
        return next((relief.months_max for relief in self.reliefs if relief.kind == kind), None)

    def tightened_by(self, other: Limits) -> Limits:
        """Limits that allow, in everything, no more than either."""
        return Limits(
            grid=self.grid.tightened_by(other.grid),
            term_months_max=min(self.term_months_max, other.term_months_max),
            instalment_min=max(self.instalment_min, other.instalment_min),
            reliefs=tuple(
                Relief(relief.kind, min(relief.months_max, months))
                for relief in self.reliefs
                if (months := other.relief_months(relief.kind)) is not None
            ),
            frequencies=tuple(f for f in self.frequencies if f in other.frequencies),
            restructuring=_tightest_restructuring(self.restructuring, other.restructuring),
            replans=ReplanLimit(
                _least(self.replans.per_case, other.replans.per_case),
                _least(self.replans.per_year, other.replans.per_year),
            ),
            discounted_forms=tuple(f for f in self.discounted_forms if f in other.discounted_forms),
        )


def _tightest_restructuring(one: Restructuring | None, other: Restructuring | None) -> Restructuring | None:
    if one is None or other is None:
        return None
    return Restructuring(
        min(one.term_months_max, other.term_months_max),
        min(one.annual_rate_max_basis_points, other.annual_rate_max_basis_points),
    )


def _least(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)
