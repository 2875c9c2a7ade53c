"""A grid speaks once, a version never allows more than the lender's word, and nobody checks what they made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.approvals import (
    Actor,
    AlreadyDecided,
    Approval,
    ApprovalExpired,
    FourEyes,
    MayNotDecide,
    lender,
)
from services.negotiation.domain.case_file import Assessment, CaseFile, Contract
from services.negotiation.domain.ledger import BUCKETS, Buckets
from services.negotiation.domain.mandates import (
    Authority,
    EffectiveMandate,
    Grid,
    GridRow,
    Limits,
    MandateVersion,
    Relief,
    ReplanLimit,
    Restructuring,
    Shares,
    Span,
    allows,
    authority_needed,
    effective_mandate,
    largest_discount,
    largest_waiver,
    mandate_of_case,
    months_spanned,
)
from services.negotiation.domain.mandates.inside import largest_monthly
from services.negotiation.domain.mandates.version import version_faults
from services.negotiation.domain.terms import Outline
from tests.unit.negotiation.builders import HARBOUR_CREDIT, HARBOUR_MANDATE, MONDAY, buckets, case_file, cases, mandates
from tests.unit.negotiation.offer_cases import first_offers
from tests.unit.negotiation.offer_cases import largest_discount as discount_of_case

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
DUE = MONDAY + timedelta(days=14)


def contract(days_past_due: int, product: str = "personal_loan") -> Contract:
    return Contract(
        product=product,
        region="NY",
        annual_rate_basis_points=1_200,
        originated_on=date(2024, 1, 1),
        oldest_due_on=MONDAY - timedelta(days=days_past_due),
        term_months=36,
        instalments_paid=10,
        instalments_missed=3,
        days_past_due=days_past_due,
        placed_on=MONDAY,
        arrears=15_000,
        annual_income=None,
    )


def limits(**changes: Any) -> Limits:
    grid = Grid((GridRow(Shares(interest=1_000, principal=1_000)),))
    return Limits(**{"grid": grid, "term_months_max": 24, "instalment_min": 2_500, **changes})


def version(number: int = 1, **changes: Any) -> MandateVersion:
    filed = MandateVersion(
        version_id=UUID(int=number),
        creditor_id=HARBOUR_CREDIT,
        product=None,
        number=number,
        currency="USD",
        limits=limits(),
        allocation_order=BUCKETS,
        grace_days=3,
        effective_from=date(2026, 1, 1),
        status="approved",
        is_lenders_word=True,
    )
    return replace(filed, **changes)


def effective(**changes: Any) -> EffectiveMandate:
    return effective_mandate(case_file(), [version(limits=limits(**changes))], MONDAY)


def monthly(count: int, total: int = 125_500, **changes: Any) -> Outline:
    return Outline(
        **{"kind": "instalments", "total": total, "discount": 0, "count": count, "first_due_on": DUE, **changes}
    )


# The grid

ends = st.integers(0, 400)
spans = st.builds(lambda a, b, is_open: Span(min(a, b), None if is_open else max(a, b) + 1), ends, ends, st.booleans())
shares = st.builds(Shares, *(st.integers(0, 10_000) for _ in range(4)))
grid_rows = st.builds(GridRow, shares, spans, spans, st.none() | st.sampled_from(["early", "mid", "late"]))
grids = st.lists(grid_rows, max_size=4).map(lambda rows: Grid(tuple(rows)))
stages = st.sampled_from(["early", "mid", "late"])


@given(grids, ends, ends, stages)
def test_without_overlaps_one_row_at_most_speaks(grid: Grid, days: int, balance: int, stage: str) -> None:
    speaking = [
        row
        for row in grid.rows
        if row.days_past_due.holds(days) and row.balance.holds(balance) and row.stage in (None, stage)
    ]
    assert len(speaking) <= 1 or grid.overlaps()


@given(grids, grids, st.none() | ends, ends, stages, buckets)
def test_the_tighter_grid_gives_no_more_than_either(
    one: Grid, other: Grid, days: int | None, balance: int, stage: str, owed: Buckets
) -> None:
    if one.overlaps() or other.overlaps():
        return
    met = one.tightened_by(other)
    assert not met.overlaps()
    given_ = met.shares(days, balance, stage).amount(owed)
    assert given_ <= one.shares(days, balance, stage).amount(owed)
    assert given_ <= other.shares(days, balance, stage).amount(owed)


@given(grids, ends, ends, stages, buckets)
def test_unknown_days_past_due_get_no_more_than_any_known(
    grid: Grid, days: int, balance: int, stage: str, owed: Buckets
) -> None:
    if not grid.overlaps():
        unknown = grid.shares(None, balance, stage).amount(owed)
        assert unknown <= grid.shares(days, balance, stage).amount(owed)


@pytest.mark.parametrize(("days", "discount"), [(89, 6_000), (90, 12_000), (179, 12_000), (180, 0)])
def test_the_row_of_the_days_past_due_speaks(days: int, discount: int) -> None:
    rows = (
        GridRow(Shares(principal=500), days_past_due=Span(0, 90)),
        GridRow(Shares(principal=1_000), days_past_due=Span(90, 180)),
    )
    case = case_file(contract=contract(days))
    mandate = effective_mandate(case, [version(limits=limits(grid=Grid(rows)))], MONDAY)
    assert largest_discount(mandate, case, MONDAY) == discount


def test_days_past_due_grow_with_the_day() -> None:
    row = GridRow(Shares(principal=1_000), days_past_due=Span(90))
    case = case_file(contract=contract(89))
    mandate = effective_mandate(case, [version(limits=limits(grid=Grid((row,))))], MONDAY)
    assert largest_discount(mandate, case, MONDAY) == 0
    assert largest_discount(mandate, case, MONDAY + timedelta(days=1)) == 12_000


@pytest.mark.parametrize(("below", "discount"), [(125_500, 0), (125_501, 12_000)])
def test_the_row_of_the_balance_speaks(below: int, discount: int) -> None:
    row = GridRow(Shares(principal=1_000), balance=Span(0, below))
    assert largest_discount(effective(grid=Grid((row,))), case_file(), MONDAY) == discount


def test_each_bucket_has_its_share_and_the_whole_has_a_cap() -> None:
    row = GridRow(Shares(fees=10_000, interest=5_000, principal=1_000, overall=1_000))
    mandate = effective(grid=Grid((row,)))
    assert largest_waiver(mandate, case_file(), MONDAY) == Buckets(1_500, 2_000, 12_000)
    assert largest_discount(mandate, case_file(), MONDAY) == 12_550 < 15_500


@given(cases)
def test_what_came_with_the_case_gives_what_it_always_gave(case: CaseFile) -> None:
    assert largest_discount(mandate_of_case(case.mandate), case, MONDAY) == discount_of_case(
        case.books.owed, case.mandate
    )


@given(cases)
def test_every_first_offer_is_inside_the_mandate_of_its_case(case: CaseFile) -> None:
    mandate = mandate_of_case(case.mandate)
    assert [allows(mandate, draft.outline, case, MONDAY) for draft in first_offers(case, MONDAY)] == [
        () for _ in first_offers(case, MONDAY)
    ]


# What is inside


@pytest.mark.parametrize(
    ("outline", "codes"),
    [
        (Outline("lump_sum", 113_100, 12_400, 1, DUE), ()),
        (Outline("lump_sum", 113_099, 12_401, 1, DUE), ("discount_above_mandate",)),
        (monthly(12, 125_400, discount=100), ("discount_not_for_this_form",)),
        (monthly(24), ()),
        (monthly(25), ("term_above_mandate",)),
        (monthly(26, 26 * 577, frequency="weekly"), ()),
        (monthly(26, 26 * 576, frequency="weekly"), ("instalment_below_minimum",)),
        (monthly(10, 25_000), ()),
        (monthly(10, 24_999), ("instalment_below_minimum",)),
        (Outline("instalments", 100, 0, 1, DUE), ()),
        (monthly(4, frequency="fortnightly"), ("frequency_not_in_mandate",)),
        (Outline("instalments", 100_000, 0, 1, DUE, frequency="fortnightly"), ()),
        (monthly(30, form="restructured"), ()),
        (monthly(36, form="restructured"), ()),
        (monthly(37, form="restructured"), ("term_above_mandate",)),
    ],
)
def test_both_sides_of_what_a_mandate_allows(outline: Outline, codes: tuple[str, ...]) -> None:
    mandate = effective(frequencies=("monthly", "weekly"), restructuring=Restructuring(36))
    assert allows(mandate, outline, case_file(), MONDAY) == codes


def test_without_a_mandate_for_it_nothing_is_restructured() -> None:
    assert allows(effective(), monthly(12, form="restructured"), case_file(), MONDAY) == (
        "restructuring_not_in_mandate",
    )


@pytest.mark.parametrize(
    ("kind", "until", "codes"),
    [
        ("pause", date(2026, 5, 2), ()),
        ("pause", date(2026, 5, 3), ("pause_above_mandate",)),
        ("deferral", date(2026, 4, 2), ()),
        ("deferral", date(2026, 4, 3), ("relief_above_mandate",)),
        ("interest_freeze", date(2026, 4, 2), ("relief_not_in_mandate",)),
    ],
)
def test_relief_lasts_as_long_as_the_mandate_says(kind: Any, until: date, codes: tuple[str, ...]) -> None:
    mandate = effective(reliefs=(Relief("pause", 2), Relief("deferral", 1)))
    plan_kind = "hardship_pause" if kind == "pause" else "instalments"
    outline = Outline(plan_kind, 125_500, 0, 12, until, pause_until=until, form=kind)  # type: ignore[arg-type]  # literal
    assert allows(mandate, outline, case_file(), MONDAY) == codes


@pytest.mark.parametrize(
    ("outline", "months"),
    [
        (monthly(1), 1),
        (monthly(12), 12),
        (monthly(12, first_due_on=date(2026, 1, 31)), 12),
        (monthly(4, frequency="weekly", first_due_on=date(2026, 2, 1)), 1),
        (monthly(5, frequency="weekly", first_due_on=date(2026, 2, 1)), 2),
        (monthly(3, frequency="pay_day", pay_day=1, first_due_on=date(2026, 3, 16)), 2),
        (monthly(3, frequency="pay_day", pay_day=28, first_due_on=date(2026, 3, 16)), 3),
    ],
)
def test_months_are_counted_from_the_first_payment(outline: Outline, months: int) -> None:
    assert months_spanned(outline) == months


def test_what_a_week_comes_to_in_a_month_is_rounded_against_the_asker() -> None:
    weekly = monthly(26, 26 * 600, frequency="weekly")
    assert largest_monthly(weekly) == 2_600
    assert largest_monthly(monthly(26, 26 * 600 + 1, frequency="weekly")) == 2_605


def test_plans_one_after_another_are_counted_by_case_and_by_year() -> None:
    limit = effective(replans=ReplanLimit(per_case=3, per_year=2)).limits.replans
    year_ago = date(2025, 3, 2)
    assert limit.reached([year_ago, MONDAY], MONDAY) is None
    assert limit.reached([year_ago + timedelta(days=1), MONDAY], MONDAY) == "per_year"
    assert limit.reached([date(2020, 1, 1)] * 3, MONDAY) == "per_case"
    assert effective().limits.replans.reached([MONDAY] * 50, MONDAY) is None


def test_a_lender_s_limit_goes_before_ours_also_where_it_is_none_at_all_or_wider() -> None:
    assert ReplanLimit(per_case=0).otherwise(ReplanLimit(3, 2)) == ReplanLimit(0, 2)
    assert ReplanLimit(per_year=5).otherwise(ReplanLimit(3, 2)) == ReplanLimit(3, 5)
    assert ReplanLimit(per_case=0).reached([], MONDAY) == "per_case"


# Which version counts


@pytest.mark.parametrize(
    ("on", "number"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), 1),
        (date(2026, 2, 28), 1),
        (date(2026, 3, 1), 2),
        (date(2026, 3, 31), 2),
        (date(2026, 4, 1), 1),
    ],
)
def test_the_newest_version_in_force_counts(on: date, number: int | None) -> None:
    versions = [version(1), version(2, effective_from=date(2026, 3, 1), effective_to=date(2026, 4, 1))]
    assert effective_mandate(case_file(), versions, on).number == number
    assert effective_mandate(case_file(), reversed(versions), on).number == number


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "draft"},
        {"status": "rejected"},
        {"status": "retired"},
        {"creditor_id": UUID(int=9)},
        {"currency": "CNY"},
        {"product": "credit_card"},
    ],
)
def test_a_version_of_another_sort_does_not_count(changes: dict[str, Any]) -> None:
    case = case_file(contract=contract(100))
    assert effective_mandate(case, [version(**changes)], MONDAY) == mandate_of_case(HARBOUR_MANDATE)


def test_a_products_own_version_goes_before_the_general_one() -> None:
    case = case_file(contract=contract(100))
    own = version(1, product="personal_loan")
    assert effective_mandate(case, [own, version(2)], MONDAY).number == 1


loose = st.builds(
    limits,
    grid=grids.filter(lambda grid: not grid.overlaps()),
    term_months_max=st.integers(1, 120),
    instalment_min=st.integers(0, 10**5),
    reliefs=st.sampled_from([(), (Relief("pause", 12),), (Relief("deferral", 1), Relief("reduced", 6))]),
    frequencies=st.sampled_from([("once", "monthly"), ("weekly",), ("once", "weekly", "fortnightly", "monthly")]),
    restructuring=st.none() | st.builds(Restructuring, st.integers(1, 120)),
    discounted_forms=st.sampled_from([("lump_sum",), (), ("lump_sum", "level")]),
)
outlines = st.one_of(
    st.builds(lambda d: Outline("lump_sum", 125_500 - d, d, 1, DUE), st.integers(0, 125_499)),
    st.builds(
        lambda count, d, frequency, form: monthly(count, 125_500 - d, discount=d, frequency=frequency, form=form),
        st.integers(1, 120),
        st.sampled_from([0, 1, 30_000]),
        st.sampled_from(["weekly", "fortnightly", "monthly"]),
        st.sampled_from(["level", "restructured", "reduced", "interest_freeze"]),
    ),
    st.builds(
        lambda days: Outline(
            "hardship_pause", 125_500, 0, 12, DUE + timedelta(days=days), pause_until=DUE + timedelta(days=days)
        ),
        st.integers(0, 400),
    ),
)


@given(loose, mandates, outlines, stages)
def test_without_the_lenders_word_nothing_more_is_allowed(
    ours: Limits, placed: Any, outline: Outline, stage: str
) -> None:
    case = case_file(mandate=placed, assessment=Assessment("C", stage, "job_loss", None))
    tightened = effective_mandate(case, [version(limits=ours, is_lenders_word=False)], MONDAY)
    if allows(mandate_of_case(placed), outline, case, MONDAY):
        assert allows(tightened, outline, case, MONDAY)
    if allows(replace(tightened, limits=ours), outline, case, MONDAY):
        assert allows(tightened, outline, case, MONDAY)


def test_our_newer_version_does_not_loosen_the_lenders_older_one() -> None:
    theirs = version(1, limits=limits(term_months_max=6))
    ours = version(2, limits=limits(term_months_max=20), is_lenders_word=False)
    found = effective_mandate(case_file(), [theirs, ours], MONDAY)
    assert (found.number, found.limits.term_months_max) == (2, 6)


def test_the_lenders_version_may_allow_more_than_came_with_the_case() -> None:
    mandate = effective(term_months_max=60)
    assert HARBOUR_MANDATE.term_months_max < 60
    assert allows(mandate, monthly(48), case_file(), MONDAY) == ()


# Faults of a draft


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"limits": limits(term_months_max=120)}, []),
        ({"limits": limits(term_months_max=121)}, ["term_out_of_range"]),
        ({"grace_days": 31}, ["grace_out_of_range"]),
        ({"allocation_order": ("fees", "fees", "principal")}, ["order_wrong"]),
        ({"effective_to": date(2026, 1, 1)}, ["ends_before_it_begins"]),
        ({"effective_to": date(2026, 1, 2)}, []),
        ({"limits": limits(grid=Grid((GridRow(Shares(principal=10_001)),)))}, ["share_above_whole"]),
        ({"limits": limits(grid=Grid((GridRow(Shares(), Span(5, 5)),)))}, ["span_empty"]),
        ({"limits": limits(reliefs=(Relief("pause", 1), Relief("pause", 2)))}, ["relief_twice"]),
        ({"limits": limits(restructuring=Restructuring(23))}, ["restructuring_shorter_than_term"]),
    ],
)
def test_every_fault_of_a_draft_is_found(changes: dict[str, Any], codes: list[str]) -> None:
    assert [fault.code for fault in version_faults(version(**changes))] == codes


# Who may


def test_authority_ends_where_its_figures_end() -> None:
    authorities = (Authority("agent", 100, 12), Authority("team_lead", 500, 24, ("pause",)))
    mandate = effective_mandate(case_file(), [version(authorities=authorities)], MONDAY)
    roles = ("agent", "team_lead")

    def who(outline: Outline) -> tuple[str, ...]:
        return authority_needed(mandate, outline, case_file(), MONDAY, roles).roles

    assert who(Outline("lump_sum", 124_245, 1_255, 1, DUE)) == ("agent", "team_lead")
    assert who(Outline("lump_sum", 124_244, 1_256, 1, DUE)) == ("team_lead",)
    assert who(Outline("lump_sum", 119_225, 6_275, 1, DUE)) == ("team_lead",)
    assert who(Outline("lump_sum", 119_224, 6_276, 1, DUE)) == ()
    assert (who(monthly(12)), who(monthly(13))) == (("agent", "team_lead"), ("team_lead",))
    outside = authority_needed(mandate, monthly(25), case_file(), MONDAY, roles)
    assert (outside.is_lenders, outside.outside, outside.lets("lender")) == (True, ("term_above_mandate",), True)


def approval(**changes: Any) -> Approval:
    asked = Approval(
        approval_id=UUID(int=1),
        creditor_id=HARBOUR_CREDIT,
        case_id=None,
        kind="mandate",
        subject_id=UUID(int=2),
        asked_by="lena",
        asked_role="manager",
        asked_at=NOW,
        expires_at=NOW + timedelta(days=14),
        deciders=("manager", "lender"),
        reasons=("mandate_drafted",),
    )
    return replace(asked, **changes)


def test_four_eyes_cannot_be_made_of_two() -> None:
    with pytest.raises(MayNotDecide):
        FourEyes("lena", "lena")
    assert FourEyes("lena", "max").checker == "max"


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        (Actor("max", "manager"), ()),
        (lender(HARBOUR_CREDIT), ()),
        (Actor("lena", "manager"), ("maker_is_checker",)),
        (Actor("ann", "agent"), ("role_without_authority",)),
        (Actor("lena", "agent"), ("maker_is_checker", "role_without_authority")),
    ],
)
def test_every_reason_against_a_checker_is_told(who: Actor, codes: tuple[str, ...]) -> None:
    assert approval().why_not(who) == codes
    if codes:
        with pytest.raises(MayNotDecide) as refused:
            approval().decide("approved", who, NOW, ("looks_right",))
        assert tuple(reason.code for reason in refused.value.reasons) == codes


def test_a_lender_is_one_whichever_key_it_signs_with() -> None:
    drafted = approval(asked_by=lender(HARBOUR_CREDIT).name, asked_role="lender")
    assert drafted.why_not(lender(HARBOUR_CREDIT)) == ("maker_is_checker",)


def test_a_question_is_open_until_its_end_and_answered_once() -> None:
    by, end = Actor("max", "manager"), approval().expires_at
    decided = approval().decide("approved", by, end - timedelta(seconds=1), ("looks_right",))
    assert (decided.status, decided.decided_by) == ("approved", "max")
    with pytest.raises(ApprovalExpired):
        approval().decide("approved", by, end, ("looks_right",))
    with pytest.raises(AlreadyDecided):
        decided.decide("rejected", by, NOW, ("looks_wrong",))
    assert decided.is_decision_repeated("approved", by)
    assert not decided.is_decision_repeated("approved", Actor("tim", "manager"))
