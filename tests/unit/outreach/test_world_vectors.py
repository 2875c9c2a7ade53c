"""The vectors of the places outside the United States, and of the floor: there, right, and complete."""

from __future__ import annotations

from collections import Counter

import pytest

from services.outreach.adapters.rule_packs import load_packs, pack_documents
from services.outreach.adapters.vectors import Vector, check, our_files, read_vectors
from services.outreach.domain.law import questions
from tests.unit.outreach.source_cases import FROM_CHINESE_SOURCES, FROM_OTHER_SOURCES
from tests.unit.outreach.word_mutations import unnoticed

PACKS = load_packs()
VECTORS = read_vectors(our_files())
BY_ID = {vector.id: vector for vector in VECTORS}
OURS = [vector for vector in VECTORS if not vector.id.startswith("US-")]
WORLD = sorted(pack.name for pack in PACKS if not (pack.jurisdiction or "").startswith("US"))


def test_no_case_that_a_source_decides_gets_lost() -> None:
    assert (len(set(FROM_CHINESE_SOURCES)), len(set(FROM_OTHER_SOURCES))) == (61, 62)
    assert set(FROM_CHINESE_SOURCES + FROM_OTHER_SOURCES) <= set(BY_ID)


@pytest.mark.parametrize("vector", OURS, ids=lambda vector: vector.id)
def test_a_vector_is_answered_as_its_source_says(vector: Vector) -> None:
    assert [str(failure) for failure in check(vector, PACKS)] == []


def test_no_word_of_a_pack_can_change_without_a_vector_noticing() -> None:
    assert [str(mutant) for mutant in unnoticed(pack_documents(), VECTORS, WORLD)] == []


def test_every_pack_has_vectors_and_every_question_has_one() -> None:
    fired = {rule.split("/")[0] for vector in OURS for rule in vector.expect.get("fires", ())}
    judged = {vector.pack for vector in OURS} | fired
    assert set(WORLD) <= judged
    assert set(questions()) <= {vector.ask for vector in VECTORS}


def test_what_no_good_source_says_never_changes_an_answer() -> None:
    """A rule that denies although its source is advice, a draft, hearsay or memory says why; the others are notes."""
    weak = {"self_regulatory_advisory", "draft"}
    unsure = {"weak", "memory"}
    verdicts = {
        f"{pack.name}/{rule.id}": (rule.verdict, bool(rule.because))
        for pack in PACKS
        if pack.name in WORLD
        for rule in pack.rules
        if rule.strength in weak or rule.confidence in unsure
    }
    denying = {name for name, (verdict, _) in verdicts.items() if verdict != "note"}
    assert denying == {"cn-cba-2026/attempts_per_number_and_day", "in-rbi-draft-2026/occasions"}
    assert all(explained for verdict, explained in verdicts.values() if verdict != "note")
    noted = {vector.full_name(rule) for vector in OURS for rule in vector.expect.get("notes", ())}
    assert set(verdicts) - denying <= noted


def test_there_are_enough_edges_of_our_own() -> None:
    origins = Counter(vector.origin for vector in OURS)
    assert origins["own_boundary"] >= 150
