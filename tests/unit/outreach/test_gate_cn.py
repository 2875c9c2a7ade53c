"""GB/T 45251-2025 clause 5.3 and the banks' guideline of 2026 in cases, with both sides of every edge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.outreach.domain.gate.facts import ActiveHold, PastContact, PointFacts
from tests.unit.outreach.builders import OTHER_MOBILE, SHANGHAI, ask, calls, consumer_loan, local, rules_of

EFFECTIVE = "cn-gbt-45251-2025/effective_calls_per_day"
ATTEMPTS = "cn-cba-2026/attempts_per_number_and_day"


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-03-10T22:30", "deny"),
        ("2026-03-10T03:00", "deny"),
        ("2026-03-10T07:59:59.999999", "deny"),
        ("2026-03-10T08:00", "allow"),
        ("2026-03-10T12:00", "allow"),
        ("2026-03-10T21:59:59.999999", "allow"),
        ("2026-03-10T22:00", "deny"),
    ],
)
@pytest.mark.parametrize("channel", ["call", "sms", "email", "letter"])
def test_no_collection_from_ten_at_night_to_eight(at: str, verdict: str, channel: str) -> None:
    assert ask(consumer_loan(channel), local(at, SHANGHAI), channel).verdict == verdict


def test_someone_who_may_live_by_urumqi_time_is_called_in_the_hours_of_both_clocks() -> None:
    both = replace(consumer_loan(), time_zones=(SHANGHAI, "Asia/Urumqi"))
    assert not ask(both, local("2026-03-10T22:30", SHANGHAI)).is_allowed
    assert not ask(both, local("2026-03-10T09:59", SHANGHAI)).is_allowed
    assert ask(both, local("2026-03-10T10:00", SHANGHAI)).is_allowed


def talks(hours: list[str], day: str = "2026-03-10", **changes: Any) -> tuple[PastContact, ...]:
    return calls([f"{day}T{hour}" for hour in hours], zone=SHANGHAI, **{"outcome": "conversation", **changes})


def test_three_effective_calls_a_day_and_not_a_fourth() -> None:
    two, three = talks(["09:00", "11:00"]), talks(["09:00", "11:00", "15:00"])
    at = local("2026-03-10T18:00", SHANGHAI)
    assert ask(consumer_loan(contacts=two), at).is_allowed
    decision = ask(consumer_loan(contacts=three), at)
    assert rules_of(decision) == {EFFECTIVE}
    assert decision.until == local("2026-03-11T08:00", SHANGHAI)


def test_calls_that_the_debtor_made_are_not_ours() -> None:
    contacts = (*talks(["09:00", "11:00"]), *talks(["13:00"], direction="in"))
    assert ask(consumer_loan(contacts=contacts), local("2026-03-10T18:00", SHANGHAI)).is_allowed


def test_unanswered_calls_are_no_effective_calls() -> None:
    contacts = (*talks(["09:00", "11:00"]), *talks(["10:30", "11:30", "12:30"], outcome="no_answer"))
    assert ask(consumer_loan(contacts=contacts), local("2026-03-10T18:00", SHANGHAI)).is_allowed


def test_the_day_is_the_calendar_day_in_beijing_and_no_rolling_day() -> None:
    contacts = talks(["09:00", "12:00", "20:00"], day="2026-03-09")
    assert ask(consumer_loan(contacts=contacts), local("2026-03-10T09:00", SHANGHAI)).is_allowed


def test_the_seventh_attempt_at_one_number_is_refused_and_another_number_is_open() -> None:
    hours = ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]
    at = local("2026-03-10T16:00", SHANGHAI)
    six = consumer_loan(contacts=talks(hours, outcome="no_answer"))
    assert ask(consumer_loan(contacts=talks(hours[:5], outcome="no_answer")), at).is_allowed
    assert rules_of(ask(six, at)) == {ATTEMPTS}
    assert ask(six, at, point=OTHER_MOBILE).is_allowed


def test_the_banks_guideline_binds_from_its_day() -> None:
    hours = ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]
    before = consumer_loan(contacts=talks(hours, day="2026-01-28", outcome="no_answer"))
    assert ask(before, local("2026-01-28T16:00", SHANGHAI)).is_allowed


def test_a_complaint_stops_contact_by_the_standard_as_well() -> None:
    decision = ask(consumer_loan(holds=(ActiveHold("complaint", None),)), local("2026-03-10", SHANGHAI))
    assert rules_of(decision) == {"cn-gbt-45251-2025/complaint", "concord-floor/hold"}


@pytest.mark.parametrize(("basis", "verdict"), [(True, "allow"), (None, "allow"), (False, "deny")])
def test_the_contract_is_basis_enough_unless_the_person_refused(basis: bool | None, verdict: str) -> None:
    facts = consumer_loan("sms", point=PointFacts("mobile", "none", True, basis))
    assert ask(facts, local("2026-03-10", SHANGHAI), "sms").verdict == verdict
