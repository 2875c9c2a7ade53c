"""What is told at the end is what the events say, and what must hold is seen when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.sandbox.event_checks import (
    contacts_after_the_end,
    contacts_during_relief,
    contacts_without_decision,
    gaps,
    missing,
    once_each,
    playbooks_not_started,
    unchained,
    unposted_payments,
)
from deploy.sandbox.figures import figures_of
from deploy.sandbox.placing import Rejected
from deploy.sandbox.privacy import leaks, personal_values
from deploy.sandbox.proof import Proof
from deploy.sandbox.run_options import read_options
from deploy.sandbox.summary import WORDS, Outcome, as_document, as_text
from tests.unit.sandbox.builders import MORNING, AnEvent

DOCUMENTED_KEYS = [
    "placed",
    "accepted",
    "rejected",
    "contacts",
    "denials",
    "plans_agreed",
    "plans_completed",
    "defaults_detected",
    "complaints",
    "collected",
    "events",
    "invariants",
    "addresses",
    "simulated_days",
    "seconds",
]

EVENTS = [
    AnEvent("contact.attempted", body={"channel": "sms", "outcome": "delivered"}),
    AnEvent("contact.attempted", body={"channel": "sms", "outcome": "delivered"}),
    AnEvent("contact.attempted", body={"channel": "call", "outcome": "no_answer"}),
    AnEvent("contact.denied", body={"rules": [{"rule": "hours"}, {"rule": "cap"}]}),
    AnEvent("plan.agreed"),
    AnEvent("plan.agreed"),
    AnEvent("default.detected", body={"plan_id": "p-1"}),
    AnEvent("default.detected", body={"plan_id": "p-1"}),
    AnEvent("payment.posted", body={"currency": "USD", "amount": 700}),
    AnEvent("payment.reversed", body={"currency": "USD", "amount": 200}),
]


def an_outcome(invariants: Mapping[str, str]) -> Outcome:
    return Outcome(
        placed=3,
        accepted=1,
        rejected=[
            Rejected(2, None, ("arrears_differ",), ("/arrears_minor_units",)),
            Rejected(3, "A", ("x", "x"), ("", "")),
        ],
        figures=figures_of(EVENTS),
        playbooks={"detected": 1},
        refused_acts={},
        restarts={"outreach-relay": 2},
        invariants=invariants,
        proof=Proof(Path("decisions.zip"), "", 7, 0, {"concord-floor/hold": 3}),
        addresses={"console": "http://127.0.0.1:8105/"},
        simulated_days=120,
        seconds=12.34,
        seed=1,
    )


def test_the_summary_begins_with_its_documented_keys() -> None:
    assert list(as_document(an_outcome({})))[: len(DOCUMENTED_KEYS)] == DOCUMENTED_KEYS


def test_figures_are_counted_from_the_events() -> None:
    document = as_document(an_outcome({"nothing_waiting": "", "no_dead_letters": "2 dead letters"}))
    assert document["contacts"] == {"call": {"no_answer": 1}, "sms": {"delivered": 2}}
    assert document["denials"] == {"cap": 1, "hours": 1}
    assert document["collected"] == {"USD": 500}
    assert (document["plans_agreed"], document["plans_broken"], document["plans_kept"]) == (2, 1, 1)
    assert document["rejected"] == 2
    assert document["rejected_reasons"] == {"arrears_differ": 1, "x": 2}
    assert document["invariants"] == {"nothing_waiting": True, "no_dead_letters": False}
    assert document["events"]["default.detected"] == 2


def test_one_broken_invariant_fails_the_run() -> None:
    assert an_outcome({"a": "", "b": ""}).holds
    assert not an_outcome({"a": "", "b": "broken"}).holds


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_people_are_told_which_line_was_rejected_and_what_broke(lang: Any) -> None:
    text = as_text(an_outcome({"no_dead_letters": "2 dead letters"}), lang)
    assert "arrears_differ" in text
    assert "2 dead letters" in text
    assert WORDS[lang]["line"].format(line=2) in text
    assert "5.00" in text
    assert "outreach-relay 2" in text


def test_both_languages_have_every_word() -> None:
    assert WORDS["en"].keys() == WORDS["zh"].keys()


def test_a_gap_in_a_sequence_is_seen() -> None:
    whole = [AnEvent("case.assessed", sequence=n) for n in (2, 1, 3)]
    assert gaps(whole) == ""
    assert "gaps" in gaps(whole[:1] + whole[2:])
    assert "gaps" in gaps([*whole, AnEvent("case.assessed", sequence=3)])


def test_an_event_published_twice_counts_once() -> None:
    assert len(once_each([AnEvent("x", event_id="1"), AnEvent("x", event_id="1"), AnEvent("x", event_id="2")])) == 2


def test_a_contact_after_the_end_is_seen() -> None:
    recalled = AnEvent("case.recalled", occurred_at=MORNING)
    at_once = AnEvent("contact.attempted", occurred_at=MORNING)
    later = AnEvent("contact.attempted", occurred_at=MORNING + timedelta(seconds=1))
    elsewhere = AnEvent("contact.attempted", key="case-2", occurred_at=MORNING + timedelta(days=1))
    assert contacts_after_the_end([recalled, at_once, elsewhere]) == ""
    assert "1 contacts after the end" in contacts_after_the_end([later, recalled])


def a_report(payment_id: str, amount: int, reverses: str | None = None) -> AnEvent:
    body = {"payment_id": payment_id, "amount": amount, "reverses_payment_id": reverses}
    return AnEvent("payment.reported", body=body)


def test_a_payment_that_was_not_posted_or_differs_is_seen() -> None:
    posted = AnEvent("payment.posted", body={"payment_id": "1", "amount": 500})
    reversed_ = AnEvent("payment.reversed", body={"payment_id": "1", "amount": 500})
    assert unposted_payments([a_report("1", 500), posted]) == ""
    assert unposted_payments([a_report("1", 500), posted, a_report("2", 500, "1"), reversed_]) == ""
    assert unposted_payments([a_report("1", 500)])
    assert unposted_payments([a_report("1", 499), posted])
    assert unposted_payments([posted])
    assert unposted_payments([a_report("1", 500), posted, a_report("2", 500, "1")])


def an_attempt(**changes: Any) -> dict[str, Any]:
    row = {
        "attempt_id": "a-1",
        "case_id": "c",
        "channel": "sms",
        "contact_point_id": "p",
        "reserved_at": MORNING,
        "verdict": "allow",
        "decided_at": MORNING,
        "decided_case_id": "c",
        "decided_channel": "sms",
        "decided_contact_point_id": "p",
    }
    return row | changes


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": "deny"},
        {"verdict": None, "decided_at": MORNING},
        {"decided_at": MORNING + timedelta(microseconds=1)},
        {"decided_channel": "call"},
        {"decided_contact_point_id": "another"},
        {"decided_case_id": "another"},
    ],
)
def test_an_attempt_without_its_own_allow_decision_is_seen(wrong: dict[str, Any]) -> None:
    assert contacts_without_decision([an_attempt()]) == ""
    assert "no allow decision" in contacts_without_decision([an_attempt(), an_attempt(**wrong)])


def test_what_is_missing_is_named() -> None:
    assert missing({"a"}, {"a", "b"}, "cases") == ""
    assert missing({"a", "b"}, {"b"}, "cases") == "1 of 2 cases are missing, e.g. a"


RECORD = {
    "account_number": "CG-000039",
    "borrower": {"name": "胡示安", "identity_number": "INVENTED-000039"},
    "contact_points": [{"value": "+8614200000039"}, {"value": "hu.shian.0039@example.net"}],
}


@pytest.mark.parametrize(
    "text",
    [
        '{"note": "胡示安"}',
        '{"to": "+8614200000039"}',
        '{"to": "8614200000039"}',
        '{"to": "somebody@example.org"}',
        '{"ref": "CG-000039"}',
        '{"id": "INVENTED-000039"}',
    ],
)
def test_personal_data_in_a_record_is_seen(text: str) -> None:
    assert leaks([text], personal_values([RECORD])) == 1


def test_ids_and_figures_are_not_personal_data() -> None:
    text = '{"case_id": "01890000-0000-7000-8000-000000000001", "amount": 14200000039, "packs": ["cn@1"]}'
    assert leaks([text], personal_values([RECORD])) == 0


def test_options_have_their_documented_values() -> None:
    options = read_options([])
    assert (options.days, options.cases, options.seed, options.exits, options.lang) == (120, 500, 1, False, "en")


@pytest.mark.parametrize("arguments", [["--days", "0"], ["--days", "x"], ["--cases", "-1"], ["--lang", "fr"]])
def test_options_out_of_range_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_options(arguments)
    assert ended.value.code == 2


def test_an_event_tells_the_place_of_its_own_decision() -> None:
    kept = {"d-1": (1, "aa"), "d-2": (2, "bb")}
    right = AnEvent("contact.denied", body={"decision_id": "d-1", "chain_position": 1, "chain_hash": "aa"})
    assert unchained([right, AnEvent("plan.agreed")], kept) == ""
    for body in (
        {"decision_id": "d-2", "chain_position": 2, "chain_hash": "aa"},
        {"decision_id": "d-1"},
        {"decision_id": "unknown", "chain_position": 1, "chain_hash": "aa"},
    ):
        assert "1 of 2 events" in unchained([right, AnEvent("contact.attempted", body=body)], kept)


def a_relief(topic: str, hours: int, outcome: str = "refused") -> AnEvent:
    return AnEvent(topic, body={"relief_id": "r", "outcome": outcome}, occurred_at=MORNING + timedelta(hours=hours))


def test_a_contact_between_asking_for_relief_and_its_end_is_seen() -> None:
    asked, over = a_relief("relief.requested", 0), a_relief("relief.ended", 48)

    def contact(hours: int, template: str = "reminder_sms.v2", case: str = "case-1") -> AnEvent:
        return AnEvent("contact.attempted", case, {"template": template}, occurred_at=MORNING + timedelta(hours=hours))

    allowed = [
        contact(0),
        contact(48),
        contact(60),
        contact(12, case="case-2"),
        contact(12, "validation_notice_letter.v1"),
    ]
    assert contacts_during_relief([asked, over, *allowed]) == ""
    assert "1 contacts during relief" in contacts_during_relief([contact(12), over, asked])
    assert "1 contacts during relief" in contacts_during_relief([asked, contact(60)])


@pytest.mark.parametrize(
    ("steps", "is_whole"),
    [
        (["detected", "hold_applied", "reassessed", "replanned"], True),
        (["detected", "hold_applied", "reassessed", "limit_reached"], True),
        (["detected", "hold_applied", "reassessed"], False),
        (["detected", "hold_applied", "replanned"], False),
        ([], False),
    ],
)
def test_a_default_without_its_whole_playbook_is_seen(steps: list[str], is_whole: bool) -> None:
    default = AnEvent("default.detected", body={"plan_id": "p-1"})
    assert (playbooks_not_started([default], {"p-1": steps}) == "") is is_whole
    assert playbooks_not_started([AnEvent("plan.agreed")], {}) == ""


def test_what_the_agency_received_itself_needs_no_report() -> None:
    posted = AnEvent("payment.posted", body={"payment_id": "1", "amount": 500, "paid_to": "agency"})
    taken_back = AnEvent("payment.reversed", body={"payment_id": "1", "amount": 500})
    assert unposted_payments([taken_back, posted]) == ""
    by_creditor = AnEvent("payment.posted", body={"payment_id": "1", "amount": 500, "paid_to": "creditor"})
    assert unposted_payments([by_creditor])


def test_money_is_told_by_who_received_it_in_whatever_order_topics_are_read() -> None:
    money = {"currency": "USD", "payment_id": "1"}
    events = [
        AnEvent("payment.reversed", body={**money, "amount": 300}),
        AnEvent("payment.posted", body={**money, "amount": 300, "paid_to": "agency"}),
        AnEvent("payment.posted", body={**money, "payment_id": "2", "amount": 900, "paid_to": "creditor"}),
        AnEvent(
            "payment.remitted",
            body={"currency": "USD", "gross": 800, "set_off": 100, "commission": 90, "commission_returned": 9},
        ),
        AnEvent("relief.requested"),
        AnEvent("relief.ended", body={"outcome": "refused"}),
        AnEvent("plan.agreed", body={"terms": {"kind": "instalments", "form": "level"}}),
    ]
    figures = figures_of(events)
    assert {who: dict(by) for who, by in figures.collected_by.items()} == {
        "agency": {"USD": 0},
        "creditor": {"USD": 900},
    }
    assert (figures.remitted, figures.commission) == ({"USD": 700}, {"USD": 81})
    assert figures.relief == {"requested": 1, "refused": 1}
    assert figures.plans_by_form == {"level": 1}
