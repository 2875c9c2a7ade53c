"""What the scorecard may look at, as named whole numbers and words derived from the facts.

Nothing here is, or stands for, a protected characteristic: no age, sex, origin, place of living or language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from services.assessment.domain.case_facts import CaseFacts

Measure = int | str | None
RATIO_MAX = 10_000_000
"""Basis points; beyond a thousand to one a ratio says nothing more."""

MEASURES = (
    "arrears_cause",
    "arrears_to_income_basis_points",
    "balance_to_income_basis_points",
    "days_past_due",
    "debt_to_income_basis_points",
    "delinquencies_two_years",
    "employment_years",
    "hardship_talks",
    "home",
    "instalment_to_income_basis_points",
    "instalments_missed",
    "payments_kept",
    "payments_reversed",
    "plan_state",
    "plans_broken",
    "promises",
    "reach",
    "share_paid_basis_points",
)


def measures_of(facts: CaseFacts, today: date) -> dict[str, Measure]:
    """Every measure of `MEASURES`; None where the facts for it are missing."""
    income = facts.annual_income_minor_units or None
    instalments = facts.instalments_paid + facts.instalments_missed
    home = None if facts.is_homeowner is None else "owned" if facts.is_homeowner else "not_owned"
    return {
        "arrears_cause": facts.arrears_cause,
        # Against one month's income, the others against a year's.
        "arrears_to_income_basis_points": _ratio(facts.arrears_minor_units * 12, income),
        "balance_to_income_basis_points": _ratio(facts.balance_minor_units, income),
        "days_past_due": facts.days_past_due(today),
        "debt_to_income_basis_points": facts.debt_to_income_basis_points,
        "delinquencies_two_years": facts.delinquencies_two_years,
        "employment_years": facts.employment_years,
        "hardship_talks": facts.hardship_talks,
        "home": home,
        "instalment_to_income_basis_points": _ratio(facts.instalment_minor_units * 12, income),
        "instalments_missed": facts.instalments_missed,
        "payments_kept": max(0, facts.payments - facts.payments_reversed),
        "payments_reversed": facts.payments_reversed,
        "plan_state": facts.plan_state,
        "plans_broken": facts.plans_broken,
        "promises": facts.promises,
        "reach": facts.reach,
        "share_paid_basis_points": _ratio(facts.instalments_paid, instalments or None),
    }


def _ratio(part: int, whole: int | None) -> int | None:
    return None if whole is None else min(RATIO_MAX, part * 10_000 // whole)


def value_text(measures: Mapping[str, Measure], name: str) -> str:
    """The value as it is shown beside the points it gave."""
    value = measures[name]
    return "unknown" if value is None else str(value)
