"""Rule kinds of the packs outside the United States: what a pack may not say, and whom no new rule may stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.adapters.rule_packs import InvalidPack, pack_documents, read_pack
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import Facts, Reachability
from tests.unit.outreach.builders import PACKS, SHANGHAI, ask, consumer_loan, local, rent_arrears, request

HEAD = {
    "pack": "harbour-credit",
    "version": 1,
    "jurisdiction": "CN",
    "effective_from": "2026-01-01",
    "effective_to": None,
    "form": 2,
}
RULE = {"id": "r", "strength": "guideline", "clause": "own rule"}
HOURS = {"opens": "08:00", "closes": "20:00"}


def a_pack(**rule: Any) -> dict[str, Any]:
    return {**HEAD, "rules": [{**RULE, **rule}]}


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "never"},
        {"type": "never", "parties": ["spouse"], "unless": ["is_guilty"]},
        {"type": "conduct"},
        {"type": "third_party", "calls": 0, "days": 0, "locating": ["locate"]},
        {"type": "third_party", "calls": -1, "days": 3, "locating": ["locate"]},
        {"type": "third_party", "calls": 3, "days": 3},
        {"type": "visit", "staff_min": 2},
        {"type": "time_bar", "when": []},
        {"type": "time_bar", "when": ["always"]},
        {"type": "in_moratorium"},
        {"type": "hours_at_place", **HOURS},
        {"type": "hours_until_past_due", **HOURS},
        {"type": "voice_cap", "at_most": 3, "days": 1, "unit": "effective", "per": "person", "about": "both"},
        {"type": "never", "strength": "draft", "parties": ["spouse"], "verdict": "deny"},
    ],
)
def test_a_pack_that_says_too_little_or_too_much_is_not_read(rule: dict[str, Any]) -> None:
    with pytest.raises(InvalidPack):
        read_pack(a_pack(**rule))


@pytest.mark.parametrize("channel", ["email", "sms", "call", "letter"])
def test_facts_that_nobody_knows_yet_stop_no_ordinary_contact(channel: str) -> None:
    """Consumer loans in Shanghai and rent arrears in New York leave as before the packs of the world came."""
    noon = local("2026-03-10T12:00", SHANGHAI)
    unknown = {"days_past_due": None, "reachability": None, "licence_until": None, "transfer_notice_at": None}
    assert ask(consumer_loan(channel, **unknown), noon, channel).is_allowed
    evening = local("2026-03-10T12:00")
    assert ask(rent_arrears(channel, region="TX", **unknown), evening, channel).is_allowed


def test_each_new_failed_call_brings_the_day_on_which_others_may_be_asked_no_later() -> None:
    at = local("2026-03-10T12:00", SHANGHAI)
    opens = []
    for count in range(1, 6):
        days = tuple(date(2026, 3, 5 + number) for number in range(count))
        facts = consumer_loan(reachability=Reachability(failed_on=days))
        decision = _locate(facts, at)
        opens.append(decision.is_allowed)
    assert opens == [False, False, True, True, True]


def _locate(facts: Facts, at: datetime) -> Decision:
    asked = replace(request(), party="third_party", purpose="locate", discloses_debt=False)
    return decide(asked, facts, PACKS, at)


def test_claims_without_a_source_are_in_no_pack() -> None:
    """The convention of 2018 sets no hours and no cap; no text found sets working days alone, or a cap in Indonesia."""
    documents = {document["pack"]: document for document in pack_documents()}
    assert {rule["type"] for rule in documents["cn-nifa-2018"]["rules"]} == {"third_party", "visit"}
    assert all(rule["type"] != "frequency_cap" for rule in documents["id-pojk-22-2023"]["rules"])
    for name, document in documents.items():
        if name.startswith("cn-"):
            hours = [rule for rule in document["rules"] if rule["type"] == "hours"]
            assert all((rule["opens"], rule["closes"]) == ("08:00", "22:00") for rule in hours), name


@pytest.mark.parametrize(
    ("jurisdiction", "region", "zone", "holiday", "workday"),
    [
        ("ID", None, "Asia/Jakarta", "2026-08-17", "2026-08-18"),
        ("ID", None, "Asia/Makassar", "2026-08-17", "2026-08-18"),
        ("ID", None, "Asia/Jayapura", "2026-08-17", "2026-08-18"),
        ("IE", None, "Europe/Dublin", "2026-03-17", "2026-03-18"),
        ("AU", "NSW", "Australia/Sydney", "2026-01-26", "2026-01-27"),
    ],
)
def test_a_public_holiday_of_the_calendar_shuts_the_telephone(
    jurisdiction: str, region: str | None, zone: str, holiday: str, workday: str
) -> None:
    for day, is_open in ((holiday, False), (workday, True)):
        at = local(f"{day}T10:00", zone)
        calendar = CALENDARS.around(jurisdiction, region, date.fromisoformat(day))
        facts = rent_arrears(jurisdiction=jurisdiction, region=region, time_zones=(zone,), calendar=calendar)
        assert ask(facts, at).is_allowed is is_open, day
