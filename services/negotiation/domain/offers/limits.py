"""How many payments of one frequency there may be: by the term, the smallest instalment, and the ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.offers.facts import Facts
from services.negotiation.domain.terms import INSTALMENTS_MAX, Frequency, Outline

A_YEAR: dict[Frequency, int] = {"weekly": 52, "fortnightly": 26, "monthly": 12, "pay_day": 12}
DAYS: dict[Frequency, int] = {"weekly": 7, "fortnightly": 14}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What payments of one balance may look like: how many, and whether even the lowest is affordable.

    `ceiling` is the largest payment the borrower can make; `is_known` tells whether that was looked at or is the
    contract's own regular instalment for want of better.
    """

    total: int
    count_max: int
    ceiling: int
    is_known: bool
    is_by_term: bool = True

    @property
    def count_for_ceiling(self) -> int:
        """The fewest payments that stay at or below the ceiling."""
        return max(1, -(-self.total // self.ceiling)) if self.ceiling > 0 else INSTALMENTS_MAX + 1

    @property
    def has_room(self) -> bool:
        return self.count_for_ceiling <= self.count_max

    @property
    def lowest_monthly(self) -> int:
        """The largest of the payments when as many are made as the mandate allows."""
        return -(-self.total // self.count_max)


def bounds_of(facts: Facts, frequency: Frequency = "monthly", first_due_on: date | None = None) -> Bounds:
    """A balance below the smallest instalment is one payment."""
    by_minimum = INSTALMENTS_MAX
    if facts.instalment_min > 0:
        # The mandate names its smallest instalment a month; payments that come more often may be smaller.
        by_minimum = facts.total // -(-facts.instalment_min * 12 // A_YEAR[frequency])
    by_term = _count_in_term(facts, frequency, first_due_on or facts.today)
    count_max = max(1, min(by_term, by_minimum, INSTALMENTS_MAX))
    ceiling = per_payment(facts.ceiling, frequency)
    return Bounds(facts.total, count_max, ceiling, facts.is_known, is_by_term=count_max == by_term)


def per_payment(monthly: int, frequency: Frequency) -> int:
    """A monthly amount as one payment of a frequency, rounded down."""
    return monthly * 12 // A_YEAR.get(frequency, 12)


def per_month(amount: int, frequency: Frequency) -> int:
    """A payment of a frequency as a monthly amount, rounded up."""
    return -(-amount * A_YEAR.get(frequency, 12) // 12)


def largest_monthly(outline: Outline) -> int:
    """The most that an outline asks for in a month."""
    return per_month(largest_payment(outline), outline.frequency)


def largest_payment(outline: Outline) -> int:
    return max((amount for _, amount in outline.steps), default=-(-outline.total // outline.count))


def _count_in_term(facts: Facts, frequency: Frequency, first: date) -> int:
    if frequency not in DAYS:
        return facts.term_months_max
    last = add_months(first, facts.term_months_max) - timedelta(days=1)
    return (last - first).days // DAYS[frequency] + 1
