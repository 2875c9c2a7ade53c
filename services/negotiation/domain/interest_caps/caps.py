"""The cap that holds for a loan: rules are data, and what they do not say is `Unknown`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.interest_caps.series import Series

LenderKind = Literal["bank", "consumer_finance", "small_loan", "private", "unknown"]
RateAt = Literal["formation", "asked"]

WHOLE = 10_000
DAYS_A_YEAR = 365
HIGH_COST_ANNUAL_RATE = 10_000
HIGH_COST_MONTHS = 12
"""High-cost short-term credit: a yearly rate of 100 % or more, to be repaid within twelve months (FCA glossary)."""


@dataclass(frozen=True, slots=True)
class Loan:
    """What decides which cap holds. `formed_on`: when the contract was made; None: not known."""

    jurisdiction: str
    formed_on: date | None
    lender_kind: LenderKind = "unknown"
    region: str | None = None
    annual_rate_basis_points: int | None = None
    term_months: int | None = None

    @property
    def is_high_cost_short_term(self) -> bool | None:
        if self.annual_rate_basis_points is None or self.term_months is None:
            return None
        return self.annual_rate_basis_points >= HIGH_COST_ANNUAL_RATE and self.term_months <= HIGH_COST_MONTHS


@dataclass(frozen=True, slots=True)
class CapRule:
    """One rule as data. Its yearly rate is `annual_rate_basis_points`, or `multiple` of a series at a moment, or there
    is none (`is_none`: the law sets no figure). It holds for contracts formed from `formed_from` on, up to and without
    `formed_below`. `covers`: what counts together. Amounts in minor units of the jurisdiction's currency."""

    rule: str
    jurisdiction: str
    clause: str
    confidence: str
    lender_kinds: tuple[LenderKind, ...] = ()
    region: str | None = None
    is_high_cost_short_term: bool | None = None
    formed_from: date | None = None
    formed_below: date | None = None
    in_force_from: date | None = None
    covers: tuple[str, ...] = ("interest",)
    annual_rate_basis_points: int | None = None
    multiple: int | None = None
    series: str | None = None
    rate_at: RateAt = "formation"
    daily_rate_basis_points: int | None = None
    default_fees_max: int | None = None
    total_cost_max_basis_points: int | None = None
    is_none: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the caps are worked out from."""

    rules: tuple[CapRule, ...]
    series: Mapping[str, Series]


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that may be asked. Rates in basis points; `total_cost_max_basis_points` is of the amount lent."""

    rule: str
    clause: str
    confidence: str
    covers: tuple[str, ...]
    annual_rate_basis_points: int | None = None
    daily_rate_basis_points: int | None = None
    default_fees_max: int | None = None
    total_cost_max_basis_points: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def yearly(self) -> int:
        """As one number a year, to compare caps by."""
        daily = self.daily_rate_basis_points
        rates = [self.annual_rate_basis_points, daily * DAYS_A_YEAR if daily is not None else None]
        return min(rate for rate in rates if rate is not None)


@dataclass(frozen=True, slots=True)
class NoCap:
    """The law sets no figure here; the contract and fairness still bound what may be asked."""

    rule: str
    clause: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """We do not know: somebody has to look. `why`: no_rule, formation_unknown, series_unknown, facts_missing."""

    why: str


def loan_of(case: CaseFile, lender_kind: LenderKind = "unknown") -> Loan:
    """A case as the question of its cap."""
    contract = case.contract
    if contract is None:
        return Loan(case.jurisdiction, None, lender_kind)
    return Loan(
        case.jurisdiction,
        contract.originated_on,
        lender_kind,
        contract.region,
        contract.annual_rate_basis_points,
        contract.term_months,
    )


def cap(loan: Loan, on: date, figures: Figures) -> Cap | NoCap | Unknown:
    """The cap on a day. Where the kind of lender is not known, the lowest of those that may hold, with a note."""
    here = [rule for rule in figures.rules if _is_in_place(rule, loan, on)]
    if not here:
        return Unknown("no_rule")
    if loan.formed_on is None and any(_needs_formation(rule) for rule in here):
        return Unknown("formation_unknown")
    if loan.is_high_cost_short_term is None and any(rule.is_high_cost_short_term is not None for rule in here):
        return Unknown("facts_missing")
    fitting = [rule for rule in here if _fits(rule, loan)]
    is_guess = loan.lender_kind == "unknown" and any(rule.lender_kinds for rule in fitting)
    return _lowest([_work_out(rule, loan, on, figures) for rule in fitting], is_guess=is_guess)


def interest_within(limit: Cap, principal: int, days: int) -> int:
    """The most interest on an amount over so many days, in minor units, rounded down."""
    most: list[int] = []
    if limit.annual_rate_basis_points is not None:
        most.append(principal * limit.annual_rate_basis_points * days // (WHOLE * DAYS_A_YEAR))
    if limit.daily_rate_basis_points is not None:
        most.append(principal * limit.daily_rate_basis_points * days // WHOLE)
    if limit.total_cost_max_basis_points is not None:
        most.append(principal * limit.total_cost_max_basis_points // WHOLE)
    return min(most, default=0)


def _is_in_place(rule: CapRule, loan: Loan, on: date) -> bool:
    return (
        rule.jurisdiction == loan.jurisdiction
        and rule.region in (None, loan.region)
        and (rule.in_force_from is None or rule.in_force_from <= on)
    )


def _needs_formation(rule: CapRule) -> bool:
    by_series = rule.series is not None and rule.rate_at == "formation"
    return by_series or rule.formed_from is not None or rule.formed_below is not None


def _fits(rule: CapRule, loan: Loan) -> bool:
    formed = loan.formed_on
    return (
        (not rule.lender_kinds or loan.lender_kind == "unknown" or loan.lender_kind in rule.lender_kinds)
        and (rule.is_high_cost_short_term in (None, loan.is_high_cost_short_term))
        and (rule.formed_from is None or (formed is not None and rule.formed_from <= formed))
        and (rule.formed_below is None or (formed is not None and formed < rule.formed_below))
    )


def _work_out(rule: CapRule, loan: Loan, on: date, figures: Figures) -> Cap | NoCap | Unknown:
    if rule.is_none:
        return NoCap(rule.rule, rule.clause, rule.notes)
    annual = rule.annual_rate_basis_points
    if rule.series is not None and rule.multiple is not None:
        day = loan.formed_on if rule.rate_at == "formation" else on
        rate = figures.series[rule.series].on(day) if day is not None else None
        if rate is None:
            return Unknown("series_unknown")
        annual = rate * rule.multiple
    return Cap(
        rule.rule,
        rule.clause,
        rule.confidence,
        rule.covers,
        annual,
        rule.daily_rate_basis_points,
        rule.default_fees_max,
        rule.total_cost_max_basis_points,
        rule.notes,
    )


def _lowest(found: list[Cap | NoCap | Unknown], *, is_guess: bool) -> Cap | NoCap | Unknown:
    unknown = next((answer for answer in found if isinstance(answer, Unknown)), None)
    if unknown is not None or not found:
        return unknown or Unknown("no_rule")
    caps = [answer for answer in found if isinstance(answer, Cap)]
    if not caps:
        return found[0]
    lowest = min(caps, key=lambda limit: limit.yearly)
    return replace(lowest, notes=(*lowest.notes, "lender_kind_unknown")) if is_guess else lowest
