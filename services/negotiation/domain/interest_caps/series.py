"""A published rate over time, with the day up to which it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RateFrom:
    """A yearly rate in basis points, in force from a day until the next one."""

    starts_on: date
    basis_points: int


@dataclass(frozen=True, slots=True)
class Series:
    """Rates in the order of their days. Nothing is said of days before the first or after `known_through`."""

    name: str
    rates: tuple[RateFrom, ...]
    known_through: date

    def __post_init__(self) -> None:
        days = [rate.starts_on for rate in self.rates]
        if not days or days != sorted(set(days)) or self.known_through < days[-1]:
            raise ValueError("a series has rates in order, and is known through its last one at least")

    def on(self, day: date) -> int | None:
        """The rate in force on a day in basis points; None where the series does not know."""
        if day > self.known_through:
            return None
        return next((rate.basis_points for rate in reversed(self.rates) if rate.starts_on <= day), None)
