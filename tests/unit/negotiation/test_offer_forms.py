"""Every form of offer: inside the mandate, affordable, summing to the unit; where it is made and where not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates import EffectiveMandate, Grid, Restructuring, allows
from services.negotiation.domain.offers import compare, facts_of, is_affordable, lawful
from services.negotiation.domain.offers.choose import RELIEF_ORDER, SHOWN_MAX
from services.negotiation.domain.offers.facts import Facts
from services.negotiation.domain.offers.forms import FIRST_DUE_DAYS, FIRST_DUE_DAYS_MAX, Draft, next_pay_day
from services.negotiation.domain.offers.limits import largest_payment, per_payment
from services.negotiation.domain.offers.parameters import PARAMETERS
from services.negotiation.domain.offers.worth import worth_of
from services.negotiation.domain.terms import FORM_OF, Outline, draw_up
from services.negotiation.entrypoints.offers_texts import FORMS, FREQUENCIES, OFFER_REASONS
from services.negotiation.entrypoints.wording import REASONS
from tests.unit.negotiation.builders import MONDAY, case_file, days
from tests.unit.negotiation.offer_cases import all_cases, contract, effective, first_offers, known, wide_mandate


def facts(cause: str = "cash_flow_gap", *, mandate: EffectiveMandate | None = None, **changes: Any) -> Facts:
    """1,255.00 USD, 300.00 a month, a contract at 12.99 % with 100.00 a month, and a mandate that allows everything."""
    case = replace(
        case_file(assessment=Assessment("C", "mid", cause, 30_000), contract=contract()), regular_instalment=10_000
    )
    return replace(facts_of(case, MONDAY, mandate or wide_mandate()), **changes)


def form(name: str, given_: Facts, frequency: str = "monthly") -> Draft | None:
    found = [d for d in lawful(given_) if d.outline.shape[1] == name and d.outline.frequency == frequency]
    return found[0] if found else None


def drawn(draft: Draft | None) -> list[tuple[date, int]]:
    assert draft is not None
    return [(i.due_on, i.amount) for i in draw_up(draft.outline, currency="USD", grace_days=3).instalments]


@given(case=all_cases, mandate=effective, today=days)
def test_every_lawful_offer_is_inside_the_mandate_affordable_and_adds_up(
    case: CaseFile, mandate: EffectiveMandate, today: date
) -> None:
    known_facts = facts_of(case, today, mandate)
    for draft in lawful(known_facts):
        outline = draft.outline
        assert allows(mandate, outline, case, today) == ()
        terms = draw_up(outline, currency="USD", grace_days=3)
        amounts = [i.amount for i in terms.instalments]
        assert sum(amounts) == terms.total
        assert terms.total + terms.discount == case.books.balance, "no interest and no fee is ever added"
        assert min(amounts) > 0
        assert outline.first_due_on >= today + timedelta(days=FIRST_DUE_DAYS) or outline.pause_until is not None
        if outline.pause_until is None:
            assert outline.first_due_on <= today + timedelta(days=FIRST_DUE_DAYS_MAX)
        if outline.kind == "instalments":
            assert max(amounts) <= per_payment(known_facts.ceiling, outline.frequency)
            assert is_affordable(outline, case, today)
        assert set(draft.reasons) <= set(REASONS)


@given(case=all_cases, mandate=effective, today=days)
def test_few_offers_are_shown_each_once_and_one_payment_always(
    case: CaseFile, mandate: EffectiveMandate, today: date
) -> None:
    shown = first_offers(case, today, mandate)
    assert 1 <= len(shown) <= SHOWN_MAX
    assert len({draft.outline.shape for draft in shown}) == len(shown)
    assert any(draft.outline.shape == ("lump_sum", "lump_sum", "monthly") for draft in shown)
    assert {draft.outline for draft in shown} <= {draft.outline for draft in lawful(facts_of(case, today, mandate))}
    places = [d.outline.shape[1] in RELIEF_ORDER for d in shown]
    if case.assessment is not None and case.assessment.arrears_cause in ("job_loss", "illness", "bereavement"):
        assert places == sorted(places, reverse=True), "relief first"


@pytest.mark.parametrize(("cause", "name"), [
    ("job_loss", "pause"), ("illness", "reduced"), ("over_borrowing", "interest_freeze"), ("cash_flow_gap", "step"),
    ("cash_flow_gap", "deferral"), ("unknown", "restructured"), ("unknown", "level"), ("refuses", "lump_sum"),
])  # fmt: skip
def test_the_cause_calls_for_its_form(cause: str, name: str) -> None:
    assert form(name, facts(cause)) is not None


@pytest.mark.parametrize(("cause", "name"), [
    ("unknown", "pause"), ("cash_flow_gap", "reduced"), ("cash_flow_gap", "interest_freeze"), ("illness", "step"),
    ("illness", "deferral"),
])  # fmt: skip
def test_another_cause_does_not(cause: str, name: str) -> None:
    assert form(name, facts(cause)) is None


@pytest.mark.parametrize("name", ["pause", "reduced", "interest_freeze"])
def test_no_relief_that_the_mandate_does_not_name(name: str) -> None:
    assert form(name, facts("illness", mandate=wide_mandate(reliefs=()))) is None


def test_a_step_plan_is_low_first_and_never_above_what_is_affordable() -> None:
    amounts = [amount for _, amount in drawn(form("step", facts()))]
    assert amounts == [15_000, 15_000, 15_000, 26_834, 26_833, 26_833] or amounts[:3] < amounts[3:]
    assert sum(amounts) == 125_500
    assert amounts[1] <= amounts[3]
    assert max(amounts) <= 30_000


@pytest.mark.parametrize(("ceiling", "exists"), [(5_000, False), (4_999, False), (12_000, True)])
def test_the_low_step_is_not_below_the_smallest_instalment(ceiling: int, exists: bool) -> None:
    """Half of 50.00 is the smallest instalment, but then 24 months do not pay the debt."""
    assert (form("step", facts(ceiling=ceiling)) is not None) == exists


def test_a_reduced_plan_asks_a_token_amount_first() -> None:
    schedule = drawn(form("reduced", facts("illness")))
    assert [amount for _, amount in schedule[1:6]] == [7_500] * 5
    assert all(amount <= 30_000 for _, amount in schedule)


def test_a_deferral_begins_a_month_later() -> None:
    schedule = drawn(form("deferral", facts()))
    assert schedule[0][0] == date(2026, 4, 2)
    assert len(schedule) == 5


def test_a_settlement_in_parts_keeps_a_smaller_discount_and_fits_the_month() -> None:
    two = form("lump_sum", facts(ceiling=70_000))
    parts = [d for d in lawful(facts(ceiling=70_000)) if d.outline.kind == "instalments" and d.outline.discount]
    assert two is not None
    assert [len(drawn(d)) for d in parts] == [2]
    assert [d.outline.discount for d in parts] == [24_800 * 4_000 // 10_000 * 8_000 // 10_000]
    three = [d for d in lawful(facts(ceiling=45_000)) if d.outline.kind == "instalments" and d.outline.discount]
    assert [len(drawn(d)) for d in three] == [3]
    assert not [d for d in lawful(facts(ceiling=30_000)) if d.outline.kind == "instalments" and d.outline.discount]


@pytest.mark.parametrize(("months", "exists"), [(13, False), (24, True), (60, True)])
def test_a_restructuring_makes_the_month_lighter_than_the_contract(months: int, exists: bool) -> None:
    """125,500 in 13 payments are 9,654: lighter than 10,000, so the boundary is 12 and 13."""
    mandate = wide_mandate(term_months_max=12, restructuring=Restructuring(months))
    draft = form("restructured", facts("unknown", mandate=mandate))
    assert draft is not None
    monthly = drawn(draft)[0][1]
    assert monthly < 10_000
    shorter = wide_mandate(term_months_max=12, restructuring=Restructuring(12))
    assert form("restructured", facts("unknown", mandate=shorter)) is None
    assert len(drawn(draft)) == months


def test_before_and_after_are_put_side_by_side() -> None:
    given_ = facts("unknown")
    draft = form("restructured", given_)
    assert draft is not None
    found = compare(given_, draft.outline)
    assert found is not None
    # 1,200.00 at 12.99 % in payments of 100.00: twelve and a last one of 83.99, worked out by hand in a table.
    assert found.before.months == 13
    assert found.before.total > 1_500 + 4_000 + 120_000
    assert (found.after.total, found.after.months) == (125_500, 60)
    assert found.saved == found.before.total - 125_500 > 0
    assert found.after.monthly < found.before.monthly


@pytest.mark.parametrize(
    ("principal", "rate", "instalment", "months", "total"),
    [
        (12_000, 0, 1_000, 12, 12_000),
        (12_000, 0, 1_000, 6, 12_000),
        (12_000, 1_200, 12_120, 1, 12_120),
        # One percent a month: 100 + 51 on 10,000 with 5,000 a month; the rest with its interest at the end.
        (10_000, 1_200, 5_000, 2, 10_151),
        # An instalment below the interest does not let the debt grow: ten months of interest, then everything.
        (10_000, 1_200, 1, 10, 11_000),
    ],
)
def test_what_the_contract_would_still_cost(
    principal: int, rate: int, instalment: int, months: int, total: int
) -> None:
    given_ = facts(
        "unknown",
        owed=Buckets(0, 0, principal),
        annual_rate_basis_points=rate,
        months_left=months,
        regular_instalment=instalment,
    )
    found = compare(given_, Outline("lump_sum", principal, 0, 1, MONDAY))
    assert found is not None
    assert found.before.total == total


def test_without_a_contract_nothing_is_compared() -> None:
    unknown = facts("unknown", annual_rate_basis_points=None, months_left=None)
    assert compare(unknown, Outline("lump_sum", 125_500, 0, 1, MONDAY)) is None
    assert form("restructured", unknown) is None


@pytest.mark.parametrize(
    ("rhythm", "pay_day", "first", "amount_max"),
    [
        ("weekly", None, date(2026, 3, 16), 6_923),
        ("fortnightly", None, date(2026, 3, 16), 13_846),
        ("pay_day", 28, date(2026, 3, 28), 30_000),
        ("pay_day", 31, date(2026, 3, 31), 30_000),
        ("pay_day", 15, date(2026, 4, 15), 30_000),
    ],
)
def test_payments_follow_the_income(rhythm: Any, pay_day: int | None, first: date, amount_max: int) -> None:
    schedule = drawn(form("level", facts(rhythm=rhythm, pay_day=pay_day), rhythm))
    assert schedule[0][0] == first
    assert max(amount for _, amount in schedule) <= amount_max
    assert sum(amount for _, amount in schedule) == 125_500
    shown = first_offers(
        replace(case_file(), means=known(30_000, rhythm=rhythm, pay_day=pay_day)), MONDAY, wide_mandate()
    )
    assert [d.outline.frequency for d in shown if d.outline.shape[1] == "level"] == ["monthly", rhythm]


def test_the_pay_day_is_the_last_of_a_shorter_month() -> None:
    assert next_pay_day(date(2026, 2, 10), 31) == date(2026, 2, 28)
    assert next_pay_day(date(2026, 2, 28), 28) == date(2026, 2, 28)
    assert next_pay_day(date(2026, 12, 30), 29) == date(2027, 1, 29)


def test_a_mandate_without_monthly_payments_gets_none() -> None:
    mandate = wide_mandate(frequencies=("once", "weekly"))
    offered = [d for d in lawful(facts("illness", mandate=mandate)) if d.outline.count > 1]
    assert {d.outline.frequency for d in offered} == {"weekly"}


def test_a_statement_of_means_goes_before_the_estimate_until_it_ends() -> None:
    case = replace(case_file(), means=replace(known(20_000), valid_until=MONDAY + timedelta(days=1)))
    assert (facts_of(case, MONDAY).ceiling, facts_of(case, MONDAY).ceiling_from) == (20_000, "statement")
    late = facts_of(case, MONDAY + timedelta(days=1))
    assert (late.ceiling, late.ceiling_from) == (30_000, "assessment")
    none = facts_of(replace(case, assessment=None), MONDAY + timedelta(days=1))
    assert (none.ceiling, none.ceiling_from) == (5_000, "contract")


def test_an_offer_that_is_worse_for_both_is_not_shown() -> None:
    shown = first_offers(replace(case_file(), contract=contract()), MONDAY, wide_mandate())
    for one in shown:
        assert one.worth is not None
        for other in shown:
            assert other.worth is not None
            is_better = (
                other.worth.expected > one.worth.expected
                and other.worth.cost < one.worth.cost
                and other.worth.first_quarter < one.worth.first_quarter
                and other.worth.largest_monthly < one.worth.largest_monthly
            )
            assert not is_better


@given(case=all_cases, today=days)
def test_what_an_offer_is_worth_is_never_more_than_it_pays(case: CaseFile, today: date) -> None:
    known_facts = facts_of(case, today, wide_mandate())
    for draft in lawful(known_facts):
        worth = worth_of(known_facts, draft.outline)
        assert 0 <= worth.expected <= draft.outline.total == worth.cost
        assert 0 <= worth.first_quarter <= worth.cost
        assert worth.largest_monthly >= largest_payment(draft.outline)


def test_a_worse_grade_keeps_less() -> None:
    outline = Outline("instalments", 125_500, 0, 5, MONDAY + timedelta(days=14))
    values = [worth_of(facts(risk_grade=grade), outline).expected for grade in "ABCDE"]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 5


def test_the_figures_say_where_they_come_from_and_know_every_form() -> None:
    assert PARAMETERS.card.version in ("worth@1",)
    assert "not measured" in PARAMETERS.card.origin
    assert set(PARAMETERS.starts) == set(PARAMETERS.form_breaks) == set(FORMS)
    assert set(FORM_OF.values()) <= set(FORMS)
    assert set(PARAMETERS.rhythm_breaks) == set(FREQUENCIES)
    for texts in (OFFER_REASONS, FORMS, FREQUENCIES):
        assert all(english and chinese and english != chinese for english, chinese in texts.values())


def test_no_discount_row_no_parts() -> None:
    given_ = facts(ceiling=70_000, mandate=wide_mandate(grid=Grid(())))
    assert {d.outline.discount for d in lawful(given_)} == {0}
