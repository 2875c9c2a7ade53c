"""What can be paid each month: cautious, whole, never negative."""

from __future__ import annotations

import pytest

from services.assessment.adapters.model_files import read_model
from services.assessment.domain.affordability import affordable_monthly_minor_units
from services.assessment.domain.scorecard import AffordabilityRule
from tests.unit.assessment.builders import rent_arrears

IN_USE = read_model().model.scorecard.affordability
RULE = AffordabilityRule(
    living_share=5_000,
    assumed_debt_to_income=3_500,
    safety_share=8_000,
    income_share_max=3_000,
    round_to_minor_units=100,
    kept_by_cause={"job_loss": 3_000},
)


def test_income_less_living_and_other_debts_with_a_margin() -> None:
    # 4,500.00 a month: half for living; 1,575.00 for debts, this one's 50.00 among them; 80 % of the rest.
    facts = rent_arrears(debt_to_income_basis_points=3_500)
    assert affordable_monthly_minor_units(facts, RULE) == (450_000 // 2 - (157_500 - 5_000)) * 8 // 10


def test_never_more_than_the_share_of_income() -> None:
    assert affordable_monthly_minor_units(rent_arrears(debt_to_income_basis_points=0), RULE) == 135_000


def test_unknown_income_is_unknown() -> None:
    assert affordable_monthly_minor_units(rent_arrears(annual_income_minor_units=None), RULE) is None


def test_no_income_affords_nothing() -> None:
    assert affordable_monthly_minor_units(rent_arrears(annual_income_minor_units=0), RULE) == 0


def test_debts_beyond_the_means_afford_nothing() -> None:
    assert affordable_monthly_minor_units(rent_arrears(debt_to_income_basis_points=9_000), RULE) == 0


def test_unknown_debts_are_assumed_and_not_taken_for_none() -> None:
    unknown = affordable_monthly_minor_units(rent_arrears(debt_to_income_basis_points=None), RULE)
    assert unknown == affordable_monthly_minor_units(rent_arrears(debt_to_income_basis_points=3_500), RULE)


def test_a_lost_job_leaves_less_and_the_debts_stay() -> None:
    facts = rent_arrears(lender_cause="job_loss", debt_to_income_basis_points=1_000)
    # 1,350.00 believed: half for living; 400.00 of other debts; 80 % of the rest, in whole units.
    assert affordable_monthly_minor_units(facts, RULE) == (67_500 - 40_000) * 8 // 10


@pytest.mark.parametrize("cause", ["job_loss", "illness", "bereavement"])
def test_the_rule_in_use_believes_less_after_a_blow(cause: str) -> None:
    before = affordable_monthly_minor_units(rent_arrears(), IN_USE)
    after = affordable_monthly_minor_units(rent_arrears(lender_cause=cause), IN_USE)
    assert before is not None
    assert after is not None
    assert after < before
