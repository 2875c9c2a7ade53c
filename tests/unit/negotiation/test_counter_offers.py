"""Counter-offers: agreed inside the mandate, else the nearest lawful offer, never without a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.counter_offers import Wish, answer
from services.negotiation.domain.offers import bounds, largest_discount
from services.negotiation.entrypoints.wording import REASONS
from tests.unit.negotiation.builders import HARBOUR_MANDATE, MONDAY, case_file, cases, days

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
