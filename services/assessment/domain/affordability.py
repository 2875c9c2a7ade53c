"""What a borrower can pay each month without going short: an estimate from the facts, in whole numbers."""

from __future__ import annotations

from services.assessment.domain.case_facts import CaseFacts
from services.assessment.domain.scorecard import AffordabilityRule

WHOLE = 10_000


def affordable_monthly_minor_units(facts: CaseFacts, rule: AffordabilityRule) -> int | None:
    """Income less living costs and other debts, with a margin, under a cap, rounded down. None: income not known."""
    if facts.annual_income_minor_units is None:
        return None
    kept = rule.kept_by_cause.get(facts.arrears_cause, WHOLE)
    income = facts.annual_income_minor_units // 12
    believed = income * kept // WHOLE
    debt_to_income = facts.debt_to_income_basis_points
    if debt_to_income is None:
        debt_to_income = rule.assumed_debt_to_income
    # Debts were measured against the income on file and do not shrink with it; this debt's instalment is among them.
    other_debts = max(0, income * debt_to_income // WHOLE - facts.instalment_minor_units)
    disposable = max(0, believed * (WHOLE - rule.living_share) // WHOLE - other_debts)
    bounded = min(disposable * rule.safety_share // WHOLE, believed * rule.income_share_max // WHOLE)
    return bounded // rule.round_to_minor_units * rule.round_to_minor_units
