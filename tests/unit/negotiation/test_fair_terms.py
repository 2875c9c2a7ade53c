"""Vectors hold, every forbidden thing has one, and neither an offer nor a plan gets out with a fault."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.adapters.fair_vectors import (
    InvalidVector,
    answer,
    failure,
    our_files,
    read_vectors,
    report,
)
from services.negotiation.adapters.interest_figures import InvalidFigures, load_figures, shipped_figures
from services.negotiation.application.check_fairness import assert_fair, refuse_unfair
from services.negotiation.domain.agreement.text import CLAUSES as AGREEMENT_CLAUSES
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.fair_terms import CLAUSES, UnfairTerms, UnfairToAgree
from services.negotiation.domain.fair_terms.clauses import ALWAYS_NEEDED, FORBIDDEN
from services.negotiation.domain.fair_terms.sources import RULES
from services.negotiation.domain.interest_caps import (
    Cap,
    Loan,
    RateFrom,
    Series,
    Unknown,
    cap,
    cooling_off,
    interest_within,
    loan_of,
)
from services.negotiation.domain.interest_caps.cooling_off import AGREEMENT_KINDS, POLICY_DAYS
from services.negotiation.domain.terms import Outline, draw_up
from tests.unit.negotiation.builders import MONDAY, case_file, cases
from tests.unit.negotiation.offer_cases import first_offers

VECTORS = read_vectors(our_files())
EXPIRES = MONDAY + timedelta(days=10)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_a_vector_is_answered_as_its_source_says(vector: object) -> None:
    assert failure(vector) is None  # type: ignore[arg-type]  # pytest's ids take objects


def test_every_rule_and_every_forbidden_clause_has_a_vector_that_fires() -> None:
    fired = Counter(rule for vector in VECTORS if vector.ask == "faults" for rule in vector.expect)
    assert set(RULES) - set(fired) == set()
    assert {f"clause.{clause.code}" for clause in FORBIDDEN} <= set(fired)
    assert sum(vector.ask == "faults" for vector in VECTORS) >= 60


def test_every_rule_has_a_vector_in_which_it_keeps_silent() -> None:
    clean = [vector for vector in VECTORS if vector.ask == "faults" and vector.expect == []]
    assert len(clean) >= 30


def test_a_wrong_expectation_is_a_failure() -> None:
    lines, failed = report([replace(VECTORS[0], expect=["fee.outside_contract"])])
    assert (failed, lines[-1]) == (1, "0 passed, 1 failed")
    assert VECTORS[0].id in lines[0]


@pytest.mark.parametrize(
    "text",
    [
        "vectors: [{id: a, clause: c, confidence: policy, ask: cap, given: {}, expect: {}, extra: 1}]",
        "vectors: [{id: a, clause: c, confidence: sure, ask: cap, given: {}, expect: {}}]",
        "vectors: [{id: a, confidence: policy, ask: cap, given: {}, expect: {}}]",
        "base: {clause: c, confidence: policy, ask: cap, given: {}, expect: {}}\nvectors: [{id: a}, {id: a}]",
    ],
)
def test_a_vector_that_does_not_follow_the_form_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text)
    with pytest.raises(InvalidVector):
        read_vectors([file])


def test_nobody_answers_an_unknown_question() -> None:
    with pytest.raises(InvalidVector):
        answer(replace(VECTORS[0], ask="weather"))


def test_what_an_agreement_says_is_in_the_catalogue_and_allowed() -> None:
    for language, texts in AGREEMENT_CLAUSES.items():
        assert {code for code in texts if code not in CLAUSES or not CLAUSES[code].is_allowed} == set(), language
        assert set(texts) >= ALWAYS_NEEDED


def test_the_catalogue_speaks_both_languages() -> None:
    assert all(clause.en and clause.zh and clause.zh != clause.en for clause in CLAUSES.values())
    assert all(bool(clause.source) != clause.is_allowed for clause in CLAUSES.values())


# Both ways out of negotiation


@given(cases)
def test_what_the_engine_draws_up_is_fair(case: CaseFile) -> None:
    for draft in first_offers(case, MONDAY):
        terms = draw_up(draft.outline, currency="USD", grace_days=3)
        assert_fair(case, terms, MONDAY, EXPIRES, draft.reasons)
        refuse_unfair(case, terms, MONDAY, was_offered=False)


def test_terms_above_the_balance_are_neither_offered_nor_agreed() -> None:
    terms = draw_up(Outline("lump_sum", 125_501, 0, 1, MONDAY), currency="USD", grace_days=3)
    with pytest.raises(UnfairTerms, match=r"interest\.beyond_contract"):
        assert_fair(case_file(), terms, MONDAY, EXPIRES, ())
    with pytest.raises(UnfairToAgree) as refused:
        refuse_unfair(case_file(), terms, MONDAY, was_offered=True)
    assert [reason.code for reason in refused.value.reasons] == ["interest.beyond_contract"]


def test_above_means_only_with_a_name_and_what_was_offered_stands() -> None:
    terms = draw_up(Outline("instalments", 125_500, 0, 4, MONDAY), currency="USD", grace_days=3)
    with pytest.raises(UnfairTerms, match=r"payment\.above_affordable"):
        assert_fair(case_file(), terms, MONDAY, EXPIRES, ("within_term",))
    with pytest.raises(UnfairToAgree):
        refuse_unfair(case_file(), terms, MONDAY, was_offered=False)
    assert_fair(case_file(), terms, MONDAY, EXPIRES, ("approved_by_name",))
    refuse_unfair(case_file(), terms, MONDAY, was_offered=True)


def test_a_debt_too_old_to_be_sued_on_is_agreed_only_with_a_text_that_says_so() -> None:
    terms = draw_up(Outline("lump_sum", 125_500, 0, 1, MONDAY), currency="USD", grace_days=3)
    clauses = tuple(sorted(ALWAYS_NEEDED))
    refuse_unfair(case_file(), terms, MONDAY, was_offered=True, clauses=clauses, is_time_barred=False)
    refuse_unfair(case_file(), terms, MONDAY, was_offered=True, clauses=clauses, is_time_barred=None)
    told = ("time_barred", *clauses)
    refuse_unfair(case_file(), terms, MONDAY, was_offered=True, clauses=told, is_time_barred=True)
    with pytest.raises(UnfairToAgree) as refused:
        refuse_unfair(case_file(), terms, MONDAY, was_offered=True, clauses=clauses, is_time_barred=True)
    assert [reason.code for reason in refused.value.reasons] == ["time_barred.not_told"]


# Caps and series


@given(st.dates(date(2019, 8, 20), date(2026, 1, 19)))
def test_within_its_days_a_series_always_has_the_rate_of_the_last_change(day: date) -> None:
    series = shipped_figures().series["cn-lpr-1y"]
    expected = [rate.basis_points for rate in series.rates if rate.starts_on <= day][-1]
    assert series.on(day) == expected


def test_outside_its_days_a_series_says_nothing() -> None:
    series = shipped_figures().series["cn-lpr-1y"]
    assert series.on(date(2019, 8, 19)) is None
    assert series.on(series.known_through) is not None
    assert series.on(series.known_through + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("days", "known_through"),
    [([], MONDAY), ([MONDAY, MONDAY], MONDAY), ([MONDAY], MONDAY - timedelta(days=1))],
)
def test_a_series_out_of_order_is_none(days: list[date], known_through: date) -> None:
    with pytest.raises(ValueError, match="a series has rates in order"):
        Series("wrong", tuple(RateFrom(day, 300) for day in days), known_through)


def test_a_case_without_a_contract_has_no_known_cap() -> None:
    cn = replace(case_file(), jurisdiction="CN")
    assert cap(loan_of(cn), MONDAY, shipped_figures()) == Unknown("formation_unknown")
    us = cap(loan_of(case_file()), MONDAY, shipped_figures())
    assert us == Unknown("no_rule")


def test_interest_under_a_cap_is_rounded_down_and_never_above_what_was_lent() -> None:
    yearly = Cap("r", "c", "policy", ("interest",), annual_rate_basis_points=1_240)
    assert interest_within(yearly, 120_000, 365) == 14_880
    assert interest_within(yearly, 120_000, 136) == 5_544
    daily = Cap("r", "c", "policy", ("interest",), daily_rate_basis_points=80, total_cost_max_basis_points=10_000)
    assert (interest_within(daily, 10_000, 124), interest_within(daily, 10_000, 126)) == (9_920, 10_000)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("caps.yaml", "rules: [{rule: a, jurisdiction: CN, clause: c, confidence: sure}]"),
        ("caps.yaml", "rules: [{rule: a, jurisdiction: CN, clause: c, confidence: memory}]"),
        (
            "caps.yaml",
            "rules: [{rule: a, jurisdiction: CN, clause: c, confidence: memory, is_none: true, hue: red}]",
        ),
        (
            "caps.yaml",
            "rules: [{rule: a, jurisdiction: CN, clause: c, confidence: memory, series: nowhere, multiple: 4}]",
        ),
        ("caps.yaml", "[]"),
        ("lpr.yaml", "{name: lpr, source: s, confidence: memory, known_through: soon, rates: []}"),
    ],
)
def test_figures_that_do_not_follow_the_form_stop_the_start(file: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "caps.yaml").write_text("rules: []")
    (tmp_path / file).write_text(text)
    with pytest.raises(InvalidFigures):
        load_figures(tmp_path)


def test_every_place_and_kind_has_days_to_think_it_over_and_says_whose_they_are() -> None:
    for place in ("US", "CN", "GB", "IE", "IN", "ID", "PH", "VN", "SG", "AU"):
        for kind in AGREEMENT_KINDS:
            right = cooling_off(place, kind)
            assert right.days >= max(POLICY_DAYS[kind], right.law_days or 0)
            assert (right.basis == "law") == (right.law_days == right.days)
    assert Loan("CN", None).is_high_cost_short_term is None
