"""Equal offers: who somebody is, who looks and what they complained of decide nothing; more room never gives less."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.domain.case_file import CaseFile, CurrentPlan
from services.negotiation.domain.ledger import Books, Buckets
from services.negotiation.domain.mandates import EffectiveMandate, Grid, GridRow, Relief, Shares
from services.negotiation.domain.offers import facts_of, lawful, offers_from
from services.negotiation.domain.offers.audit import ENGINE, Proof, again, proof_of, written
from services.negotiation.domain.offers.facts import Facts, hash_of, recalled, recorded
from services.negotiation.domain.offers.forms import at_once
from tests.unit.negotiation.builders import MONDAY, case_file, days
from tests.unit.negotiation.offer_cases import all_cases, effective, first_offers, wide_mandate

ALLOWED = {
    "today",
    "owed",
    "discount_max",
    "term_months_max",
    "instalment_min",
    "reliefs",
    "frequencies",
    "restructuring_months",
    "discounted_forms",
    "risk_grade",
    "stage",
    "arrears_cause",
    "ceiling",
    "ceiling_from",
    "regular_instalment",
    "annual_rate_basis_points",
    "months_left",
    "rhythm",
    "pay_day",
}

uuids = st.integers(1, 2**100).map(lambda n: UUID(int=n))
others = st.fixed_dictionaries(
    {
        "case_id": uuids,
        "person_id": st.none() | uuids,
        "language": st.sampled_from(["en", "zh"]),
        "candidate_zones": st.sampled_from([(), ("America/New_York",), ("America/Los_Angeles", "America/Chicago")]),
        "rounds": st.integers(0, 10),
        "defaults": st.integers(0, 5),
        "plan": st.none() | uuids.map(lambda plan_id: CurrentPlan(plan_id, "defaulted")),
    }
)


def as_bytes(case: CaseFile, today: date, mandate: EffectiveMandate) -> bytes:
    return json.dumps(written(first_offers(case, today, mandate))).encode()


def test_only_these_facts_can_decide() -> None:
    assert {field.name for field in fields(Facts)} == ALLOWED


@given(case=all_cases, mandate=effective, today=days, changes=others, region=st.sampled_from([None, "NY", "CA", "TX"]))
def test_another_person_language_region_history_or_tone_gets_the_same_offers_byte_for_byte(
    case: CaseFile, mandate: EffectiveMandate, today: date, changes: dict[str, Any], region: str | None
) -> None:
    deal = replace(case.contract, region=region, annual_income=1) if case.contract is not None else None
    told = replace(case.assessment, is_vulnerable=True) if case.assessment is not None else None
    other = replace(case, contract=deal, assessment=told, **changes)
    assert as_bytes(other, today, mandate) == as_bytes(case, today, mandate)


def shapes(facts: Facts) -> set[tuple[Any, ...]]:
    return {draft.outline.shape for draft in lawful(facts)}


def cheapest(facts: Facts) -> int:
    return min(draft.outline.total for draft in lawful(facts))


@given(case=all_cases, mandate=effective, today=days, more=st.integers(1, 10**6))
def test_more_that_is_affordable_never_gives_fewer_choices(
    case: CaseFile, mandate: EffectiveMandate, today: date, more: int
) -> None:
    facts = facts_of(case, today, mandate)
    richer = replace(facts, ceiling=facts.ceiling + more)
    assert shapes(richer) >= shapes(facts)
    assert cheapest(richer) <= cheapest(facts)


@given(
    case=all_cases,
    mandate=effective,
    today=days,
    term=st.integers(0, 60),
    less=st.integers(0, 10**6),
    months=st.integers(0, 12),
    discount=st.integers(0, 10**9),
)
def test_a_larger_mandate_never_gives_less(
    case: CaseFile, mandate: EffectiveMandate, today: date, term: int, less: int, months: int, discount: int
) -> None:
    facts = facts_of(case, today, mandate)
    larger = replace(
        facts,
        term_months_max=facts.term_months_max + term,
        instalment_min=max(0, facts.instalment_min - less),
        reliefs=tuple((kind, longest + months) for kind, longest in facts.reliefs),
        discount_max=min(facts.discount_max + discount, facts.owed.principal + facts.owed.interest),
    )
    assert shapes(larger) >= shapes(facts)
    assert cheapest(larger) <= cheapest(facts)


def test_a_larger_mandate_of_the_lender_is_a_larger_one_for_the_case() -> None:
    small = wide_mandate(reliefs=(), term_months_max=6, grid=Grid(()))
    case = case_file()
    assert shapes(facts_of(case, MONDAY, wide_mandate())) > shapes(facts_of(case, MONDAY, small))


parts = st.integers(0, 10**9)


@given(
    case=all_cases,
    today=days,
    share=st.integers(0, 10_000),
    fees=parts,
    interest=parts,
    principal=parts,
)
def test_a_smaller_balance_never_costs_more(
    case: CaseFile, today: date, share: int, fees: int, interest: int, principal: int
) -> None:
    owed = case.books.owed
    smaller = Buckets(min(owed.fees, fees), min(owed.interest, interest), min(owed.principal, principal))
    if smaller.total == 0:
        return
    mandate = wide_mandate(grid=Grid((GridRow(Shares(interest=share, principal=share)),)))
    less = facts_of(replace(case, books=Books(smaller)), today, mandate)
    more = facts_of(case, today, mandate)
    assert at_once(less).outline.total <= at_once(more).outline.total
    assert cheapest(less) <= cheapest(more)


@given(case=all_cases, mandate=effective, today=days)
def test_a_complaint_or_a_broken_plan_never_makes_an_offer_worse(
    case: CaseFile, mandate: EffectiveMandate, today: date
) -> None:
    """Holds, complaints and rounds are no part of the facts: what a case with them gets is what it got before."""
    after = replace(case, rounds=7, defaults=3, plan=CurrentPlan(UUID(int=7), "defaulted"))
    assert written(first_offers(after, today, mandate)) == written(first_offers(case, today, mandate))


@given(case=all_cases, mandate=effective, today=days)
def test_what_is_on_record_gives_the_same_offers_again(case: CaseFile, mandate: EffectiveMandate, today: date) -> None:
    facts = facts_of(case, today, mandate)
    proof = proof_of(facts, offers_from(facts))
    stored = replace(proof, facts=json.loads(json.dumps(proof.facts)))
    assert recalled(stored.facts) == facts
    assert again(stored) == "same"


def proof() -> Proof:
    facts = facts_of(case_file(), MONDAY, wide_mandate(reliefs=(Relief("pause", 3),)))
    made = proof_of(facts, offers_from(facts))
    return replace(made, facts=json.loads(json.dumps(made.facts)))


def test_facts_that_were_changed_afterwards_are_found() -> None:
    assert again(replace(proof(), facts={**proof().facts, "ceiling": 1})) == "facts_changed"


def test_offers_that_did_not_follow_from_their_facts_are_found() -> None:
    favoured = {**proof().facts, "discount_max": 99_999}
    assert again(replace(proof(), facts=favoured, facts_hash=hash_of(favoured))) == "offers_differ"
    assert again(replace(proof(), offers_hash="0" * 64)) == "offers_differ"


@pytest.mark.parametrize("lost", ["ceiling", "owed", "today"])
def test_facts_that_cannot_be_read_are_found(lost: str) -> None:
    less = {name: value for name, value in proof().facts.items() if name != lost}
    assert again(replace(proof(), facts=less, facts_hash=hash_of(less))) == "facts_unreadable"


def test_a_name_among_the_facts_is_found() -> None:
    more = {**proof().facts, "language": "zh"}
    assert again(replace(proof(), facts=more, facts_hash=hash_of(more))) == "facts_unreadable"


def test_a_set_of_another_engine_is_not_judged_by_this_one() -> None:
    assert again(replace(proof(), engine="offers@1")) == "other_engine"
    assert proof().engine == ENGINE


def test_the_record_holds_no_moment_but_the_business_date() -> None:
    record = recorded(facts_of(case_file(), MONDAY))
    assert record["today"] == "2026-03-02"
    assert not any(isinstance(value, datetime) for value in record.values())
