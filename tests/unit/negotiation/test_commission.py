"""What the agency earns: flat, in tiers, by product and age, within caps, rounded as agreed, and never on costs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.commission import (
    Fee,
    FeeRule,
    FeeSchedule,
    Meter,
    ScheduleWrong,
    Tier,
    earn,
    rounded,
    top_up,
)
from services.negotiation.domain.ledger import Buckets

FLAT = FeeRule((Tier(0, 2_000),))
TIERED = FeeRule((Tier(0, 3_000), Tier(100_000, 2_000), Tier(500_000, 1_000)))


def fee(schedule: FeeSchedule, gross: Buckets, *, collected: int = 0, earned: int = 0, case_earned: int = 0) -> Fee:
    return earn(schedule, schedule.rules[0], gross, Meter(collected, earned), case_earned)


def test_a_flat_rate_is_paid_on_interest_and_principal_and_not_on_costs() -> None:
    assert fee(FeeSchedule((FLAT,)), Buckets(5_000, 1_000, 9_000)).commission == 2_000
    assert fee(FeeSchedule((FLAT,)), Buckets(5_000, 0, 0)) == Fee(0, 0)


@pytest.mark.parametrize(
    ("collected", "amount", "commission"),
    [
        (0, 100_000, 30_000),
        (0, 100_001, 30_000),  # the last unit earns a fifth of a unit, and that is rounded down
        (0, 100_005, 30_001),
        (99_999, 2, 0),  # 0.3 + 0.2
        (90_000, 20_000, 5_000),
        (0, 600_000, 30_000 + 80_000 + 10_000),
        (500_000, 1_000, 100),
    ],
)
def test_each_piece_is_paid_at_the_rate_of_its_tier(collected: int, amount: int, commission: int) -> None:
    assert fee(FeeSchedule((TIERED,)), Buckets(0, 0, amount), collected=collected).commission == commission


@given(parts=st.lists(st.integers(1, 200_000), min_size=1, max_size=20))
def test_how_money_is_split_into_payments_moves_a_fee_by_less_than_a_unit_each(parts: list[int]) -> None:
    schedule, meter = FeeSchedule((TIERED,)), Meter()
    by_parts = sum(earn(schedule, TIERED, Buckets(0, 0, part), meter, 0).commission for part in parts)
    at_once = fee(schedule, Buckets(0, 0, sum(parts))).commission
    assert 0 <= at_once - by_parts < len(parts)
    assert meter == Meter(sum(parts), by_parts)


@pytest.mark.parametrize(
    ("amount", "down", "half_even"), [(4, 0, 0), (5, 0, 0), (6, 0, 1), (15, 1, 2), (25, 2, 2), (35, 3, 4)]
)
def test_rounding_is_down_in_the_lenders_favour_or_half_to_even(amount: int, down: int, half_even: int) -> None:
    assert rounded(amount, 1_000, "down") == down
    assert rounded(amount, 1_000, "half_even") == half_even


def test_the_rule_that_says_most_about_a_case_is_taken() -> None:
    cards, old, old_cards = (
        FeeRule((Tier(0, 1),), "credit_card"),
        FeeRule((Tier(0, 2),), None, 180),
        FeeRule((Tier(0, 3),), "credit_card", 180),
    )
    schedule = FeeSchedule((FLAT, cards, old, old_cards))
    assert schedule.rule_for("personal_loan", 179) is FLAT
    assert schedule.rule_for("personal_loan", 180) is old
    assert schedule.rule_for("credit_card", 179) is cards
    assert schedule.rule_for("credit_card", 180) is old_cards
    assert schedule.rule_for(None, 0) is FLAT


def test_a_case_and_a_period_earn_no_more_than_their_caps() -> None:
    schedule = FeeSchedule((FLAT,), case_cap=500, period_cap=1_000)
    money = Buckets(0, 0, 10_000)
    assert fee(schedule, money).commission == 500
    assert fee(schedule, money, case_earned=499).commission == 1
    assert fee(schedule, money, case_earned=500).commission == 0
    assert fee(schedule, money, earned=999).commission == 1
    assert fee(schedule, money, earned=1_000).commission == 0


def test_a_period_earns_at_least_the_minimum_also_when_fees_were_given_back() -> None:
    schedule = FeeSchedule((FLAT,), period_minimum=300, tax_basis_points=1_000)
    assert top_up(schedule, 299) == Fee(1, 0)
    assert top_up(schedule, 300) == Fee(0, 0)
    assert top_up(schedule, -50) == Fee(300, 30)


def test_a_fixed_fee_is_added_for_each_payment_and_never_exceeds_it() -> None:
    rule = FeeRule((Tier(0, 1_000),), fixed_minor_units=250)
    assert earn(FeeSchedule((rule,)), rule, Buckets(0, 0, 1_000), Meter(), 0).commission == 350
    assert earn(FeeSchedule((rule,)), rule, Buckets(0, 0, 100), Meter(), 0).commission == 100


def test_tax_is_on_the_fee() -> None:
    schedule = FeeSchedule((FLAT,), tax_basis_points=600, rounding="half_even")
    assert fee(schedule, Buckets(0, 0, 10_000)) == Fee(2_000, 120)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: FeeRule(()),
        lambda: FeeRule((Tier(1, 100),)),
        lambda: FeeRule((Tier(0, 100), Tier(0, 200))),
        lambda: FeeRule((Tier(0, 10_001),)),
        lambda: FeeSchedule((FeeRule((Tier(0, 1),), "credit_card"),)),
        lambda: FeeSchedule((FLAT, FLAT)),
        lambda: FeeSchedule((FLAT,), period_cap=1, period_minimum=2),
        lambda: FeeSchedule((FLAT,), case_cap=-1),
    ],
)
def test_a_schedule_that_contradicts_itself_is_refused(wrong: object) -> None:
    with pytest.raises(ScheduleWrong):
        wrong()  # type: ignore[operator]  # each of them is a call
