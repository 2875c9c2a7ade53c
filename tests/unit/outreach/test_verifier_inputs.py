"""However the verifier reads the inputs of a decision: the same values, and canonical only what would be written so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.outreach.domain.gate.decision import answer, decide
from services.outreach.domain.gate.document import to_text
from services.outreach.domain.gate.facts import from_document
from services.outreach.verifier.inputs import read_inputs
from tests.unit.outreach.builders import PACKS, calls, consumer_loan, local, request
from tests.unit.outreach.decision_log import a_case
from tests.unit.outreach.questions import Question, questions

TEXTS = [row["facts"] for number in (1, 2) for row in a_case(number, 12)]
PIECES = ["", "0", "9", '"', ",", "[", "]", "}", " ", "null", "true", '","', '],"facts":', ',"form":2', '","request":{']


def plainly(text: str) -> tuple[object, ...]:
    """Without cutting or remembering anything; or the kind of what is wrong."""
    try:
        wanted, facts, now = from_document(orjson.loads(text))
        return wanted, facts, now.astimezone(UTC), to_text(wanted, facts, now.astimezone(UTC)) == text
    except Exception as error:
        return (type(error),)


def by_parts(text: str) -> tuple[object, ...]:
    try:
        seen = read_inputs(text)
    except Exception as error:
        return (type(error),)
    return seen.request, replace(seen.facts, contacts=tuple(seen.history)), seen.now, seen.is_canonical


@settings(max_examples=200, deadline=None)
@given(questions())
def test_what_a_decision_saw_is_read_as_it_was_and_answered_the_same(question: Question) -> None:
    wanted, facts, now = question
    first = decide(wanted, facts, PACKS, now)
    assert by_parts(first.facts_text) == (*question, True)
    seen = read_inputs(first.facts_text)
    again = answer(seen.request, seen.facts, seen.history, PACKS, seen.now)
    assert (again.verdict, again.until, again.rules, again.notes) == (
        first.verdict,
        first.until,
        first.rules,
        first.notes,
    )


@settings(max_examples=1_500, deadline=None)
@given(st.sampled_from(TEXTS), st.data(), st.sampled_from(PIECES), st.integers(0, 3))
def test_a_text_with_anything_changed_is_read_as_if_it_were_the_only_one(
    text: str, data: st.DataObject, piece: str, removed: int
) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert by_parts(text) == plainly(text)
    changed = text[:at] + piece + text[at + removed :]
    assert by_parts(changed) == plainly(changed)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_a_text_with_a_piece_taken_from_another_is_read_as_if_it_were_the_only_one(
    text: str, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(TEXTS))
    at, until = (data.draw(st.integers(0, min(len(text), len(other)))) for _ in range(2))
    changed = text[:at] + other[at:until] + text[max(at, until) :]
    assert by_parts(changed) == plainly(changed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("+00:00", "Z"),
        ("+00:00", ""),
        ('"call"', '"\\u0063all"'),
        ('"out"]', '"out",{}]'),
        ('"out"]', '"out",{"is_consented":false}]'),
        ('"form":2', '"form":3'),
        ('"is_represented":false', '"is_represented":false,"holds":[]'),
        ('"is_represented":false', '"is_represented":false,"contacts":[]'),
        ("125500", "125500.0"),
        ("125500", "true"),
    ],
)
def test_another_spelling_of_the_same_inputs_is_not_canonical(before: str, after: str) -> None:
    facts = consumer_loan(contacts=calls(["2026-03-04", "2026-03-06"]))
    text = decide(request(), facts, PACKS, local("2026-03-10")).facts_text
    assert before in text
    changed = text.replace(before, after)
    assert by_parts(changed) == plainly(changed)
    assert by_parts(changed)[-1] is not True


@pytest.mark.parametrize("debt", ['x","request":{', '],"facts":', ',"form":2,"now":"', "\\", '"]', "\u2028{}"])
def test_words_of_the_form_within_a_name_mislead_nobody(debt: str) -> None:
    facts = consumer_loan(contacts=calls(["2026-03-04"], debt=debt), creditor_id=debt)
    wanted, now = request(debt=debt), local("2026-03-10")
    assert by_parts(decide(wanted, facts, PACKS, now).facts_text) == (wanted, facts, now, True)


@pytest.mark.parametrize("cut", [slice(13, None), slice(1, None), slice(None, -1), slice(None, -2), slice(0)])
def test_a_text_without_its_beginning_or_end_cannot_be_read(cut: slice) -> None:
    text = decide(request(), consumer_loan(contacts=calls(["2026-03-04"])), PACKS, local("2026-03-10")).facts_text
    assert by_parts(text)[-1] is True
    assert by_parts(text[cut]) == (orjson.JSONDecodeError,)
