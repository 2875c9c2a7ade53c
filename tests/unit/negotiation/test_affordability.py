"""A statement of income and spending: exact months, a reserve, a minimum of living, and a share among debts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.adapters.means import load_guides
from services.negotiation.domain.affordability.forms import PERIODS, SECTION_OF, SECTIONS, SPENDING_REASONS
from services.negotiation.domain.affordability.guide import Figure, Guide, Guides, parse_guides
from services.negotiation.domain.affordability.means import Means, surplus
from services.negotiation.domain.affordability.statement import (
    DEBTS_MAX,
    LINES_MAX,
    Evidence,
    Household,
    Line,
    Statement,
    StatementWrong,
)
from services.negotiation.entrypoints.affordability_texts import (
    CATEGORIES,
    MEANS_REASONS,
    PERIOD_TEXTS,
    SPENDING_REASON_TEXTS,
)
from shared.kernel.money import MINOR_UNITS_MAX

GUIDES = load_guides()
MONDAY = date(2026, 3, 2)
FOOD = Figure(first_adult=30_000, further_adult=20_000, child=10_000, teenager=15_000)
GUIDE = Guide("sfs", "GBP", "t1", "invented for the test", "invented", {"food_housekeeping": FOOD}, 0, 1_000, 2_000, 6)
WAGES = Line("wages", 200_000)
RENT = Line("rent", 100_000)
PAYSLIP = Evidence("payslip", UUID(int=1))


def statement(*lines: Line, **changes: Any) -> Statement:
    """2,000.00 of wages and 1,000.00 of rent a month in London, one adult."""
    return Statement("sfs", "GBP", MONDAY, Household(), lines or (WAGES, RENT), **changes)


def means(*lines: Line, guide: Guide = GUIDE, balance: int = 100_000, **changes: Any) -> Means:
    return surplus(statement(*lines, **changes), guide, balance=balance)


def test_what_is_left_after_essentials_and_the_reserve_is_affordable() -> None:
    found = means(evidence=(PAYSLIP,))
    assert (found.income, found.essential, found.surplus, found.reserve) == (200_000, 100_000, 100_000, 10_000)
    assert found.left_for_debts == found.affordable == 90_000
    assert found.reasons == ("left_after_essentials", "reserve_kept")


@pytest.mark.parametrize(
    ("every", "amount", "monthly"),
    [
        ("weekly", 30_000, 130_000),
        ("fortnightly", 60_000, 130_000),
        ("four_weekly", 120_000, 130_000),
        ("monthly", 130_000, 130_000),
        ("quarterly", 390_000, 130_000),
        ("yearly", 1_560_000, 130_000),
    ],
)
def test_every_rhythm_of_income_is_a_month_exactly(every: Any, amount: int, monthly: int) -> None:
    assert Line("wages", amount, every).monthly == monthly
    assert means(Line("wages", amount, every)).income == monthly


def test_thirds_are_summed_before_they_are_rounded() -> None:
    """Three weekly amounts of 1 are 13 a month; rounded one by one they would be 12 or 15."""
    lines = [Line("wages", 1, "weekly"), Line("benefits", 1, "weekly"), Line("boarders", 1, "weekly")]
    assert means(*lines).income == 13
    assert means(Line("wages", 1, "weekly")).income == 4
    assert means(Line("rent", 1, "weekly"), WAGES).essential == 5


@pytest.mark.parametrize(
    ("rent", "code", "left"), [(199_999, "left_after_essentials", 0), (200_000, "nothing_left", 0)]
)
def test_nothing_is_asked_of_who_has_nothing_left(rent: int, code: str, left: int) -> None:
    found = means(WAGES, Line("rent", rent))
    assert (found.reasons[0], found.affordable) == (code, left)


def test_a_deficit_is_told_and_nothing_negative_is_asked() -> None:
    found = means(WAGES, Line("rent", 300_000))
    assert (found.surplus, found.reserve, found.affordable) == (-100_000, 0, 0)


@pytest.mark.parametrize(
    ("saved", "reserve", "is_above"),
    [(0, 10_000, False), (10_001, 10_001, False), (20_000, 20_000, False), (20_001, 20_000, True)],
)
def test_savings_stay_up_to_the_allowance(saved: int, reserve: int, is_above: bool) -> None:
    found = means(WAGES, RENT, Line("savings", saved))
    assert found.reserve == reserve
    assert ("savings_above_allowance" in found.reasons) == is_above


@pytest.mark.parametrize(("others", "share"), [((), 90_000), ((100_000,), 45_000), ((100_000, 200_000), 22_500)])
def test_other_debts_get_their_share(others: tuple[int, ...], share: int) -> None:
    found = means(other_debts=others)
    assert found.affordable == share
    assert ("shared_among_debts" in found.reasons) == bool(others)


@pytest.mark.parametrize(("food", "is_above"), [(30_000, False), (30_001, True)])
def test_spending_above_the_guide_is_a_question_and_counts_all_the_same(food: int, is_above: bool) -> None:
    found = means(WAGES, RENT, Line("food_housekeeping", food))
    assert (found.questions == ("food_housekeeping",)) == is_above
    assert found.essential == 100_000 + food
    explained = means(WAGES, RENT, Line("food_housekeeping", food, reason="special_diet"))
    assert explained.questions == ()
    assert ("spending_above_guide_explained" in explained.reasons) == is_above


def test_a_larger_household_may_spend_more_without_a_question() -> None:
    family = replace(statement(WAGES, Line("food_housekeeping", 75_000)), household=Household(2, 1, 1))
    assert surplus(family, GUIDE, balance=1).questions == ()
    assert surplus(replace(family, household=Household(2, 1, 0)), GUIDE, balance=1).questions != ()


@pytest.mark.parametrize(
    ("stated", "essential"), [(0, 157_200), (157_199, 157_200), (157_200, 157_200), (157_201, 157_201)]
)
def test_the_minimum_of_living_is_left_to_every_person_whatever_was_stated(stated: int, essential: int) -> None:
    guide = GUIDES.for_statement("cn", "CNY")
    lines = (Line("wages", 800_000), Line("rent", stated))
    made = Statement("cn", "CNY", MONDAY, Household(1, 1, 0), lines)
    found = surplus(made, guide, balance=1_000_000)
    assert found.essential == essential
    assert ("minimum_living_kept" in found.reasons) == (stated < essential)


@pytest.mark.parametrize(
    ("line", "pay_day", "rhythm"),
    [
        (Line("wages", 1, "weekly"), 5, "weekly"),
        (Line("wages", 1, "fortnightly"), None, "fortnightly"),
        (Line("wages", 1, "monthly"), None, "monthly"),
        (Line("wages", 1, "monthly"), 31, "pay_day"),
        (Line("wages", 12, "yearly"), None, "monthly"),
    ],
)
def test_payments_may_come_as_the_main_income_comes(line: Line, pay_day: int | None, rhythm: str) -> None:
    assert means(line, pay_day=pay_day).rhythm == rhythm


def test_a_statement_is_good_for_the_guides_months() -> None:
    assert means().valid_until == date(2026, 9, 2)
    late = replace(statement(), stated_on=date(2025, 8, 31))
    assert surplus(late, GUIDE, balance=1).valid_until == date(2026, 2, 28)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"lines": ()}, "lines_out_of_range"),
    ({"lines": (WAGES,) * (LINES_MAX + 1)}, "lines_out_of_range"),
    ({"lines": (Line("a_present_from_anna", 1),)}, "category_unknown"),
    ({"lines": (Line("utilities", 1),)}, "category_unknown"),
    ({"lines": (Line("wages", -1),)}, "amount_out_of_range"),
    ({"lines": (Line("wages", MINOR_UNITS_MAX + 1),)}, "amount_out_of_range"),
    ({"lines": (Line("rent", 1, reason="my son is ill"),)}, "reason_unknown"),
    ({"lines": (Line("rent", 1, "daily"),)}, "period_unknown"),  # type: ignore[arg-type]  # what nobody may write
    ({"household": Household(0)}, "household_out_of_range"),
    ({"household": Household(1, -1)}, "household_out_of_range"),
    ({"household": Household(1, 20)}, "household_out_of_range"),
    ({"other_debts": (0,)}, "debts_out_of_range"),
    ({"other_debts": (1,) * (DEBTS_MAX + 1)}, "debts_out_of_range"),
    ({"evidence": (Evidence("selfie", UUID(int=1)),)}, "evidence_unknown"),
    ({"pay_day": 0}, "pay_day_out_of_range"),
    ({"pay_day": 32}, "pay_day_out_of_range"),
]


@pytest.mark.parametrize(("changes", "code"), WRONG)
def test_what_is_no_statement_is_refused_by_place_and_never_repeats_it(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(StatementWrong) as refused:
        replace(statement(), **changes)
    assert code in [reason.code for reason in refused.value.reasons]
    assert "anna" not in repr([*refused.value.reasons, refused.value.message])


amounts = st.integers(0, 10**7)
lines = st.lists(
    st.builds(
        Line,
        st.sampled_from(sorted(SECTION_OF["sfs"])),
        amounts,
        st.sampled_from(sorted(PERIODS)),
        st.none() | st.sampled_from(sorted(SPENDING_REASONS)),
    ),
    min_size=1,
    max_size=12,
)


@given(made=lines, debts=st.lists(st.integers(1, 10**9), max_size=4), balance=st.integers(1, 10**9))
def test_no_more_is_asked_than_is_left_and_all_is_accounted_for(
    made: list[Line], debts: list[int], balance: int
) -> None:
    found = means(*made, balance=balance, other_debts=tuple(debts))
    assert 0 <= found.affordable <= found.left_for_debts == max(0, found.surplus - found.reserve)
    assert found.surplus == found.income - found.essential
    assert set(found.reasons) <= set(MEANS_REASONS)
    income = sum((line.monthly for line in statement(*made).of("income")), Fraction(0))
    assert income - 1 < found.income <= income


@given(made=lines, more=st.integers(1, 10**6))
def test_more_income_never_leaves_less_and_more_spending_never_more(made: list[Line], more: int) -> None:
    before = means(*made).affordable
    assert means(*made, Line("wages", more)).affordable >= before
    assert means(*made, Line("rent", more)).affordable <= before


def test_every_word_of_a_statement_has_a_text_in_both_languages() -> None:
    categories = {c for sections in SECTIONS.values() for section in sections.values() for c in section}
    assert categories == set(CATEGORIES)
    assert set(SPENDING_REASON_TEXTS) == SPENDING_REASONS
    assert set(PERIOD_TEXTS) == set(PERIODS)
    for texts in (CATEGORIES, SPENDING_REASON_TEXTS, PERIOD_TEXTS, MEANS_REASONS):
        assert all(english and chinese and english != chinese for english, chinese in texts.values())


def test_the_shipped_figures_say_that_they_are_not_official() -> None:
    assert {guide.confidence for guide in GUIDES.by_form.values()} == {"invented", "published_unchecked"}
    assert all(guide.source and guide.version for guide in GUIDES.by_form.values())


def test_without_figures_nothing_is_questioned_and_a_reserve_is_kept() -> None:
    found = means(WAGES, Line("food_housekeeping", 199_000), guide=Guides().for_statement("sfs", "INR"))
    assert (found.questions, found.reserve) == ((), 100)
    assert "no_guide_figures" in found.reasons


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "XXX"},
        {"figures": {"wages": {"first_adult": 1, "further_adult": 1, "child": 1, "teenager": 1}}},
        {"reserve_basis_points": 3_000},
        {"savings_max_basis_points": 10_000},
        {"valid_months": 0},
        {"minimum_living": -1},
        {"confidence": "certain"},
        {"form": "us"},
    ],
)
def test_figures_that_cannot_be_right_are_refused(changes: dict[str, Any]) -> None:
    guide = {
        "form": "sfs",
        "currency": "GBP",
        "source": "invented for the test",
        "confidence": "invented",
        "figures": {},
        "minimum_living": 0,
        "reserve_basis_points": 1_000,
        "savings_max_basis_points": 2_000,
        "valid_months": 6,
    }
    assert parse_guides({"version": "t", "guides": [guide]}).by_form
    with pytest.raises(ValueError, match=r"guide|figures|reserve|statement"):
        parse_guides({"version": "t", "guides": [{**guide, **changes}]})
