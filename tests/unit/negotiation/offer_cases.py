"""Cases with mandates, means and contracts of all sorts, for the rules of offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from services.negotiation.domain.case_file import CaseFile, Contract, KnownMeans, Mandate
from services.negotiation.domain.ledger import BUCKETS, Buckets
from services.negotiation.domain.mandates import (
    EffectiveMandate,
    Grid,
    GridRow,
    Limits,
    Relief,
    Restructuring,
    Shares,
)
from services.negotiation.domain.mandates.limits import FREQUENCIES, RELIEF_KINDS
from services.negotiation.domain.offers import Bounds, Draft, facts_of, offers_from
from services.negotiation.domain.offers.forms import at_once, level, pause_for
from services.negotiation.domain.offers.limits import bounds_of
from tests.unit.negotiation.builders import assessments, buckets, case_file, mandates

FAR = date(2040, 1, 1)
STATED = UUID("01900000-0000-7000-8000-0000000005fa")


def contract(**changes: Any) -> Contract:
    """A personal loan at 12.99 %, 6 of 36 instalments paid, 45 days past due on 2 March 2026."""
    usual: dict[str, Any] = {
        "product": "personal_loan",
        "region": "NY",
        "annual_rate_basis_points": 1_299,
        "originated_on": date(2025, 6, 16),
        "oldest_due_on": date(2026, 1, 16),
        "term_months": 36,
        "instalments_paid": 6,
        "instalments_missed": 2,
        "days_past_due": 45,
        "placed_on": date(2026, 3, 2),
        "arrears": 9_900,
        "annual_income": 5_400_000,
    }
    return Contract(**{**usual, **changes})


def known(affordable: int, **changes: Any) -> KnownMeans:
    return KnownMeans(STATED, affordable, FAR, **changes)


def wide_mandate(**changes: Any) -> EffectiveMandate:
    """Everything that a lender can allow, 24 months, 25.00 at least, a fifth off."""
    usual: dict[str, Any] = {
        "grid": Grid((GridRow(Shares(interest=2_000, principal=2_000)),)),
        "term_months_max": 24,
        "instalment_min": 2_500,
        "reliefs": tuple(Relief(kind, 6) for kind in RELIEF_KINDS),
        "frequencies": FREQUENCIES,
        "restructuring": Restructuring(60),
    }
    return EffectiveMandate(Limits(**{**usual, **changes}), BUCKETS, 3)


def _limits(
    share: int, term: int, least: int, months: dict[str, int], rhythms: list[Any], longer: int | None
) -> EffectiveMandate:
    return wide_mandate(
        grid=Grid((GridRow(Shares(interest=share, principal=share)),)),
        term_months_max=term,
        instalment_min=least,
        reliefs=tuple(Relief(kind, months[kind]) for kind in RELIEF_KINDS if months.get(kind)),
        frequencies=tuple(rhythms),
        restructuring=Restructuring(term + longer) if longer is not None else None,
    )


effective = st.builds(
    _limits,
    st.integers(0, 10_000),
    st.integers(1, 120),
    st.integers(0, 10**6),
    st.dictionaries(st.sampled_from(RELIEF_KINDS), st.integers(1, 24)),
    st.lists(st.sampled_from(FREQUENCIES), unique=True),
    st.none() | st.integers(0, 120),
)
causes = ["unknown", "oversight", "cash_flow_gap", "job_loss", "illness", "bereavement", "over_borrowing", "refuses"]
contracts = st.none() | st.builds(
    lambda rate, term, paid: contract(
        annual_rate_basis_points=rate, term_months=term, instalments_paid=min(paid, term)
    ),
    st.integers(0, 5_000),
    st.integers(1, 360),
    st.integers(0, 360),
)
rhythms = st.sampled_from(["weekly", "fortnightly", "monthly"]).map(lambda r: (r, None)) | st.integers(1, 31).map(
    lambda day: ("pay_day", day)
)
means = st.none() | st.builds(
    lambda amount, rhythm: known(amount, rhythm=rhythm[0], pay_day=rhythm[1]), st.integers(0, 10**7), rhythms
)


def _case(owed: Any, mandate: Any, assessment: Any, cause: str, deal: Any, stated: Any, instalment: int) -> CaseFile:
    told = replace(assessment, arrears_cause=cause)
    return replace(
        case_file(owed=owed, mandate=mandate, assessment=told),
        contract=deal,
        means=stated,
        regular_instalment=instalment,
    )


all_cases = st.builds(
    _case, buckets, mandates, assessments, st.sampled_from(causes), contracts, means, st.integers(0, 10**6)
)


def first_offers(case: CaseFile, today: date, mandate: EffectiveMandate | None = None) -> tuple[Draft, ...]:
    """All offers that are shown for a case. Without a mandate, the one that came with the case counts."""
    return offers_from(facts_of(case, today, mandate))


def bounds(case: CaseFile, today: date) -> Bounds:
    return bounds_of(facts_of(case, today))


def lump_sum(case: CaseFile, due_on: date) -> Draft:
    return at_once(facts_of(case, due_on), due_on)


def instalments(case: CaseFile, due_on: date) -> Draft | None:
    return level(facts_of(case, due_on), due_on=due_on)


def pause(case: CaseFile, today: date, cause: str) -> Draft | None:
    return pause_for(facts_of(case, today), cause)


def largest_discount(owed: Buckets, mandate: Mandate) -> int:
    """By hand: of principal and interest, rounded down."""
    return (owed.principal + owed.interest) * mandate.discount_max_basis_points // 10_000
