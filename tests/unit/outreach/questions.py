"""Random questions to the gate: every jurisdiction, channel and fact, benign more often than not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.outreach.domain.gate.calendar import Calendar
from services.outreach.domain.gate.facts import (
    ActiveHold,
    AgreedTime,
    Consent,
    Facts,
    InconvenientTime,
    OptOut,
    PastContact,
    PointFacts,
    Request,
    VisitFacts,
)
from tests.unit.outreach.builders import CARD, MEDICAL, MOBILE, NEW_YORK, OTHER_MOBILE, SHANGHAI

Question = tuple[Request, Facts, datetime]
Odd = Callable[[st.DrawFn, Request, Facts], tuple[Request, Facts]]
HOUR = timedelta(hours=1)

FEBRUARY = datetime(2026, 2, 1, tzinfo=UTC)
CHANNELS = ("email", "sms", "call", "letter", "in_app", "visit")
KINDS = {"email": "email", "sms": "mobile", "call": "mobile", "letter": "postal", "in_app": "app", "visit": "postal"}
PLACES = (
    ("US", "NY", NEW_YORK),
    ("US", "NY-NYC", NEW_YORK),
    ("US", "MA", NEW_YORK),
    ("US", "WA", "America/Los_Angeles"),
    ("CN", None, SHANGHAI),
    ("GB", None, "Europe/London"),
    ("IE", None, "Europe/Dublin"),
    ("IN", None, "Asia/Kolkata"),
    ("ID", None, "Asia/Jakarta"),
    ("PH", None, "Asia/Manila"),
    ("VN", None, "Asia/Ho_Chi_Minh"),
    ("SG", None, "Asia/Singapore"),
    ("AU", "NSW", "Australia/Sydney"),
    ("FR", None, "Europe/Paris"),
)
OUTCOMES = ("sent", "sending", "unknown", "conversation", "no_answer", "not_connected")

moments = st.integers(0, 330 * 24 * 3_600).map(lambda seconds: FEBRUARY + timedelta(seconds=seconds))
channels = st.sampled_from(CHANNELS)
consents = st.builds(Consent, kind=st.sampled_from(["electronic", "workplace", "over_cap", "out_of_hours"]))
holds = st.builds(ActiveHold, kind=st.sampled_from(["dispute", "cease", "hardship"]), until=st.none() | moments)
opt_outs = st.builds(OptOut, channel=channels, contact_point_id=st.sampled_from([MOBILE, OTHER_MOBILE, None]))
unsuitable = st.builds(
    InconvenientTime,
    days=st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple),
    begins=st.just(time(9)),
    ends=st.sampled_from([None, time(17)]),
    last_on=st.none() | st.just(date(2026, 6, 30)),
)


def usually(value: Any, *others: Any) -> st.SearchStrategy[Any]:
    """One of them; the first as often as all others together, at least three times."""
    return st.sampled_from([*[value] * max(3, len(others)), *others])


def contacts_before(now: datetime) -> st.SearchStrategy[PastContact]:
    return st.builds(
        PastContact,
        at=st.integers(0, 35 * 24 * 60).map(lambda minutes: now - timedelta(minutes=minutes)),
        channel=channels,
        case_id=st.sampled_from([CARD, MEDICAL, "elsewhere"]),
        contact_point_id=st.sampled_from([MOBILE, OTHER_MOBILE, None]),
        outcome=st.sampled_from(OUTCOMES),
        direction=usually("out", "in"),
        place=usually("none", "home", "work"),
        kind=st.sampled_from(["interactive", "informative", None]),
        is_effective=st.sampled_from([True, False, None]),
        party=usually("borrower", "third_party"),
        is_consented=usually(False, True),
        discussed_cases=st.sampled_from([(), (CARD,), (MEDICAL,)]),
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A benign question with some history, and at most two things about it that are not benign."""
    jurisdiction, region, zone = draw(st.sampled_from(PLACES))
    clock = time(draw(usually(10, 7, 8, 20, 21, 22)), draw(st.integers(0, 59)), tzinfo=ZoneInfo(zone))
    now = datetime.combine(date(2026, 2, 2) + timedelta(days=draw(st.integers(0, 300))), clock).astimezone(UTC)
    channel = draw(usually("email", "call", "sms", "letter", "in_app", "visit"))
    request, facts = benign(jurisdiction, region, zone, channel, now)
    facts = replace(
        facts,
        product=draw(st.sampled_from([None, "credit_card", "consumer_loan"])),
        days_past_due=draw(st.sampled_from([None, 10, 45, 90])),
        contacts=tuple(draw(st.lists(contacts_before(now), max_size=14))),
        consents=tuple(draw(st.lists(consents, max_size=2))),
        agreed_times=draw(st.sampled_from([(), (AgreedTime(now - HOUR, now + HOUR),)])),
    )
    request = replace(request, in_reply_to=draw(st.sampled_from([None, now - timedelta(minutes=5)])))
    for name in sorted(draw(st.sets(st.sampled_from(sorted(ODD)), max_size=2))):
        request, facts = ODD[name](draw, request, facts)
    return request, facts, now


