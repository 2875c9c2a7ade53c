"""What the agency earns: a creditor's schedule of fees as data, and the fee on each piece of collected money.

Rules that hold for every schedule: nothing is earned on costs and charges that are only passed on, nothing on money
that is taken back. Rounding is part of the schedule: `down` always favours the creditor, `half_even` favours nobody in
the long run. Amounts are minor units, rates basis points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.negotiation.domain.ledger import Buckets

Rounding = Literal["down", "half_even"]
Basis = Literal["net", "gross"]
FULL = 10_000


class ScheduleWrong(ValueError):
    """A schedule that contradicts itself; the text says where."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From the unit after `above` of what was collected in the period, this rate is paid."""

    above: int
    rate_basis_points: int


@dataclass(frozen=True, slots=True)
class FeeRule:
    """Rates for some cases: a product (None: any) and an age of the debt at placement, from this many days past due.

    One tier above 0 is a flat rate. `fixed_minor_units` is added for every payment.
    """

    tiers: tuple[Tier, ...]
    product: str | None = None
    days_past_due_from: int = 0
    fixed_minor_units: int = 0

    def __post_init__(self) -> None:
        floors = [tier.above for tier in self.tiers]
        if not floors or floors[0] != 0 or floors != sorted(set(floors)):
            raise ScheduleWrong("tiers begin above 0 and rise")
        if any(not 0 <= tier.rate_basis_points <= FULL for tier in self.tiers):
            raise ScheduleWrong("a rate is between 0 and all of it")
        if self.fixed_minor_units < 0 or self.days_past_due_from < 0:
            raise ScheduleWrong("amounts and days are not negative")


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """What was agreed with a creditor about fees and remittances.

    `case_cap`, `period_cap`: no more than this is earned, ever on one case, or in one period. `period_minimum`: at
    least this is earned in a period. `tax_basis_points`: tax on the fee, shown by itself. `basis`: `net` keeps the fee
    back from what is remitted, `gross` bills it. `clearing_days`: money younger than this is held back, because it may
    be taken back yet. `remittance_minimum`: less than this is carried to the next remittance.
    """

    rules: tuple[FeeRule, ...]
    rounding: Rounding = "down"
    basis: Basis = "net"
    case_cap: int | None = None
    period_cap: int | None = None
    period_minimum: int = 0
    tax_basis_points: int = 0
    clearing_days: int = 0
    remittance_minimum: int = 0

    def __post_init__(self) -> None:
        if not any(rule.product is None and rule.days_past_due_from == 0 for rule in self.rules):
            raise ScheduleWrong("one rule holds for every case")
        if len({(rule.product, rule.days_past_due_from) for rule in self.rules}) != len(self.rules):
            raise ScheduleWrong("two rules hold for the same cases")
        limits = [self.period_minimum, self.clearing_days, self.remittance_minimum, self.tax_basis_points]
        if any(limit < 0 for limit in limits) or self.tax_basis_points > FULL:
            raise ScheduleWrong("a limit is out of range")
        if any(cap is not None and cap < 0 for cap in (self.case_cap, self.period_cap)):
            raise ScheduleWrong("a cap is not negative")
        if self.period_cap is not None and self.period_minimum > self.period_cap:
            raise ScheduleWrong("the minimum is above the cap")

    def rule_for(self, product: str | None, days_past_due: int) -> FeeRule:
        """The rule that says most about a case: its product before any product, the oldest age it has reached."""
        fitting = [
            rule for rule in self.rules if rule.product in (None, product) and rule.days_past_due_from <= days_past_due
        ]
        return max(fitting, key=lambda rule: (rule.product is not None, rule.days_past_due_from))


@dataclass(slots=True)
class Meter:
    """What one period has collected and earned so far; caps and tiers look at it."""

    collected: int = 0
    earned: int = 0


@dataclass(frozen=True, slots=True)
class Fee:
    """The fee on one piece of money, and the tax on it."""

    commission: int = 0
    tax: int = 0


NO_FEE = Fee()


def commissionable(gross: Buckets) -> int:
    """Costs that are passed on earn nothing."""
    return gross.interest + gross.principal


def rounded(amount: int, basis_points: int, rounding: Rounding) -> int:
    """`basis_points` / 10,000 of a non-negative amount as whole minor units."""
    whole, rest = divmod(amount * basis_points, FULL)
    if rounding == "half_even" and (rest * 2 > FULL or (rest * 2 == FULL and whole % 2 == 1)):
        return whole + 1
    return whole


def earn(schedule: FeeSchedule, rule: FeeRule, gross: Buckets, meter: Meter, case_earned: int) -> Fee:
    """The fee on newly settled money; moves the meter on. `case_earned` is what the case has earned before."""
    base = commissionable(gross)
    if base == 0:
        return NO_FEE
    commission = rule.fixed_minor_units + _by_tiers(schedule, rule.tiers, base, meter.collected)
    commission = min(commission, base)  # a fixed fee never exceeds the money that it is paid for
    if schedule.case_cap is not None:
        commission = min(commission, max(0, schedule.case_cap - case_earned))
    if schedule.period_cap is not None:
        commission = min(commission, max(0, schedule.period_cap - meter.earned))
    meter.collected += base
    meter.earned += commission
    return Fee(commission, rounded(commission, schedule.tax_basis_points, schedule.rounding))


def top_up(schedule: FeeSchedule, earned: int) -> Fee:
    """What is missing from the least that a period earns."""
    missing = max(0, schedule.period_minimum - max(0, earned))
    return Fee(missing, rounded(missing, schedule.tax_basis_points, schedule.rounding))


def _by_tiers(schedule: FeeSchedule, tiers: Sequence[Tier], base: int, collected: int) -> int:
    """Each piece of `base` at the rate of the tier that it falls into; rounded once, not per tier."""
    weighted = 0
    for place, tier in enumerate(tiers):
        end = tiers[place + 1].above if place + 1 < len(tiers) else collected + base
        piece = min(collected + base, end) - max(collected, tier.above)
        weighted += max(0, piece) * tier.rate_basis_points
    return rounded(weighted, 1, schedule.rounding)


@dataclass(frozen=True, slots=True)
class FeeVersion:
    """One version of a creditor's schedule; it holds from `valid_from` once a second person has approved it."""

    version: int
    schedule: FeeSchedule
    valid_from: date
    made_by: str
    approved_by: str | None = None
