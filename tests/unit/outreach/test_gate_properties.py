"""What holds for every question to the gate, whatever the packs say: only ever stricter, and the same bytes again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from services.outreach.adapters.rule_packs import InvalidPack, load_packs, pack_documents, read_pack
from services.outreach.domain.gate.canonical import digest
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import ActiveHold, Facts, OptOut, PastContact, from_document
from services.outreach.domain.gate.history import History
from services.outreach.domain.gate.packs import Packs, RulePack
from tests.unit.outreach.builders import CARD, MOBILE, PACKS, request
from tests.unit.outreach.questions import OUTCOMES, Question, channels, holds, opt_outs, questions

DOCUMENTS = pack_documents()
ALL = list(PACKS)
READ_AGAIN = load_packs()
"""The same packs, loaded a second time: nothing is shared with the first decision."""
STRICTNESS = ["allow", "review", "deny"]
HARBOUR_CREDIT = "harbour-credit"


def strictness(decision: Decision) -> int:
    return STRICTNESS.index(decision.verdict)


@settings(max_examples=300, deadline=None)
@given(questions(), holds, opt_outs, st.integers(0, 9 * 24 * 60), channels, st.sampled_from(OUTCOMES))
def test_another_contact_hold_refusal_or_place_never_turns_a_denial_into_an_allow(
    question: Question, hold: ActiveHold, opt_out: OptOut, minutes: int, channel: str, outcome: str
) -> None:
    wanted, facts, now = question
    before = strictness(decide(wanted, facts, PACKS, now))
    contact = PastContact(now - timedelta(minutes=minutes), channel, CARD, MOBILE, outcome)
    for stricter in (
        replace(facts, contacts=(*facts.contacts, contact)),
        replace(facts, holds=(*facts.holds, hold)),
        replace(facts, opt_outs=(*facts.opt_outs, opt_out)),
        replace(facts, time_zones=(*facts.time_zones, "Asia/Kolkata")) if facts.time_zones else facts,
    ):
        assert strictness(decide(wanted, stricter, PACKS, now)) >= before


def lenders_own(closes: str, at_most: int) -> RulePack:
    return read_pack(
        {
            "pack": "harbour-credit",
            "version": 1,
            "jurisdiction": None,
            "effective_from": "2020-01-01",
            "effective_to": None,
            "form": 2,
            "scope": {"creditor": HARBOUR_CREDIT},
            "rules": [
                {"id": "hours", "type": "hours", "strength": "guideline", "clause": "mandate 4", "opens": "00:01"}
                | {"closes": closes},
                {"id": "cap", "type": "frequency_cap", "strength": "guideline", "clause": "mandate 5"}
                | {"at_most": at_most, "days": 7, "unit": "attempt", "per": "person"},
            ],
        }
    )


@settings(max_examples=150, deadline=None)
@given(questions(), st.sampled_from(["00:02", "12:00", "23:59"]), st.integers(0, 20))
def test_a_lenders_own_pack_only_tightens_whatever_it_says(question: Question, closes: str, at_most: int) -> None:
    wanted, facts, now = question
    packs = Packs([*ALL, lenders_own(closes, at_most)])
    for creditor in (HARBOUR_CREDIT, "another-lender", None):
        asked = replace(facts, creditor_id=creditor)
        plain, own = decide(wanted, asked, PACKS, now), decide(wanted, asked, packs, now)
        assert strictness(own) >= strictness(plain)
        assert {rule.rule for rule in own.rules} >= {rule.rule for rule in plain.rules}
        if creditor == "another-lender":
            assert own.rules == plain.rules


@settings(max_examples=200, deadline=None)
@given(questions(), st.sets(st.sampled_from(ALL), max_size=6), st.sampled_from(ALL))
def test_no_pack_beside_the_law_of_the_place_turns_a_denial_into_an_allow(
    question: Question, chosen: set[RulePack], added: RulePack
) -> None:
    """Beside it: where no pack at all is for the place, the first one is what makes contact possible."""
    wanted, facts, now = question
    law = next((pack for pack in ALL if pack.jurisdiction is not None and pack.holds_at(facts.place)), None)
    some = {pack.name: pack for pack in (*chosen, *([law] if law else []))}
    before = decide(wanted, facts, Packs(list(some.values())), now)
    after = decide(wanted, facts, Packs(list({**some, added.name: added}.values())), now)
    if law is not None:
        assert strictness(after) >= strictness(before) or "missing_fact.rule_pack" in {r.rule for r in before.rules}


STRICTER = {"at_most": -1, "days": 1, "minutes": 1, "hours": 1, "notice_days_min": 1, "staff_min": 1}
"""Which way a parameter is stricter, in the kinds of rule where that is the same everywhere."""


def stricter_packs() -> Iterator[Packs]:
    """All packs, with one parameter of one rule a unit stricter."""
    for document in DOCUMENTS:
        others = [pack for pack in ALL if pack.name != document["pack"]]
        for position, rule in enumerate(document["rules"]):
            for name, altered in tightened(rule):
                changed: dict[str, Any] = deepcopy(document)
                changed["rules"][position][name] = altered
                try:
                    yield Packs([*others, read_pack(changed)])
                except InvalidPack:
                    continue


def tightened(rule: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if rule["type"] in ("frequency_cap", "voice_cap", "silence", "interval", "visit"):
        for name, step in STRICTER.items():
            if rule.get(name):
                yield name, rule[name] + step
    if rule["type"] == "hours" and "opens" in rule:
        yield "opens", moved(rule["opens"], 1)
        yield "closes", moved(rule["closes"], -1)


def moved(clock: str, minutes: int) -> str:
    return (datetime.fromisoformat(f"2026-01-01T{clock}") + timedelta(minutes=minutes)).strftime("%H:%M")


TIGHTENED = list(stricter_packs())


def test_there_are_parameters_to_tighten() -> None:
    assert len(TIGHTENED) > 20


@settings(max_examples=400, deadline=None)
@given(questions(), st.sampled_from(TIGHTENED))
def test_a_stricter_parameter_never_allows_more(question: Question, stricter: Packs) -> None:
    wanted, facts, now = question
    assert strictness(decide(wanted, facts, stricter, now)) >= strictness(decide(wanted, facts, PACKS, now))


@settings(max_examples=300, deadline=None)
@given(questions())
def test_until_is_allowed_and_never_in_the_past(question: Question) -> None:
    wanted, facts, now = question
    decision = decide(wanted, facts, PACKS, now)
    if decision.until is not None:
        assert decision.until > now
        assert decide(wanted, facts, PACKS, decision.until).is_allowed


@settings(max_examples=200, deadline=None)
@given(questions())
def test_a_decision_run_again_from_its_stored_facts_is_the_same_byte_for_byte(question: Question) -> None:
    first = decide(*question[:2], PACKS, question[2])
    wanted, facts, now = from_document(json.loads(first.facts_text))
    assert (wanted, facts, now) == question
    assert decide(wanted, facts, READ_AGAIN, now) == first
    assert rfc8785.dumps(json.loads(first.facts_text)).decode() == first.facts_text
    assert digest(first.facts_text) == first.facts_hash


@settings(max_examples=100, deadline=None)
@given(questions(), st.lists(channels, min_size=1, max_size=3))
def test_a_history_that_several_questions_share_changes_no_answer(question: Question, asked: list[str]) -> None:
    wanted, facts, now = question
    shared = replace(facts, contacts=History(facts.contacts))
    for channel in asked:
        other = replace(wanted, channel=channel)
        assert decide(other, shared, PACKS, now) == decide(other, facts, PACKS, now)


@settings(max_examples=100, deadline=None)
@given(questions())
def test_a_note_is_kept_and_changes_nothing(question: Question) -> None:
    wanted, facts, now = question
    without = Packs([replace(pack, rules=tuple(r for r in pack.rules if r.verdict != "note")) for pack in ALL])
    noted, plain = decide(wanted, facts, PACKS, now), decide(wanted, facts, without, now)
    assert (noted.verdict, noted.until, noted.rules) == (plain.verdict, plain.until, plain.rules)
    assert plain.notes == ()
    assert all(note.verdict == "note" for note in noted.notes)


def test_what_is_not_said_of_the_facts_is_not_in_their_document() -> None:
    """A new fact then leaves the hashes of older decisions as they were."""
    facts = Facts("US", "open", 1, is_plan_kept=False, is_represented=False, point=None, time_zones=())
    decision = decide(request(), facts, PACKS, datetime.fromisoformat("2026-03-01T12:00:00+00:00"))
    assert json.loads(decision.facts_text) == {
        "contacts": [],
        "facts": {
            "case_status": "open",
            "is_plan_kept": False,
            "is_represented": False,
            "jurisdiction": "US",
            "owed_minor_units": 1,
            "point": None,
            "time_zones": [],
        },
        "form": 2,
        "now": "2026-03-01T12:00:00+00:00",
        "request": {"case_id": CARD, "channel": "call", "contact_point_id": MOBILE, "rung": "reminder"},
    }
