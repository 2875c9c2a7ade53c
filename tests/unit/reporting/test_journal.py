"""The chain: what it covers, and that any change, gap or exchange is found at its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain.facts import Fact
from services.reporting.domain.journal import Entry, Head, canonical, extend, follow
from tests.conformance.lives import STORIES, lives
from tests.unit.reporting.builders import facts_of

FACTS = [fact for life in lives(5, len(STORIES)) for fact in facts_of(life)]
HEAD, ENTRIES = extend(Head(), FACTS)

_text = st.text(st.characters(exclude_categories=["Cs"]))
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _text,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcdefghijklmnopqrstuvwxyz_", max_size=12), inner),
    max_leaves=20,
)


@given(_json)
def test_canonical_json_is_rfc_8785_for_what_contracts_contain(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]  # any JSON value will do


def test_an_untouched_chain_is_followed_to_its_head() -> None:
    assert follow(Head(), ENTRIES) == (HEAD, None)


def test_a_chain_is_followed_from_any_trusted_place() -> None:
    trusted = Head(ENTRIES[9].position, ENTRIES[9].hash)
    assert follow(trusted, ENTRIES[10:]) == (HEAD, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: replace(f, body={**f.body, "creditor_id": str(UUID(int=7))}),
        lambda f: replace(f, type="case.closed" if f.type != "case.closed" else "case.received"),
        lambda f: replace(f, key=UUID(int=7)),
        lambda f: replace(f, event_id=UUID(int=7)),
        lambda f: replace(f, sequence=f.sequence + 1),
        lambda f: replace(f, causation_id=UUID(int=7)),
        lambda f: replace(f, occurred_at=f.occurred_at.replace(microsecond=1)),
    ],
    ids=["body", "type", "key", "event_id", "sequence", "causation_id", "occurred_at"],
)
def test_a_changed_entry_is_the_first_bad_one(change: Callable[[Fact], Fact]) -> None:
    place = 17
    forged: list[Entry] = [*ENTRIES]
    forged[place] = replace(forged[place], fact=change(forged[place].fact))
    head, fault = follow(Head(), forged)
    assert fault is not None
    assert (fault.position, fault.kind) == (place + 1, "changed")
    assert head.position == place


def test_an_entry_rewritten_with_a_fitting_hash_breaks_the_one_behind_it() -> None:
    place = 17
    before = Head(ENTRIES[place - 1].position, ENTRIES[place - 1].hash)
    fact: Fact = replace(ENTRIES[place].fact, key=UUID(int=7))
    _, [rewritten] = extend(before, [fact])
    _, fault = follow(Head(), [*ENTRIES[:place], rewritten, *ENTRIES[place + 1 :]])
    assert fault is not None
    assert (fault.position, fault.kind) == (place + 2, "changed")


def test_a_missing_entry_is_a_gap_at_the_next_one() -> None:
    _, fault = follow(Head(), ENTRIES[:17] + ENTRIES[18:])
    assert fault is not None
    assert (fault.position, fault.kind) == (19, "gap")


def test_two_entries_that_changed_places_are_found() -> None:
    exchanged = [*ENTRIES[:17], ENTRIES[18], ENTRIES[17], *ENTRIES[19:]]
    _, fault = follow(Head(), exchanged)
    assert fault is not None
    assert fault.kind == "gap"