def benign(jurisdiction: str, region: str | None, zone: str, channel: str, now: datetime) -> tuple[Request, Facts]:
    point = PointFacts(
        kind=KINDS[channel],
        place="home",
        may_be_used=True,
        is_employer_provided=False,
        is_public_domain=True,
        consent_at=now - timedelta(days=20),
        last_used_by_person_at=now - timedelta(days=20),
    )
    facts = Facts(
        jurisdiction=jurisdiction,
        region=region,
        case_status="open",
        owed_minor_units=125_500,
        is_plan_kept=False,
        is_represented=False,
        point=point,
        time_zones=(zone,),
        agency_kind="third_party",
        person_token=True,
        is_deceased=False,
        certificate_until=date(2026, 8, 1),
        bot_discloses=True,
        licence_until=date(2026, 12, 1),
        calendar=Calendar(date(2026, 1, 1), date(2027, 3, 1), (date(2026, 5, 1), date(2026, 10, 1))),
    )
    request = Request(CARD, channel, "reminder", MOBILE, is_interactive=True, staff_count=2, discloses_debt=False)
    return request, facts


def fact(name: str, values: st.SearchStrategy[Any]) -> Odd:
    return lambda draw, request, facts: (request, replace(facts, **{name: draw(values)}))


def of_point(name: str, values: st.SearchStrategy[Any]) -> Odd:
    def odd(draw: st.DrawFn, request: Request, facts: Facts) -> tuple[Request, Facts]:
        return request, replace(facts, point=facts.point and replace(facts.point, **{name: draw(values)}))

    return odd


def asked(name: str, values: st.SearchStrategy[Any]) -> Odd:
    return lambda draw, request, facts: (replace(request, **{name: draw(values)}), facts)


def another_zone(draw: st.DrawFn, request: Request, facts: Facts) -> tuple[Request, Facts]:
    zone = draw(st.sampled_from(["America/Los_Angeles", NEW_YORK, SHANGHAI, "Pacific/Honolulu", "Atlantis/Capital"]))
    return request, replace(facts, time_zones=(*facts.time_zones, zone))


ODD: dict[str, Odd] = {
    "no zone": fact("time_zones", st.just(())),
    "another zone": another_zone,
    "status": fact("case_status", st.sampled_from(["closed", "recalled"])),
    "owed": fact("owed_minor_units", st.just(0)),
    "plan": fact("is_plan_kept", st.just(True)),
    "represented": fact("is_represented", st.sampled_from([True, None])),
    "no point": fact("point", st.none()),
    "deceased": fact("is_deceased", st.sampled_from([True, None])),
    "no certificate": fact("certificate_until", st.none()),
    "bot": fact("bot_discloses", st.sampled_from([False, None])),
    "no calendar": fact("calendar", st.none()),
    "no licence": fact("licence_until", st.none()),
    "hold": fact("holds", st.tuples(holds)),
    "opt-out": fact("opt_outs", st.tuples(opt_outs)),
    "unsuitable": fact("inconvenient_times", st.tuples(unsuitable)),
    "visit": fact("visit", st.just(VisitFacts(notice_sent_on=date(2026, 3, 1), is_recorded=True))),
    "point kind": of_point("kind", st.just("landline")),
    "point place": of_point("place", st.sampled_from(["work", "none"])),
    "wrong point": of_point("is_usable", st.just(False)),
    "basis": of_point("may_be_used", st.sampled_from([False, None])),
    "employer's": of_point("is_employer_provided", st.sampled_from([True, None])),
    "domain": of_point("is_public_domain", st.sampled_from([False, None])),
    "purpose": asked("purpose", st.sampled_from(["termination_notice", "locate"])),
    "party": asked("party", st.sampled_from(["third_party", "spouse"])),
    "actor": asked("actor", st.sampled_from(["human", "bot"])),
    "kind": asked("is_interactive", st.sampled_from([False, None])),
    "disclosure": asked("discloses_debt", st.sampled_from([True, None])),
    "staff": asked("staff_count", st.sampled_from([1, None])),
    "rung": asked("rung", st.sampled_from(["call", "letter", "visit"])),
}
"""What may be odd about a question."""
