"""Before and after: what the contract would still cost over its remaining term, and what a plan costs instead."""

from __future__ import annotations

from dataclasses import dataclass

from services.negotiation.domain.offers.facts import Facts
from services.negotiation.domain.offers.limits import largest_monthly
from services.negotiation.domain.terms import Outline

MONTHS_MAX = 600


@dataclass(frozen=True, slots=True)
class Cost:
    """`monthly` is the most that is asked in a month, `total` everything that is paid, both in minor units."""

    monthly: int
    total: int
    months: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Side by side. `before` supposes that the contract goes on at its own rate with its own instalment."""

    before: Cost
    after: Cost

    @property
    def saved(self) -> int:
        return self.before.total - self.after.total


def compare(facts: Facts, outline: Outline) -> Comparison | None:
    """None where the contract is not known."""
    if facts.annual_rate_basis_points is None or facts.months_left is None:
        return None
    after = Cost(largest_monthly(outline), outline.total, outline.count)
    return Comparison(_contract(facts, facts.annual_rate_basis_points, facts.months_left), after)


def _contract(facts: Facts, rate: int, months_left: int) -> Cost:
    """The regular instalment every month on the principal, with interest for the month on what is left of it.

    What is left at the end of the term is paid with its last instalment. Fees and interest that are owed already are
    paid once. Each month's interest is rounded down, so that what a plan saves is never overstated.
    """
    left, paid, months = facts.owed.principal, 0, min(months_left, MONTHS_MAX)
    instalment = facts.regular_instalment or -(-left // months)
    for month in range(1, months + 1):
        interest = left * rate // 120_000
        payment = left + interest if month == months else min(instalment, left + interest)
        # An instalment below the month's interest would let the debt grow; the contract then takes the interest.
        payment = max(payment, interest)
        left -= payment - interest
        paid += payment
        if left == 0:
            months = month
            break
    return Cost(min(instalment, facts.total + paid), facts.owed.fees + facts.owed.interest + paid, months)
