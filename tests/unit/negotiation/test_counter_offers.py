"""Counter-offers: agreed inside the mandate, else the nearest lawful offer, never without a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.counter_offers import Wish, answer
from services.negotiation.domain.mandates import EffectiveMandate, allows
from services.negotiation.domain.offers import is_affordable
from services.negotiation.domain.terms import draw_up
from services.negotiation.entrypoints.wording import REASONS
from tests.unit.negotiation.builders import HARBOUR_MANDATE, MONDAY, case_file, cases, days
from tests.unit.negotiation.offer_cases import all_cases, bounds, effective, largest_discount, wide_mandate

ILL = Assessment("C", "mid", "illness", 30_000)
LATEST = MONDAY + timedelta(days=45)

MATRIX = [
    # balance 125,500; discount at most 20 % of 124,000 = 24,800; at most 24 months; 30,000 a month affordable
    (Wish("lump_sum", lump_sum=100_700), "accepted", ["inside_mandate"]),
    (Wish("lump_sum", lump_sum=100_699), "countered", ["discount_above_mandate"]),
    (Wish("lump_sum", lump_sum=999_999), "accepted", ["inside_mandate"]),
    (Wish("lump_sum", lump_sum=125_500, first_due_on=LATEST), "accepted", ["inside_mandate"]),
    (
        Wish("lump_sum", lump_sum=125_500, first_due_on=LATEST + timedelta(days=1)),
        "countered",
        ["first_due_too_late"],
    ),
    (
        Wish("lump_sum", lump_sum=1, first_due_on=MONDAY - timedelta(days=1)),
        "countered",
        ["first_due_too_early", "discount_above_mandate"],
    ),
    (Wish("instalments", months=24), "accepted", ["inside_mandate"]),
    (Wish("instalments", months=25), "countered", ["term_above_mandate"]),
    (Wish("instalments", monthly=5_230), "accepted", ["inside_mandate"]),
    (Wish("instalments", monthly=5_229), "countered", ["term_above_mandate"]),
    (Wish("instalments", monthly=1), "countered", ["term_above_mandate"]),
    (Wish("instalments", months=5), "accepted", ["inside_mandate"]),
    (Wish("instalments", months=4), "countered", ["above_affordable_amount"]),
    (Wish("hardship_pause", pause_months=2), "refused", ["hardship_cause_needed"]),
]


@pytest.mark.parametrize(("wish", "verdict", "reasons"), MATRIX)
def test_the_answer_follows_from_the_mandate(wish: Wish, verdict: str, reasons: list[str]) -> None:
    given_ = answer(case_file(), wish, MONDAY)
    assert (given_.verdict, list(given_.reasons)) == (verdict, reasons)


def test_a_monthly_amount_below_the_minimum_is_raised_to_it() -> None:
    case = case_file(mandate=replace(HARBOUR_MANDATE, term_months_max=120, instalment_min=10_000))
    given_ = answer(case, Wish("instalments", monthly=9_000), MONDAY)
    assert (given_.verdict, given_.reasons) == ("countered", ("instalment_below_minimum",))
    assert given_.draft is not None
    assert given_.draft.outline.count == 12


def test_what_nobody_could_keep_is_refused() -> None:
    case = case_file(assessment=Assessment(affordable_monthly=5_000))
    given_ = answer(case, Wish("instalments", months=24), MONDAY)
    assert given_.verdict == "refused"
    assert given_.reasons == ("above_affordable_amount", "no_affordable_instalments_in_mandate")


@pytest.mark.parametrize(("months", "verdict"), [(1, "accepted"), (3, "accepted"), (4, "countered")])
def test_a_pause_is_agreed_up_to_the_mandate(months: int, verdict: str) -> None:
    given_ = answer(case_file(assessment=ILL), Wish("hardship_pause", pause_months=months), MONDAY)
    assert given_.verdict == verdict
    assert given_.draft is not None
    assert given_.draft.outline.pause_until == date(2026, 3 + min(months, 3), 2)


def test_no_pause_where_the_mandate_has_none() -> None:
    case = case_file(assessment=ILL, mandate=replace(HARBOUR_MANDATE, pause_months_max=0))
    assert answer(case, Wish("hardship_pause", pause_months=1), MONDAY).reasons == ("pause_not_in_mandate",)


wishes = st.one_of(
    st.builds(Wish, st.just("lump_sum"), lump_sum=st.integers(1, 10**10), first_due_on=st.none() | days),
    st.builds(Wish, st.just("instalments"), monthly=st.integers(1, 10**10), first_due_on=st.none() | days),
    st.builds(Wish, st.just("instalments"), months=st.integers(1, 600), first_due_on=st.none() | days),
    st.builds(Wish, st.just("hardship_pause"), pause_months=st.integers(1, 600)),
)


@given(case=cases, wish=wishes, today=days)
def test_whatever_is_asked_the_answer_has_reasons_and_stays_inside_the_mandate(
    case: CaseFile, wish: Wish, today: date
) -> None:
    given_ = answer(case, wish, today)
    assert given_.reasons
    assert all(reason in REASONS for reason in given_.reasons)
    assert (given_.draft is None) == (given_.verdict == "refused")
    if given_.draft is None:
        return
    outline = given_.draft.outline
    assert outline.total + outline.discount == case.books.balance
    assert outline.discount <= max(largest_discount(case.books.owed, case.mandate), 0)
    assert outline.count <= bounds(case, today).count_max
    assert outline.first_due_on >= today
    assert all(reason in REASONS for reason in given_.draft.reasons)


@given(case=cases, wish=wishes, today=days)
def test_the_nearest_lawful_offer_would_itself_be_accepted(case: CaseFile, wish: Wish, today: date) -> None:
    given_ = answer(case, wish, today)
    if given_.verdict != "countered" or given_.draft is None:
        return
    o = given_.draft.outline
    again = {
        "lump_sum": Wish("lump_sum", lump_sum=o.total, first_due_on=o.first_due_on),
        "instalments": Wish("instalments", months=o.count, first_due_on=o.first_due_on),
        "hardship_pause": Wish("hardship_pause", pause_months=case.mandate.pause_months_max),
    }[o.kind]
    assert answer(case, again, today).verdict == "accepted"


WEEKLY = Wish("instalments", monthly=5_000, frequency="weekly")


@pytest.mark.parametrize(
    ("wish", "verdict", "reasons", "count"),
    [
        (WEEKLY, "accepted", ["inside_mandate"], 26),
        # 300.00 a month are 69.23 a week: nineteen weeks and not eighteen.
        (replace(WEEKLY, monthly=None, months=19), "accepted", ["inside_mandate"], 19),
        (replace(WEEKLY, monthly=None, months=18), "countered", ["above_affordable_amount"], 19),
        (replace(WEEKLY, monthly=1_154), "countered", ["term_above_mandate"], 105),
        (replace(WEEKLY, monthly=None, months=105), "accepted", ["inside_mandate"], 105),
        (replace(WEEKLY, frequency="fortnightly", monthly=13_846), "accepted", ["inside_mandate"], 10),
        (replace(WEEKLY, frequency="pay_day", pay_day=28, monthly=30_000), "accepted", ["inside_mandate"], 5),
    ],
)
def test_payments_may_be_proposed_in_any_rhythm(wish: Wish, verdict: str, reasons: list[str], count: int) -> None:
    given_ = answer(case_file(), wish, MONDAY)
    assert (given_.verdict, list(given_.reasons)) == (verdict, reasons)
    assert given_.draft is not None
    assert (given_.draft.outline.count, given_.draft.outline.frequency) == (count, wish.frequency)


def test_a_rhythm_that_the_creditor_does_not_take_is_answered_with_months() -> None:
    given_ = answer(case_file(), WEEKLY, MONDAY, wide_mandate(frequencies=("monthly",)))
    assert (given_.verdict, given_.reasons) == ("countered", ("frequency_not_in_mandate",))
    assert given_.draft is not None
    assert (given_.draft.outline.frequency, given_.draft.outline.count) == ("monthly", 5)


def test_where_no_instalments_are_taken_there_is_a_reason() -> None:
    given_ = answer(case_file(), WEEKLY, MONDAY, wide_mandate(frequencies=("once",)))
    assert (given_.verdict, given_.reasons) == ("refused", ("no_frequency_in_mandate",))


@pytest.mark.parametrize("first_due", [MONDAY, MONDAY + timedelta(days=45), MONDAY + timedelta(days=60)])
@pytest.mark.parametrize("pay_day", [1, 15, 28, 31])
def test_the_first_pay_day_is_never_too_late(first_due: date, pay_day: int) -> None:
    wish = Wish("instalments", months=6, frequency="pay_day", pay_day=pay_day, first_due_on=first_due)
    draft = answer(case_file(), wish, MONDAY).draft
    assert draft is not None
    assert MONDAY <= draft.outline.first_due_on <= LATEST
    assert draft.outline.first_due_on.day in (pay_day, 28, 30, 31)


@pytest.mark.parametrize(
    ("steps", "verdict", "code"),
    [
        (((3, 10_000), (4, 23_875)), "accepted", "inside_mandate"),
        (((1, 25_500), (4, 25_000)), "accepted", "inside_mandate"),
        (((1, 5_496), (4, 30_001)), "countered", "above_affordable_amount"),
        (((1, 5_503), (4, 29_999)), "countered", "steps_do_not_pay_the_debt"),
        (((1, 2_500), (5, 24_600)), "accepted", "inside_mandate"),
        (((1, 2_499), (1, 1), (5, 24_600)), "countered", "instalment_below_minimum"),
        (((25, 5_020),), "countered", "term_above_mandate"),
    ],
)
def test_steps_of_the_borrowers_own(steps: tuple[tuple[int, int], ...], verdict: str, code: str) -> None:
    given_ = answer(case_file(), Wish("instalments", steps=steps), MONDAY)
    assert given_.verdict == verdict
    assert code in given_.reasons


@pytest.mark.parametrize("form", ["step", "deferral"])
def test_a_form_that_is_asked_for_is_drawn_up_and_not_yet_agreed(form: Any) -> None:
    given_ = answer(case_file(), Wish("instalments", form=form), MONDAY, wide_mandate())
    assert (given_.verdict, given_.reasons) == ("countered", ("drawn_up_for_you",))
    assert given_.draft is not None
    assert given_.draft.outline.shape[1] == form


def test_a_form_that_is_not_possible_is_answered_with_the_plain_plan() -> None:
    given_ = answer(case_file(), Wish("instalments", form="reduced"), MONDAY)
    assert (given_.verdict, given_.reasons) == ("countered", ("form_not_possible",))
    assert given_.draft is not None
    assert given_.draft.outline.shape[1] == "level"
    poor = case_file(assessment=Assessment(affordable_monthly=1))
    refused = answer(poor, Wish("instalments", form="reduced"), MONDAY)
    assert (refused.verdict, refused.draft) == ("refused", None)
    assert refused.reasons == ("form_not_possible", "no_affordable_instalments_in_mandate")


more_wishes = st.builds(
    Wish,
    st.just("instalments"),
    monthly=st.integers(1, 10**10),
    first_due_on=st.none() | days,
    frequency=st.sampled_from(["weekly", "fortnightly", "monthly", "pay_day", "once"]),
    pay_day=st.none() | st.integers(1, 31),
    form=st.sampled_from([None, "step", "deferral", "reduced", "interest_freeze", "restructured"]),
    steps=st.just(()) | st.lists(st.tuples(st.integers(1, 600), st.integers(1, 10**7)), max_size=4).map(tuple),
)


@given(case=all_cases, mandate=effective, wish=wishes | more_wishes, today=days)
def test_no_answer_is_outside_the_mandate_or_above_what_is_affordable(
    case: CaseFile, mandate: EffectiveMandate, wish: Wish, today: date
) -> None:
    given_ = answer(case, wish, today, mandate)
    assert given_.reasons
    assert set(given_.reasons) <= set(REASONS)
    if given_.draft is None:
        return
    outline = given_.draft.outline
    assert allows(mandate, outline, case, today) == ()
    assert outline.total + outline.discount == case.books.balance
    assert is_affordable(outline, case, today)
    draw_up(outline, currency=case.currency, grace_days=3)
