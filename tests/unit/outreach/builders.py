"""Requests and facts with faces: a borrower in New York, one in Shanghai, and what was tried with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.outreach.adapters.rule_packs import load_packs
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import Facts, PastContact, PointFacts, Request

PACKS = load_packs()
NEW_YORK, SHANGHAI = "America/New_York", "Asia/Shanghai"
CARD, MEDICAL = "card-debt", "medical-debt"
MOBILE, OTHER_MOBILE = "mobile-1", "mobile-2"

_POINTS = {
    "call": PointFacts("mobile", "none", True, True),
    "sms": PointFacts("mobile", "none", True, True),
    "email": PointFacts("email", "none", True, True),
    "letter": PointFacts("postal", "home", True, True),
}


def local(text: str, zone: str = NEW_YORK) -> datetime:
    """A local time as a moment; a bare date is noon."""
    if "T" not in text:
        text += "T12:00"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def rent_arrears(channel: str = "call", **changes: Any) -> Facts:
    """In New York, owing on a card, reachable by every channel, and never contacted yet."""
    facts = Facts(
        jurisdiction="US",
        case_status="open",
        owed_minor_units=125_500,
        is_plan_kept=False,
        is_represented=False,
        point=_POINTS[channel],
        time_zones=(NEW_YORK,),
        person_token=True,
    )
    return replace(facts, **changes)


def consumer_loan(channel: str = "call", **changes: Any) -> Facts:
    """In Shanghai, owing on an online consumer loan."""
    return replace(rent_arrears(channel), jurisdiction="CN", time_zones=(SHANGHAI,), **changes)


def request(channel: str = "call", *, debt: str = CARD, point: str | None = MOBILE, purpose: str = "demand") -> Request:
    return Request(case_id=debt, channel=channel, rung="reminder", contact_point_id=point, purpose=purpose)


def calls(days: Iterable[str], *, zone: str = NEW_YORK, debt: str = CARD, **changes: Any) -> tuple[PastContact, ...]:
    """Calls that rang and were not answered, unless `outcome` says otherwise."""
    return tuple(replace(PastContact(local(day, zone), "call", debt, MOBILE, "no_answer"), **changes) for day in days)


def ask(facts: Facts, at: datetime, channel: str = "call", **more: Any) -> Decision:
    return decide(request(channel, **more), facts, PACKS, at)


def rules_of(decision: Decision) -> set[str]:
    return {rule.rule for rule in decision.rules}
