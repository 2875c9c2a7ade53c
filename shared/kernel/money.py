"""Money in integer minor units with its currency: never a float, never two currencies in one sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# ISO 4217 exponents of the currencies that have a market here; an unknown currency is refused, not guessed.
EXPONENTS = {"USD": 2, "CNY": 2, "EUR": 2, "GBP": 2, "INR": 2, "IDR": 2, "PHP": 2, "VND": 0, "SGD": 2, "AUD": 2}

MINOR_UNITS_MAX = 10**15
"""No single amount is larger: fits a signed 64-bit column with room for sums of a whole portfolio."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met in one operation: a programmer's error, not a refusal."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents, fen) of one currency."""

    minor_units: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in EXPONENTS:
            raise ValueError(f"unknown currency {self.currency!r}")
        if abs(self.minor_units) > MINOR_UNITS_MAX:
            raise OverflowError("amount out of range")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor_units + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor_units - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor_units < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor_units <= self._same(other)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.minor_units


def split_evenly(total_minor_units: int, parts: int) -> list[int]:
    """Split a non-negative amount into `parts` whole amounts that sum to it; the first ones carry the remainder."""
    if parts < 1 or total_minor_units < 0:
        raise ValueError("a non-negative amount is split into at least one part")
    share, remainder = divmod(total_minor_units, parts)
    return [share + 1 if i < remainder else share for i in range(parts)]


def share_of(amount_minor_units: int, basis_points: int) -> int:
    """`basis_points` / 10,000 of an amount, rounded half up to a whole minor unit."""
    return (amount_minor_units * basis_points + 5_000) // 10_000


def split_in_proportion(total_minor_units: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by non-negative weights; largest remainders get the left-over units, first come first."""
    weight = sum(weights)
    if weight <= 0:
        raise ValueError("at least one weight is positive")
    shares = [total_minor_units * w // weight for w in weights]
    left = total_minor_units - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total_minor_units * weights[i] % weight))
    for i in by_remainder[:left]:
        shares[i] += 1
    return shares
