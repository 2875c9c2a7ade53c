"""The gate alone, on one core: decisions a second over a person with two hundred contacts, and what hashing would cost.

A person's history is loaded once and asked about several contact points, so the figure that counts shares it between
decisions; the other one builds it anew for each. No servers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.adapters.rule_packs import load_packs
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import Facts, PastContact, PointFacts, Request
from services.outreach.domain.gate.history import History

CONTACTS = 200
NOW = datetime(2026, 10, 7, 16, 0, tzinfo=UTC)
CASE, MOBILE, EMAIL = (f"01998f2e-0000-7000-8000-00000000000{digit}" for digit in (1, 2, 3))
CHANNELS = ("email", "email", "sms", "call", "email", "letter", "sms", "call")


def measure(decisions: int, say: Callable[[str], None]) -> dict[str, float]:
    """Decisions per second of each kind, for a borrower in New York and one in Shanghai."""
    results: dict[str, float] = {}
    for name, place in (("us", ("US", "NY", "America/New_York")), ("cn", ("CN", None, "Asia/Shanghai"))):
        say(f"gate, {name}: {decisions} decisions over {CONTACTS} contacts")
        results |= {f"gate_{name}_{key}": value for key, value in _measure(decisions, *place).items()}
    return results


def _measure(decisions: int, jurisdiction: str, region: str | None, zone: str) -> dict[str, float]:
    packs = load_packs()
    known = _facts(jurisdiction, region, zone)
    anew = replace(known, contacts=tuple(known.contacts))
    length = len(decide(*_question(known), packs, NOW).facts_text.encode())
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

    once = _per_second(shared, decisions)
    hashes = _per_second(hashed, decisions)
    return {
        "decisions_per_s": once,
        "decisions_anew_per_s": _per_second(alone, decisions // 20),
        "hashes_per_s": hashes,
        "hash_ratio": once / hashes,
        "facts_kib": length / 1_024,
    }


def _per_second(ask: Callable[[datetime], None], decisions: int) -> float:
    """The median of five turns. Moments differ, as they do between sweeps; three questions a moment."""
    turns = max(decisions // 15, 5)
    rates = []
    for turn in range(6):
        begun = time.process_time()
        for number in range(turns):
            ask(NOW + timedelta(seconds=number + turn))
        rates.append(turns * 3 / (time.process_time() - begun))
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
            at=NOW - timedelta(hours=20 + number * 24),
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
        days_past_due=45,
        is_deceased=False,
        calendar=CALENDARS.around(jurisdiction, region, NOW.date()),
    )
