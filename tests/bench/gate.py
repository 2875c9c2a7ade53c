"""The gate alone, on one core: decisions a second over a person with two hundred contacts, and what hashing would cost.

A person's history is loaded once and asked about several contact points, so the figure that counts shares it between
decisions; the other one builds it anew for each. No servers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import cycle
from time import process_time
from zoneinfo import ZoneInfo

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.adapters.rule_packs import load_packs
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import Facts, PastContact, PointFacts, Request
from services.outreach.domain.gate.history import History

CONTACTS = 200
PLACES: dict[str, tuple[str, str | None, str]] = {
    "us": ("US", "NY", "America/New_York"),
    "cn": ("CN", None, "Asia/Shanghai"),
}
DAY = date(2026, 10, 14)
CASE, MOBILE, EMAIL = (f"01998f2e-0000-7000-8000-00000000000{digit}" for digit in (1, 2, 3))
CHANNELS = ("email", "email", "sms", "call", "email", "letter", "sms", "call")


def measure(decisions: int, say: Callable[[str], None]) -> dict[str, float]:
    """Decisions per second of each kind, for a borrower in New York and one in Shanghai."""
    results: dict[str, float] = {}
    for name, place in PLACES.items():
        say(f"gate, {name}: {decisions} decisions over {CONTACTS} contacts")
        results |= {f"gate_{name}_{key}": value for key, value in _measure(decisions, *place).items()}
    return results


def _measure(decisions: int, jurisdiction: str, region: str | None, zone: str) -> dict[str, float]:
    """At noon, when all is allowed; at night, when the hours deny and the next opening is looked for."""
    packs = load_packs()
    noon, night = (datetime.combine(DAY, time(hour), ZoneInfo(zone)).astimezone(UTC) for hour in (12, 23))
    known = _facts(jurisdiction, region, zone)
    anew = replace(known, contacts=tuple(known.contacts))
    length = len(decide(*_question(known), packs, noon).facts_text.encode())
    document = bytes(length)

    def shared(moment: datetime) -> None:
        for request, facts in _questions(known):
            decide(request, facts, packs, moment)

    def alone(moment: datetime) -> None:
        for request, facts in _questions(anew):
            decide(request, facts, packs, moment)

    def hashed(_: datetime) -> None:
        for _request in range(3):
            sha256(document).hexdigest()

    once = _per_second(shared, noon, decisions)
    hashes = _per_second(hashed, noon, decisions)
    return {
        "decisions_per_s": once,
        "denials_per_s": _per_second(shared, night, decisions),
        "decisions_anew_per_s": _per_second(alone, noon, decisions // 20),
        "hashes_per_s": hashes,
        "hash_ratio": once / hashes,
        "facts_kib": length / 1_024,
    }


def _per_second(ask: Callable[[datetime], None], begin: datetime, decisions: int) -> float:
    """The median of five turns. Moments differ, as they do between sweeps; three questions a moment."""
    turns = max(decisions // 15, 5)
    rates = []
    for turn in range(6):
        begun = process_time()
        for number in range(turns):
            ask(begin + timedelta(seconds=number + turn))
        rates.append(turns * 3 / (process_time() - begun))
    return sorted(rates[1:])[2]


def _question(facts: Facts) -> tuple[Request, Facts]:
    return next(_questions(facts))


def _questions(facts: Facts) -> Iterator[tuple[Request, Facts]]:
    """What one step of the ladder asks of one person: three ways to reach them."""
    for channel, point_id, kind in (("email", EMAIL, "email"), ("sms", MOBILE, "mobile"), ("call", MOBILE, "mobile")):
        point = PointFacts(kind, "none", is_usable=True, may_be_used=True)
        yield Request(CASE, channel, "reminder", point_id), replace(facts, point=point)


def _facts(jurisdiction: str, region: str | None, zone: str) -> Facts:
    channels = cycle(CHANNELS)
    outcomes = cycle(("sent", "no_answer", "delivered", "not_connected"))
    history = History(
        PastContact(
            at=datetime.combine(DAY, time(12), UTC) - timedelta(hours=20 + number * 24),
            channel=next(channels),
            case_id=CASE,
            contact_point_id=MOBILE if number % 2 else EMAIL,
            outcome=next(outcomes),
        )
        for number in reversed(range(CONTACTS))
    )
    return Facts(
        jurisdiction=jurisdiction,
        region=region,
        case_status="open",
        owed_minor_units=125_500,
        is_plan_kept=False,
        is_represented=False,
        point=None,
        time_zones=(zone,),
        contacts=history,
        product="consumer_loan",
        creditor_id="01998f2e-0000-7000-8000-0000000000aa",
        agency_kind="third_party",
        person_token=True,
        days_past_due=45,
        is_deceased=False,
        calendar=CALENDARS.around(jurisdiction, region, DAY),
    )
