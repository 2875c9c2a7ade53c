"""The American cases taken from official texts: each is asked, under its own id, and answered as its source says."""

from __future__ import annotations

from collections import Counter

from services.outreach.adapters.rule_packs import load_packs
from services.outreach.adapters.vectors import FOLDER, check, read_vectors
from services.outreach.domain.law import questions

REGULATION_F = """
    2b-1ii 2d-2a 2d-2b 2j-1 2j-2 2j-3 2j2-1 6b1-1i-a 6b1-1i-b 6b1-1i-c 6b1-1i-d 6b1-1ii-a 6b1-1ii-b 6b1-1ii-c
    6b1-1ii-d 6b1-1ii-e 6b1-2iv-a 6b1-2iv-b 6b1i-1-a 6b1i-1-b 6b1i-2i-a 6b1i-2i-b 6b1i-2i-c 6b1i-2i-d 6b1i-2i-e
    6b1i-2ii-a 6b1i-2ii-b 6b1i-2ii-c 6b1i-2ii-d 6b2-1-a 6b2-1-b 6b3-1 6b4i-1-a 6b4i-1-b 6c1-1i 6c1-1i-after 6c2-a
    6c2-b 6c2-c 6d4iB-2 6d4iiB-1 6d4iiB-1b 6d4iiC1-1 6d4iiC4-1i 6d4iiC4-1ib 6d4iiC4-1ii 6d4iiC5-a 6d4iiC5-b
    6d4iiC5-1 6d4iiE-1a 6d4iiE-1b 6d4iiE-1c 6d4iiE-1d 6d4iiE-2 6d4iii-2i 6d5i-60-a 6d5i-60-b 6d5i-60-c 6e-1i
    6e-1iii 6e-rule-none 10b2-1 10c-a 10c-b 14a-1i 14a-2i 14b-1a 14b-1b 14b2i-1ii-a 14b2i-1ii-b 14b2i-1iii
    14b2i-2i 14b2i-2ii 14b2i-2iii 14b2i-2iv 14b2i-3i 14b2ii-1ii-a 14b2ii-1ii-b 14b2ii-1ii-c 14b2ii-2i 14b2ii-2ii
    14b2ii-2iii 14b2ii-2ivA 14b2ii-2ivC 14b3i-3i 14b3i-3ii 14b3ii-1-noanswer 14b3ii-mix 14b3iii 14b4-2i 14b4-2i-22
    14b4-2iii-b 14b4-2v 14b4-2vi-b 14h1-3i-b 14h1-3ii 14h2i 14h2i-b 14h2ii 18d-1ii 18e-1a 18e-1b 18e4-1i 18f-1
    22f1 22f3-1a 22f3-1b 22f4-1a 22f4-1b 26b-a 26b-b 30a1-3ii 30a1-3iii 30a1-2 30b2iA 30b1-1 30c 34a2 34a1-1
    34b2-1 34b3-1 34b3-2 34b3iii-1 34b5-2 34c2iv-1 34c2viii-1a 34c2viii-1b 34c2viii-3 34c2viii-4 34e-1 38-1ii
    38-1iv 38d2 38d2-partial 38a1-2i 38a1-1 38-3 42a1-2 42a1-3a 42a1-3b 42a1-1i 100a-1 100b-1 104
"""
"""The part of the id after `REGF-`: the paragraph of 12 CFR 1006 or of its official interpretations."""

STATES_AND_CITIES = """
    US-MA-2 US-MA-3 US-MA-4 US-MA-8 US-WA-1 US-WA-2 US-WA-3 US-DC-1 US-NYC-2 US-NYC-3 US-NYC-4
"""

VECTORS = {vector.id: vector for vector in read_vectors(sorted(FOLDER.glob("us-*.yaml")))}
CASES = [f"REGF-{name}" for name in REGULATION_F.split()] + STATES_AND_CITIES.split()
OWN_MIN = 600


def test_every_case_of_the_official_texts_is_asked() -> None:
    assert len(CASES) == len(set(CASES)) == 155
    assert set(CASES) <= set(VECTORS)


def test_a_case_of_an_official_text_names_its_clause_and_says_so() -> None:
    for name in CASES:
        assert VECTORS[name].origin != "own_boundary"
        assert VECTORS[name].clause


def test_every_american_vector_is_answered_as_its_source_says() -> None:
    packs = load_packs()
    failures = [failure for vector in VECTORS.values() for failure in check(vector, packs)]
    assert not failures, "\n".join(map(str, failures))


def test_edges_of_our_own_outnumber_what_others_wrote() -> None:
    assert Counter(vector.origin for vector in VECTORS.values())["own_boundary"] >= OWN_MIN


def test_every_american_question_is_asked_by_some_vector() -> None:
    asked = {vector.ask for vector in VECTORS.values()}
    assert {name for name in questions() if name.startswith("us_")} <= asked


def test_every_american_pack_is_named_by_some_vector() -> None:
    named = {vector.pack for vector in VECTORS.values()}
    assert {pack.name for pack in load_packs() if pack.name.startswith("us-")} <= named
