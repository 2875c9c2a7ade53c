"""No rung without proof of the ones below: by type, by value, over random lives, and after somebody edited a row."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.outreach.adapters.ladders import load_ladders
from services.outreach.domain.escalation.proof import (
    KINDS,
    Cleared,
    Evidence,
    ToCall,
    ToHandOver,
    ToVisit,
    ToWrite,
    prove,
    read_proof,
)
from services.outreach.domain.escalation.records import RUNGS, History, NotProven, RecordedAttempt
from services.outreach.domain.escalation.rules import EvidenceRule, ProofRules
from services.outreach.domain.gate.canonical import canonical, digest
from services.outreach.domain.ladder import Ladder, Step, go_back, start
from tests.unit.outreach.histories import BEGIN, CASE, OUTCOMES, RULES, Life, live_many, may_step

HISTORIES = 100_000


def patient_life() -> Life:
    """Reminded, called on two days, written to, and 15 days passed without an answer: a visit is thinkable."""
    life = Life()
    life.attempt("reminder", "delivered")
    for _ in range(2):
        life.now += timedelta(days=2)
        life.attempt("call", "no_answer")
    life.now += timedelta(days=3)
    life.attempt("letter", "sent")
    life.now += timedelta(days=15)
    return life


def visit_with(life: Life, honest: ToVisit, calls: tuple[RecordedAttempt, ...]) -> ToVisit:
    reminded, called, written = honest.below
    return ToVisit(life.history, (reminded, replace(called, attempts=calls), written), RULES, life.now)


def lacking(life: Life, kind: type[Cleared]) -> str:
    with pytest.raises(NotProven) as refused:
        prove(kind, life.history, RULES, life.now)
    return refused.value.rung


def test_a_case_climbs_rung_by_rung() -> None:
    life = Life()
    assert lacking(life, ToCall) == "reminder"
    life.attempt("reminder", "sent")
    assert prove(ToCall, life.history, RULES, life.now).rungs == ("reminder",)
    assert lacking(life, ToWrite) == "call"
    life.attempt("call", "no_answer")
    assert lacking(life, ToWrite) == "call"
    life.now += timedelta(hours=15, minutes=59)
    life.attempt("call", "no_answer")
    assert lacking(life, ToWrite) == "call"
    life.now += timedelta(minutes=1)
    life.attempt("call", "no_answer")
    prove(ToWrite, life.history, RULES, life.now)
    assert lacking(life, ToVisit) == "letter"


def test_a_letter_needs_its_fourteen_days_before_a_visit() -> None:
    life = patient_life()
    life.now -= timedelta(days=1, seconds=1)
    assert lacking(life, ToVisit) == "letter"
    life.now += timedelta(seconds=1)
    assert prove(ToVisit, life.history, RULES, life.now).rungs == ("reminder", "call", "letter")


def test_a_letter_that_came_back_proves_nothing() -> None:
    life = patient_life()
    life.attempts[-1] = replace(life.attempts[-1], outcome="failed")
    assert lacking(life, ToVisit) == "letter"


def test_who_answers_leaves_the_ladder() -> None:
    life = patient_life()
    life.answered_at = life.now - timedelta(days=1)
    assert lacking(life, ToVisit) == "reminder"
    assert lacking(life, ToHandOver) == "reminder"


def test_a_conversation_is_remote_contact_that_did_not_fail() -> None:
    life = patient_life()
    life.attempt("call", "conversation")
    assert lacking(life, ToVisit) == "reminder"


def test_evidence_grows_old() -> None:
    life = patient_life()
    life.now = BEGIN + timedelta(days=180)
    prove(ToVisit, life.history, RULES, life.now)
    life.now += timedelta(seconds=1)
    assert lacking(life, ToVisit) == "reminder"


def test_excuses_alone_never_bring_anybody_to_the_door() -> None:
    life = Life()
    life.excuse("reminder")
    life.excuse("call")
    life.attempt("letter", "sent")
    life.now += timedelta(days=15)
    assert lacking(life, ToVisit) == "reminder"
    life.attempt("reminder", "sent")
    prove(ToVisit, life.history, RULES, life.now)


def test_a_handover_needs_a_visit_or_the_decision_that_there_could_be_none() -> None:
    life = patient_life()
    assert lacking(life, ToHandOver) == "visit"
    life.excuse("visit")
    assert prove(ToHandOver, life.history, RULES, life.now).rungs == RUNGS[:-1]


def test_an_attempt_of_unknown_fate_is_no_evidence() -> None:
    life = Life()
    life.attempt("reminder", "unknown")
    assert lacking(life, ToCall) == "reminder"


@pytest.mark.parametrize("change", ["rung", "outcome", "case", "too_early", "twice", "unrecorded"])
def test_forged_evidence_is_refused_by_the_constructor(change: str) -> None:
    life = patient_life()
    honest = prove(ToVisit, life.history, RULES, life.now)
    first, second = honest.below[1].attempts
    forged = {
        "rung": (replace(first, rung="letter"), second),
        "outcome": (replace(first, outcome="unknown"), second),
        "case": (replace(first, case_id=first.attempt_id), second),
        "too_early": (replace(first, at=second.at), second),
        "twice": (first, first),
        "unrecorded": (replace(first, attempt_id=CASE), second),
    }[change]
    with pytest.raises(NotProven):
        visit_with(life, honest, forged)


def test_a_proof_cannot_skip_or_reorder_rungs() -> None:
    life = patient_life()
    reminded, called, written = prove(ToVisit, life.history, RULES, life.now).below
    for below in ((), (reminded,), (reminded, written), (called, reminded, written), (reminded, called, called)):
        with pytest.raises(NotProven):
            ToVisit(life.history, below, RULES, life.now)


def test_a_proof_cannot_be_judged_by_a_rule_of_ones_own() -> None:
    life = patient_life()
    mild = EvidenceRule("mild", "nobody", outcomes=frozenset({"sent", "delivered"}))
    below = tuple(
        replace(evidence, rule=mild) if evidence.rung == "letter" else evidence
        for evidence in prove(ToVisit, life.history, RULES, life.now).below
    )
    with pytest.raises(NotProven):
        ToVisit(life.history, below, RULES, life.now)


def test_a_proof_does_not_change() -> None:
    life = patient_life()
    proof = prove(ToVisit, life.history, RULES, life.now)
    with pytest.raises(FrozenInstanceError):
        proof.below = ()  # type: ignore[misc]  # what the test is about


def test_a_stored_proof_is_read_back() -> None:
    life = patient_life()
    proof = prove(ToVisit, life.history, RULES, life.now)
    again = read_proof(ToVisit, proof.text, proof.hash, life.history, RULES, life.now)
    assert (again, again.hash) == (proof, proof.hash)


@pytest.mark.parametrize("edit", ["hash", "rung", "case", "attempt", "rule", "short", "excuse"])
def test_a_row_edited_by_hand_gives_no_visit(edit: str) -> None:
    life = patient_life()
    proof = prove(ToVisit, life.history, RULES, life.now)
    document = json.loads(proof.text)
    changes = {
        "hash": lambda: document.update(as_of=(life.now + timedelta(1)).isoformat()),
        "rung": lambda: document.update(rung="legal"),
        "case": lambda: document.update(case_id=str(life.new_id())),
        "attempt": lambda: document["below"][2]["attempts"][0].__setitem__(0, str(life.new_id())),
        "rule": lambda: document["below"][2].update(rule="letter_imagined"),
        "short": document["below"].pop,
        "excuse": lambda: document["below"][1].update(attempts=[], excuse=str(life.new_id()), rule="call_impossible"),
    }
    changes[edit]()
    text = canonical(document)
    stored_hash = proof.hash if edit == "hash" else digest(text)
    with pytest.raises(NotProven):
        read_proof(ToVisit, text, stored_hash, life.history, RULES, life.now)


def test_a_stored_proof_ends_with_the_persons_answer() -> None:
    life = patient_life()
    proof = prove(ToVisit, life.history, RULES, life.now)
    life.answered_at = life.now
    with pytest.raises(NotProven):
        read_proof(ToVisit, proof.text, proof.hash, life.history, RULES, life.now)


def test_going_back_costs_a_round_and_comes_to_an_end() -> None:
    ladder = Ladder("x", (Step("reminder", ("email",), 0), Step("call", ("call",), 1)), 0, 7, 2)
    on_call = replace(start("x", BEGIN), step=1)
    back = go_back(on_call, ladder, "reminder", BEGIN)
    assert (back.step, back.round, back.due_at) == (0, 2, BEGIN + timedelta(hours=24))
    assert go_back(replace(back, step=1), ladder, "reminder", BEGIN).is_finished
    assert go_back(on_call, ladder, "letter", BEGIN).round == 2


def test_care_and_gentle_ladders_never_lead_to_the_door_or_to_court() -> None:
    ladders = load_ladders()
    for strategy in ("care", "gentle_reminder", "standard", "plan_rescue"):
        assert all(step.is_remote for step in ladders.of(strategy).steps)
    assert {step.rung for step in ladders.of("care").steps} == {"reminder"}
    assert {step.rung for step in ladders.of("firm").steps} == set(RUNGS)


def test_a_table_without_a_rung_stops_the_start() -> None:
    with pytest.raises(ValueError, match="every rung"):
        ProofRules(1, {}, RULES.steps)
    with pytest.raises(ValueError, match="out of form"):
        EvidenceRule("x", "y")
    with pytest.raises(ValueError, match="no span"):
        EvidenceRule("x", "y", outcomes=frozenset({"sent"}), span_hours_min=1)


def test_no_random_life_reaches_a_rung_without_evidence() -> None:
    reached = live_many(HISTORIES, seed=20_260_305)
    # A life that never climbs would prove nothing.
    assert set(reached) == set(RUNGS[1:])
    assert min(reached.values()) > 100


class Escalating(RuleBasedStateMachine):
    """Attempts, outcomes, answers, plans made and broken, recalls and leaps in time, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.taken: list[tuple[Cleared, str, str]] = []
        self.is_open = True
        self.is_plan_kept = False
        self.is_held = False

    @rule()
    def hold_or_release(self) -> None:
        self.is_held = not self.is_held

    @rule(hours=st.integers(1, 24 * 200))
    def time_passes(self, hours: int) -> None:
        self.life.now += timedelta(hours=hours)

    @rule(outcome=st.sampled_from(OUTCOMES["reminder"]))
    def remind(self, outcome: str) -> None:
        if self.is_open:
            self.life.attempt("reminder", outcome)

    @rule()
    def answer(self) -> None:
        self.life.answered_at = self.life.now

    @rule(rung=st.sampled_from(["reminder", "call", "visit"]))
    def nobody_can_be_reached(self, rung: str) -> None:
        self.life.excuse(rung)

    @rule()
    def agree_or_break_a_plan(self) -> None:
        # Agreeing is an answer; breaking the plan later does not take the answer back.
        self.is_plan_kept = not self.is_plan_kept
        if self.is_plan_kept:
            self.life.answered_at = self.life.now

    @rule()
    def recall(self) -> None:
        self.is_open = False

    @precondition(lambda self: self.is_open and not self.is_plan_kept and not self.is_held)
    @rule(rung=st.sampled_from(RUNGS[1:]), data=st.data())
    def climb(self, rung: str, data: st.DataObject) -> None:
        cleared = self.life.climb(rung)
        assert (cleared is not None) == may_step(self.life, rung)
        if cleared is None:
            return
        self.taken.append((cleared, cleared.text, cleared.hash))
        if rung in OUTCOMES:
            self.life.attempt(rung, data.draw(st.sampled_from(OUTCOMES[rung])))

    @precondition(lambda self: self.taken)
    @rule(data=st.data())
    def somebody_reuses_an_old_proof(self, data: st.DataObject) -> None:
        cleared, text, stored_hash = data.draw(st.sampled_from(self.taken))
        kind = KINDS[cleared.rung]
        try:
            read_proof(kind, text, stored_hash, self.life.history, RULES, self.life.now)
        except NotProven:
            return
        assert may_step(self.life, cleared.rung)

    @invariant()
    def every_step_taken_had_each_rung_below(self) -> None:
        recorded = {attempt.attempt_id: attempt for attempt in self.life.attempts}
        for cleared, text, stored_hash in self.taken:
            assert cleared.rungs == RUNGS[: RUNGS.index(cleared.rung)]
            assert digest(text) == stored_hash
            for evidence in cleared.below:
                assert evidence.attempts or evidence.excuse
                assert all(recorded[attempt.attempt_id].rung == evidence.rung for attempt in evidence.attempts)


Escalating.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestEscalating = Escalating.TestCase


def test_an_excuse_is_no_attempt_and_an_attempt_no_excuse() -> None:
    life = patient_life()
    life.excuse("call")
    reminded, called, _ = prove(ToVisit, life.history, RULES, life.now).below
    impossible = next(entry for entry in RULES.evidence["call"] if entry.is_excuse)
    with pytest.raises(NotProven):
        Evidence("call", impossible, called.attempts, life.excuses[0], life.now)
    with pytest.raises(NotProven):
        Evidence("reminder", reminded.rule, reminded.attempts, life.excuses[0], life.now)
    with pytest.raises(NotProven):
        Evidence("call", impossible, (), None, life.now)


def test_another_cases_records_are_no_evidence() -> None:
    life = patient_life()
    honest = prove(ToVisit, life.history, RULES, life.now)
    with pytest.raises(NotProven):
        ToVisit(History(life.new_id(), life.history.attempts), honest.below, RULES, life.now)
