"""Why an item stands where it stands, and what a call note must hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.outreach.adapters.call_scripts import TemplateScripts
from services.outreach.domain.call_note import CallNote, Promise, note_errors, spoken_promise
from services.outreach.domain.machine_disclosure import discloses_machine
from services.outreach.domain.work_queue import KINDS, due_at, priority, weigh

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
KEPT = CallNote("conversation", True, "job_loss", "worried", "I lost my job", None, False, "none", None)


def points_of(kind: str, *, since: timedelta, late_in: timedelta, is_vulnerable: bool = False) -> dict[str, int]:
    found = weigh(kind, NOW - since, NOW + late_in, is_vulnerable, NOW)
    return {entry.reason: entry.points for entry in found}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_points_and_a_time_when_it_is_late(kind: str) -> None:
    assert priority(weigh(kind, NOW, due_at(kind, NOW, None), False, NOW)) > 0
    assert due_at(kind, NOW, None) >= NOW


def test_somebody_in_distress_stands_before_everything_that_is_as_old() -> None:
    fresh = {kind: priority(weigh(kind, NOW, NOW + timedelta(days=2), False, NOW)) for kind in KINDS}
    assert max(fresh, key=lambda kind: fresh[kind]) == "distress"


def test_what_is_late_gains_points_by_the_day_up_to_a_bound() -> None:
    late = {
        days: points_of("call", since=timedelta(0), late_in=-timedelta(days=days))["overdue"] for days in (0, 1, 8, 99)
    }
    assert late[0] < late[1] < late[8] == late[99]


def test_due_within_a_day_and_overdue_never_count_together() -> None:
    assert "due_within_a_day" in points_of("call", since=timedelta(0), late_in=timedelta(days=1))
    assert "due_within_a_day" not in points_of("call", since=timedelta(0), late_in=timedelta(days=1, seconds=1))
    assert "due_within_a_day" not in points_of("call", since=timedelta(0), late_in=timedelta(0))


def test_who_needs_care_comes_earlier_and_the_reason_says_so() -> None:
    assert points_of("call", since=timedelta(0), late_in=timedelta(days=2), is_vulnerable=True)["vulnerable"] > 0


def codes(note: CallNote) -> list[str]:
    return [code for code, _ in note_errors(note, TODAY, NOW, owed_minor_units=10_000)]


def test_a_note_on_a_conversation_with_the_borrower_is_kept() -> None:
    assert codes(KEPT) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": "voicemail"}, "outcome_wrong"),
        ({"is_right_party": None}, "right_party_missing"),
        ({"outcome": "no_answer", "words": ""}, "right_party_without_conversation"),
        ({"is_right_party": False}, "not_the_borrower"),
        ({"feelings": "fine"}, "feelings_wrong"),
        ({"words": "x" * 2_001}, "words_too_long"),
        ({"next_step": "threaten"}, "next_step_wrong"),
        ({"next_step": "call_back"}, "call_back_time_wrong"),
        ({"next_step": "call_back", "next_at": NOW}, "call_back_time_wrong"),
        ({"next_step": "call_back", "next_at": NOW + timedelta(days=60, seconds=1)}, "call_back_time_wrong"),
        ({"next_at": NOW + timedelta(days=1)}, "call_back_time_unasked"),
    ],
)
def test_a_note_that_lacks_or_contradicts_something_is_sent_back(changes: dict[str, object], code: str) -> None:
    assert code in codes(replace(KEPT, **changes))  # type: ignore[arg-type]  # the cases above are typed by their names


@pytest.mark.parametrize(
    ("on", "minor_units", "is_confirmed", "errors"),
    [
        (TODAY, 10_000, True, []),
        (TODAY + timedelta(days=90), 1, True, []),
        (TODAY - timedelta(days=1), 1, True, ["promise_day_wrong"]),
        (TODAY + timedelta(days=91), 1, True, ["promise_day_wrong"]),
        (TODAY, 0, True, ["promise_amount_wrong"]),
        (TODAY, 10_001, True, ["promise_amount_wrong"]),
        (TODAY, 10_000, False, ["promise_not_confirmed"]),
    ],
)
def test_a_promise_names_a_day_and_an_amount_and_is_said_back(
    on: date, minor_units: int, is_confirmed: bool, errors: list[str]
) -> None:
    assert codes(replace(KEPT, promise=Promise(on, minor_units), is_confirmed_back=is_confirmed)) == errors


def test_a_promise_is_spoken_with_an_absolute_day() -> None:
    promise = Promise(date(2026, 3, 20), 5_000)
    assert spoken_promise(promise, "$50.00", "en") == "I will pay $50.00 on 2026-03-20."
    assert "2026-03-20" in spoken_promise(promise, "¥50.00", "zh")


def variables(**changes: object) -> dict[str, object]:
    return {
        "reader_language": "en",
        "is_bot": False,
        "jurisdiction": "US",
        "is_us": True,
        "collector": "Lin",
        "name": "Avery Ashdown",
        "creditor": "Harbour Credit",
        "agency": "Concord Recovery Services",
        "complaints": "complaints@collections.example.com",
        "total": "$50.00",
        "is_plan_kept": False,
        "has_offer": False,
        **changes,
    }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("situation", ["call", "callback", "distress", "complaint", "dispute", "review"])
def test_no_script_speaks_of_a_debt_before_the_right_person_is_there(situation: str, language: str) -> None:
    steps = TemplateScripts().steps(situation, language, variables())
    assert [step.code for step in steps][:2] == ["right_party", "disclosure"]
    before = steps[0].say.lower()
    assert not any(word in before for word in ("debt", "harbour", "concord", "payment", "欠款", "催收", "逾期"))
    assert "Concord Recovery Services" in steps[1].say
    assert "Harbour Credit" in steps[1].say


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_machine_s_script_begins_with_what_it_is(language: str) -> None:
    assert discloses_machine(TemplateScripts().steps("call", language, variables(is_bot=True))[0].say)


def test_in_distress_no_money_is_asked_for() -> None:
    codes = [step.code for step in TemplateScripts().steps("distress", "en", variables())]
    assert "options" not in codes
    assert "confirm" not in codes
