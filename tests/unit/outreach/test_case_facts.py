"""What the service itself knows of a benign case is enough for the gate, wherever there is a pack."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.domain.case_file import Balance, CaseFile, ContactPoint
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import Request
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
