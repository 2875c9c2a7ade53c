"""The legal track: proofs that cannot be made of less, the order of steps, and what stops them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.negotiation.domain.legal import steps
from services.negotiation.domain.legal.file import read_file
from services.negotiation.domain.legal.grounds import NotLawful, digest
from services.negotiation.domain.legal.signature import CounselSignature
from services.negotiation.domain.legal.stops import ENDING_HOLDS, HALTING_HOLDS, Circumstances
from tests.unit.negotiation.legal_builders import (
    COUNSEL,
    DUE_ON,
    KEY,
    MAKER,
    OWED,
    SIGNED_AT,
    Track,
    after,
    before,
    changed_rung,
    identifier,
    ladder_document,
    ladder_proof,
    new_file,
    new_track,
    straight_way,
)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(NotLawful) as refused:
        act()
    return refused.value.code


def attempt(name: str, outcome: str, days_before: float) -> list[str]:
    return [
        str(identifier(name)),
        str(identifier(name)),
        outcome,
        (SIGNED_AT - timedelta(days=days_before)).isoformat(),
    ]


def test_a_complete_proof_names_the_decision_behind_every_softer_step() -> None:
    proof = ladder_proof()
    assert [rung.rung for rung in proof.rungs] == ["reminder", "call", "letter", "visit"]
    assert len(proof.decisions) == 5


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (ladder_document(below=[]), "ladder_incomplete"),
        (ladder_document(rung="visit"), "ladder_other"),
        (ladder_document(case_id=identifier("another case")), "ladder_other"),
        (ladder_document(rules=2), "ladder_rules"),
        (ladder_document(as_of=SIGNED_AT + timedelta(seconds=1)), "ladder_signature"),
        (" " + ladder_document(), "ladder_unreadable"),
        ("{", "ladder_unreadable"),
        ("[]", "ladder_unreadable"),
        (changed_rung("letter", attempts=[]), "ladder_incomplete"),
        (changed_rung("letter", attempts=[attempt("post", "sent", 13.9)]), "ladder_incomplete"),
        (changed_rung("letter", attempts=[attempt("post", "failed", 20)]), "ladder_incomplete"),
        (changed_rung("letter", attempts=[attempt("post", "sent", 366)]), "ladder_incomplete"),
        (changed_rung("letter", rule="letter_impossible", attempts=[]), "ladder_rules"),
        (changed_rung("call", attempts=[attempt("one", "no_answer", 9)]), "ladder_incomplete"),
        (
            changed_rung("call", attempts=[attempt("a", "no_answer", 9), attempt("b", "no_answer", 8.5)]),
            "ladder_incomplete",
        ),
        (
            changed_rung("call", attempts=[attempt("a", "no_answer", 9), attempt("a", "no_answer", 7)]),
            "ladder_incomplete",
        ),
        (changed_rung("visit", excuse=None), "ladder_incomplete"),
    ],
)
def test_a_hand_over_that_shows_less_is_no_proof(document: str, code: str) -> None:
    assert refusal(lambda: ladder_proof(document)) == code


def test_a_letter_exactly_fourteen_days_old_is_proof() -> None:
    assert ladder_proof(changed_rung("letter", attempts=[attempt("post", "sent", 14)]))


def test_a_document_that_was_changed_after_it_was_hashed_is_no_proof() -> None:
    document = ladder_document()
    assert refusal(lambda: ladder_proof(document + " ", hash=digest(document))) == "ladder_hash"


def test_who_prepared_a_hand_over_has_not_signed_it() -> None:
    assert refusal(lambda: ladder_proof(signed_by=MAKER)) == "ladder_signature"


def test_the_straight_way_leads_to_enforcement_and_reads_back_the_same() -> None:
    track = after(len(straight_way()))
    assert track.file.state == "enforcement"
    assert read_file(new_file(), track.entries) == track.file


def test_a_changed_a_lost_and_a_swapped_entry_are_found() -> None:
    entries = list(after(6).entries)
    changed = [*entries[:2], replace(entries[2], body={"item": "nothing", "shown_by": None}), *entries[3:]]
    assert refusal(lambda: read_file(new_file(), changed)) == "entry_changed"
    assert refusal(lambda: read_file(new_file(), entries[:2] + entries[3:])) == "entry_order"
    assert refusal(lambda: read_file(new_file(), [entries[0], entries[2], entries[1]])) == "entry_order"


def test_a_signature_with_another_key_or_another_word_is_none() -> None:
    record = before("suit").file.latest_signature("suit")
    assert record is not None
    legal_id = new_file().legal_id
    assert CounselSignature(legal_id, record, KEY).record.counsel_id == COUNSEL
    assert refusal(lambda: CounselSignature(legal_id, record, b"another")) == "signature_seal"
    assert refusal(lambda: CounselSignature(identifier("x"), record, KEY)) == "signature_seal"
    assert refusal(lambda: CounselSignature(legal_id, replace(record, counsel_id="a"), KEY)) == "signature_seal"
    assert refusal(lambda: CounselSignature(legal_id, replace(record, reasons=()), KEY)) == "signature_form"


def test_nobody_signs_what_they_have_made() -> None:
    assert refusal(lambda: before("suit").sign("suit", counsel=MAKER)) == "counsel_is_maker"
    helped = before("suit").add_document("letter_received", COUNSEL)
    assert refusal(lambda: helped.sign("suit")) == "counsel_is_maker"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda t: t.add_document("letter_received"), "signature_outdated"),
        (lambda t: t.sign("suit", "refuse"), "not_signed"),
        (lambda t: t.sign("suit", "return"), "not_signed"),
        (lambda t: t.wait(30.1), "signature_outdated"),
        (lambda t: t.wait(330), "ladder_old"),
        (lambda t: replace(t, due_on=None), "limitation_unknown"),
        (lambda t: replace(t, due_on=DUE_ON.replace(year=2019)), "limitation_over"),
        (lambda t: replace(t, circumstances=Circumstances(OWED, frozenset({"dispute"}))), "stopped.dispute"),
        (lambda t: replace(t, circumstances=Circumstances(OWED, is_in_relief=True)), "stopped.relief"),
        (lambda t: replace(t, circumstances=Circumstances(OWED, has_active_plan=True)), "stopped.plan_agreed"),
        (lambda t: replace(t, circumstances=Circumstances(OWED, is_vulnerable=True)), "stopped.vulnerability_review"),
        (
            lambda t: replace(t, circumstances=Circumstances(OWED, has_upheld_complaint=True)),
            "stopped.complaint_upheld",
        ),
        (lambda t: replace(t, circumstances=Circumstances(OWED - 1)), "amount"),
        (lambda t: t.authorise(OWED - 1).sign("suit"), "authority"),
        (lambda t: t.authorise(OWED, ["arbitration"]).sign("suit"), "authority"),
    ],
)
def test_one_ground_less_and_nothing_is_filed(change: Callable[[Track], Track], code: str) -> None:
    ready = before("suit")
    assert ready.file_claim().file.state == "suit"
    assert refusal(lambda: change(ready).file_claim()) == code


@pytest.mark.parametrize("left_out", range(7))
def test_one_open_item_and_nothing_is_filed(left_out: int) -> None:
    track = new_track()
    for place, act in enumerate(straight_way()[: len(straight_way()) - 6]):
        track = act(track) if place != left_out else track
    assert refusal(track.file_claim).startswith("checklist.")


def test_the_last_day_to_answer_is_the_borrowers_and_the_next_one_ours() -> None:
    track = before("mediation")
    sent = next(entry for entry in track.entries if entry.body.get("step") == "letter_before_action")
    assert track.file.respond_by == sent.at.date() + timedelta(days=32)
    early = track.wait(-40).offer_mediation().mediated("declined").authorise()
    assert refusal(lambda: early.wait(32).sign("suit").file_claim()) == "response_period"
    assert early.wait(33).sign("suit").file_claim().file.state == "suit"


def test_mediation_comes_first_and_arbitration_is_not_for_consumers_in_britain() -> None:
    track = before("mediation").authorise()
    assert refusal(lambda: track.sign("suit").file_claim()) == "mediation"
    assert refusal(lambda: track.sign("arbitration").file_claim("arbitration")) == "forum"


def test_a_letter_goes_with_every_annex() -> None:
    track = new_track().add_document("letter_before_action").sign("letter_before_action")
    assert refusal(track.send_letter) == "annex.information_sheet"


def test_a_judgment_is_enforced_after_its_time_to_pay_and_before_its_end() -> None:
    judged = before("enforcement").wait(-20)
    assert refusal(lambda: judged.wait(14).sign("enforcement").enforce()) == "judgment_period"
    assert judged.wait(15).sign("enforcement").enforce().file.state == "enforcement"
    assert refusal(lambda: judged.wait(701).sign("enforcement").enforce()) in ("judgment_expired", "ladder_old")


def test_where_the_law_is_not_known_no_letter_goes() -> None:
    track = new_track("IE", None).add_document("letter_before_action").sign("letter_before_action")
    assert refusal(track.send_letter) in ("limitation_unknown", "law_unknown")


@pytest.mark.parametrize("hold", sorted(ENDING_HOLDS))
def test_some_holds_close_the_file_at_once_and_twice_changes_nothing(hold: str) -> None:
    track = before("suit").around(holds=frozenset({hold}))
    assert (track.file.state, track.file.closing_reasons) == ("stopped", (hold,))
    assert track.around(holds=frozenset({hold})).entries == track.entries
    assert refusal(track.file_claim).startswith("stopped")


@pytest.mark.parametrize("hold", sorted(HALTING_HOLDS))
def test_others_halt_it_while_they_last(hold: str) -> None:
    halted = before("suit").around(holds=frozenset({hold}))
    assert halted.file.halted_by == (hold,)
    assert refusal(halted.file_claim) == f"stopped.{hold}"
    assert halted.around(holds=frozenset()).file_claim().file.state == "suit"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"balance": 0}, "satisfied"),
        ({"closed": "paid_in_full"}, "satisfied"),
        ({"closed": "recalled"}, "stopped"),
        ({"has_active_plan": True}, "settled"),
        ({"is_erased": True}, "stopped"),
    ],
)
def test_payment_plan_recall_and_erasure_close_the_file(changes: dict[str, object], outcome: str) -> None:
    assert before("enforcement").around(**changes).file.outcome == outcome


def test_a_court_goes_on_while_we_are_halted() -> None:
    sued = before("suit").file_claim().around(holds=frozenset({"complaint"}))
    assert sued.fact("hearing").fact("judgment").file.state == "judgment"


def test_steps_that_press_cannot_be_recorded_as_facts() -> None:
    track = before("suit")
    assert refusal(lambda: steps.record_fact(track.file, "suit", MAKER, "x", track.at)) == "not_signed"
    assert refusal(lambda: steps.file_claim(None, MAKER, "x", "y")) == "not_signed"  # type: ignore[arg-type]  # what a careless caller may do
    body = {"step": "suit", "respond_by": None, "pay_by": None, "enforceable_until": None}
    bare = before("mediation").file
    assert refusal(lambda: bare.write("step", MAKER, "x", track.at, body)) == "not_signed"
