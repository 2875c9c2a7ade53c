"""Offers: inside the mandate, affordable, summing to the unit, the same for the same facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from services.negotiation.domain.case_file import HARDSHIP_CAUSES, Assessment, CaseFile
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.offers import DISCOUNT_SHARE, FIRST_DUE_DAYS, OFFER_VALID_DAYS
from services.negotiation.domain.terms import Outline, draw_up
from services.negotiation.entrypoints.wording import REASONS
from tests.unit.negotiation.builders import HARBOUR_MANDATE, MONDAY, case_file, cases, days
from tests.unit.negotiation.offer_cases import bounds, first_offers, instalments, lump_sum, pause


@given(case=cases, today=days)
def test_every_offer_is_inside_the_mandate_and_adds_up(case: CaseFile, today: date) -> None:
    mandate, owed = case.mandate, case.books.owed
    offers = first_offers(case, today)
    assert offers, "there is always at least the offer to pay at once"
    for outline in (offer.outline for offer in offers):
        terms = draw_up(outline, currency=case.currency, grace_days=mandate.grace_days)
        assert sum(i.amount for i in terms.instalments) == terms.total
        assert terms.total + terms.discount == owed.total
        assert terms.discount * 10_000 <= (owed.principal + owed.interest) * mandate.discount_max_basis_points
        assert len(terms.instalments) <= mandate.term_months_max
        if len(terms.instalments) > 1:
            assert min(i.amount for i in terms.instalments) >= mandate.instalment_min
        if terms.pause_until is not None:
            assert terms.pause_until <= today + timedelta(days=31 * mandate.pause_months_max)
            assert terms.instalments[0].due_on >= terms.pause_until
        assert all(reason in REASONS for offer in offers for reason in offer.reasons)


@given(case=cases, today=days)
def test_instalments_are_never_more_than_is_affordable(case: CaseFile, today: date) -> None:
    offer = instalments(case, today)
    if offer is not None:
        terms = draw_up(offer.outline, currency="USD", grace_days=3)
        assert max(i.amount for i in terms.instalments) <= bounds(case, today).ceiling


@given(case=cases, today=days)
def test_the_same_facts_give_the_same_offers(case: CaseFile, today: date) -> None:
    assert first_offers(case, today) == first_offers(replace(case), today)


def test_nothing_is_due_before_an_offer_ends() -> None:
    assert FIRST_DUE_DAYS > OFFER_VALID_DAYS


@pytest.mark.parametrize("stage", DISCOUNT_SHARE)
def test_a_worse_grade_gets_no_smaller_discount(stage: str) -> None:
    shares = [DISCOUNT_SHARE[stage][grade] for grade in "ABCDE"]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 10_000


def test_fees_are_not_discounted() -> None:
    case = case_file(owed=Buckets(fees=50_000, interest=0, principal=100), assessment=Assessment("E", "late"))
    assert lump_sum(case, MONDAY).outline.discount == 20


def test_without_an_assessment_no_discount_is_offered() -> None:
    assert lump_sum(replace(case_file(), assessment=None), MONDAY).outline.discount == 0


def test_a_whole_discount_still_leaves_one_unit_to_pay() -> None:
    mandate = replace(HARBOUR_MANDATE, discount_max_basis_points=10_000)
    case = case_file(owed=Buckets(0, 0, 500), mandate=mandate, assessment=Assessment("E", "late"))
    assert lump_sum(case, MONDAY).outline == Outline("lump_sum", 1, 499, 1, MONDAY)


@pytest.mark.parametrize(
    ("affordable", "count"),
    [(125_500, 1), (125_499, 2), (62_750, 2), (62_749, 3), (5_230, 24), (5_229, None), (0, None)],
)
def test_the_fewest_affordable_instalments_are_offered(affordable: int, count: int | None) -> None:
    offer = instalments(case_file(assessment=Assessment(affordable_monthly=affordable)), MONDAY)
    assert (offer.outline.count if offer else None) == count


def test_where_affordability_is_unknown_the_contracts_instalment_is_the_ceiling() -> None:
    offer = instalments(case_file(owed=Buckets(0, 0, 20_000), assessment=Assessment()), MONDAY)
    assert offer is not None
    assert (offer.outline.count, offer.reasons) == (4, ("within_term", "affordability_unknown"))


def test_a_balance_below_the_smallest_instalment_is_one_payment() -> None:
    offer = instalments(case_file(owed=Buckets(0, 0, 2_499)), MONDAY)
    assert offer is not None
    assert offer.outline.count == 1


@pytest.mark.parametrize("cause", sorted(HARDSHIP_CAUSES))
def test_hardship_gets_a_pause_and_then_the_gentlest_instalments(cause: str) -> None:
    offer = first_offers(case_file(assessment=Assessment(arrears_cause=cause)), MONDAY)[0]
    assert offer.outline.kind == "hardship_pause"
    assert offer.outline.count == 24
    assert offer.outline.pause_until == offer.outline.first_due_on
    assert offer.reasons[0] == f"hardship_{cause}"


def test_no_pause_where_the_mandate_has_none_or_the_cause_is_another() -> None:
    assert pause(case_file(mandate=replace(HARBOUR_MANDATE, pause_months_max=0)), MONDAY, "illness") is None
    assert pause(case_file(), MONDAY, "refuses") is None


def test_monthly_dates_do_not_drift_after_a_short_month() -> None:
    terms = draw_up(Outline("instalments", 300, 0, 3, date(2026, 1, 31)), currency="USD", grace_days=0)
    assert [i.due_on for i in terms.instalments] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
