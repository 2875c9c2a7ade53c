"""What the service itself knows of a benign case is enough for the gate, wherever there is a pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.domain.case_file import Balance, CaseFile, ContactPoint
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import InconvenientTime, PastContact, Request
from services.outreach.domain.gate.history import History
from tests.unit.outreach.builders import PACKS
from tests.unit.outreach.questions import PLACES

BORROWER = HARBOUR_CREDIT = UUID(int=1)
POINTS = {"email": "email", "sms": "mobile", "call": "mobile", "letter": "postal"}
TUESDAY = datetime(2026, 11, 24, 11, tzinfo=UTC)
LACKING = {"SG": {"missing_fact.licence"}, "FR": {"missing_fact.rule_pack"}}
"""Places whose law asks for what a case file does not say, or of which nobody wrote the law down."""


def case_file(jurisdiction: str, region: str | None, zone: str, now: datetime) -> CaseFile:
    points = tuple(
        ContactPoint(UUID(int=number), kind, "none", (zone,), is_verified=True, may_be_used=True)
        for number, kind in enumerate(POINTS.values(), 2)
    )
    return CaseFile(
        case_id=UUID(int=9),
        person_id=BORROWER,
        creditor_id=HARBOUR_CREDIT,
        jurisdiction=jurisdiction,
        language="en",
        currency="USD",
        status="open",
        balance=Balance(0, 0, 125_500),
        offer_expires_at=None,
        is_plan_kept=False,
        is_represented=False,
        inconvenient_times=(),
        points=points,
        holds=(),
        opt_outs=(),
        contacts=History(()),
        region=region,
        product="consumer_loan",
        days_past_due=45,
        group_id=UUID(int=8),
        calendar=CALENDARS.around(jurisdiction, region, now.date()),
    )


@pytest.mark.parametrize(("jurisdiction", "region", "zone"), PLACES)
@pytest.mark.parametrize(("position", "channel"), list(enumerate(POINTS)))
def test_a_benign_case_may_be_contacted_by_day(
    jurisdiction: str, region: str | None, zone: str, position: int, channel: str
) -> None:
    now = TUESDAY.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    file = case_file(jurisdiction, region, zone, now)
    point = file.points[position]
    asked = Request(str(file.case_id), channel, "reminder", str(point.contact_point_id))
    decision = decide(asked, file.facts(point), PACKS, now)
    assert {rule.rule for rule in decision.rules} == LACKING.get(jurisdiction, set())


def test_a_case_file_tells_the_gate_what_the_packs_look_at() -> None:
    file = case_file("US", "NY-NYC", "America/New_York", TUESDAY)
    facts = file.facts(file.points[0])
    assert (facts.place, facts.product, facts.days_past_due) == ("US-NY-NYC", "consumer_loan", 45)
    assert (facts.creditor_id, facts.agency_kind) == (str(HARBOUR_CREDIT), "third_party")
    assert facts.contacts is file.contacts  # indexed once, for every contact point and every case of the person
    assert facts.calendar is not None
    assert replace(file, region="US-NY").facts(None).place == "US-NY"


@pytest.mark.parametrize(
    ("ago", "outcome", "answers"),
    [(timedelta(days=3), "in", True), (timedelta(days=3, seconds=1), "in", False), (timedelta(hours=1), "out", False)],
)
def test_a_call_answers_the_last_call_of_the_person_for_three_days(ago: timedelta, outcome: str, answers: bool) -> None:
    file = case_file("US", None, "America/New_York", TUESDAY)
    heard = PastContact(TUESDAY - ago, "call", str(file.case_id), None, "conversation", outcome)
    other = PastContact(TUESDAY - timedelta(minutes=5), "call", "another debt", None, "conversation", "in")
    file = replace(file, contacts=History((heard, other)))
    assert file.called_us_at(TUESDAY) == (heard.at if answers else None)


def test_an_answer_by_telephone_is_allowed_once_at_an_inconvenient_time() -> None:
    """12 CFR part 1006, Supp. I, comment 6(b)(1)-2."""
    now = TUESDAY.replace(tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)
    file = case_file("US", None, "America/New_York", now)
    never = InconvenientTime(days=(0, 1, 2, 3, 4, 5, 6), begins=time(0), ends=None)
    heard = PastContact(now - timedelta(minutes=30), "email", str(file.case_id), None, "delivered", "in")
    point = file.points[0]
    asked = Request(str(file.case_id), "email", "reminder", str(point.contact_point_id), in_reply_to=heard.at)
    before = replace(file, inconvenient_times=(never,), contacts=History((heard,)))
    answered = PastContact(now - timedelta(minutes=5), "email", str(file.case_id), None, "sent", "out")
    after = replace(before, contacts=History((heard, answered)))
    assert decide(asked, before.facts(point), PACKS, now).is_allowed
    assert not decide(asked, after.facts(point), PACKS, now).is_allowed
