"""What must hold of the events alone. Each check answers with what is wrong, or with an empty text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar


class Told(Protocol):
    """An event as it lies in its topic."""

    @property
    def topic(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def event_id(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


T = TypeVar("T", bound=Told)

DEMANDED_BY_LAW = ("validation_notice", "confirmation")
"""Templates that go out whatever rests: the law gives them a day, or they answer the person's own word."""
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)
FIRST_STEPS = frozenset({"detected", "hold_applied", "reassessed"})
NEXT_STEPS = frozenset({"replanned", "limit_reached", "healed", "agreed_again", "closed"})


def once_each(events: Iterable[T]) -> list[T]:
    """The events without those that the relay published twice, which at-least-once delivery allows."""
    return list({event.event_id: event for event in events}.values())


def gaps(events: Iterable[Told]) -> str:
    """Sequences count from 1 without gaps, per topic and key."""
    seen: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        seen[event.topic, event.key].append(event.sequence)
    broken = [place for place, numbers in seen.items() if sorted(numbers) != list(range(1, len(numbers) + 1))]
    return f"{len(broken)} sequences have gaps, e.g. {broken[0]}" if broken else ""


def missing(expected: Collection[str], found: Collection[str], what: str) -> str:
    """Everything expected is there."""
    absent = set(expected) - set(found)
    return f"{len(absent)} of {len(expected)} {what} are missing, e.g. {min(absent)}" if absent else ""


def unchained(events: Iterable[Told], kept: Mapping[str, tuple[int, str]]) -> str:
    """Contacts and denials tell where their decision stands in the chain; `kept`: decision -> place and hash."""
    told = [event for event in events if event.topic in ("contact.attempted", "contact.denied")]
    wrong = [
        event
        for event in told
        if kept.get(event.body["decision_id"]) != (event.body.get("chain_position"), event.body.get("chain_hash"))
    ]
    return f"{len(wrong)} of {len(told)} events tell another chain, e.g. {wrong[0].event_id}" if wrong else ""


def contacts_after_the_end(events: Iterable[Told]) -> str:
    """No contact later than a recall or the closing of its case."""
    ends: dict[str, datetime] = {}
    contacts: list[Told] = []
    for event in events:
        if event.topic in ("case.recalled", "case.closed"):
            ends[event.key] = min(event.occurred_at, ends.get(event.key, event.occurred_at))
        elif event.topic == "contact.attempted":
            contacts.append(event)
    late = [each for each in contacts if each.key in ends and each.occurred_at > ends[each.key]]
    return f"{len(late)} contacts after the end, e.g. of case {late[0].key}" if late else ""


def contacts_during_relief(events: Sequence[Told]) -> str:
    """Nobody is contacted between asking for relief and its end, refusal or withdrawal; what the law demands may go."""
    asked = {event.body["relief_id"]: event for event in events if event.topic == "relief.requested"}
    ends = {event.body["relief_id"]: event.occurred_at for event in events if event.topic == "relief.ended"}
    rests: defaultdict[str, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    for relief_id, event in asked.items():
        rests[event.key].append((event.occurred_at, ends.get(relief_id)))
    wrong = [
        event
        for event in events
        if event.topic == "contact.attempted"
        and not event.body["template"].startswith(DEMANDED_BY_LAW)
        and any(
            begin < event.occurred_at and (end is None or event.occurred_at < end) for begin, end in rests[event.key]
        )
    ]
    return f"{len(wrong)} contacts during relief, e.g. of case {wrong[0].key}" if wrong else ""


def playbooks_not_started(events: Iterable[Told], steps: Mapping[str, Collection[str]]) -> str:
    """Every default held contact, was assessed anew and led to new offers, a decision or an end. `steps`: by plan."""
    defaults = {str(event.body["plan_id"]): event for event in events if event.topic == "default.detected"}
    wrong = sorted(
        plan_id
        for plan_id in defaults
        if not set(steps.get(plan_id, ())) >= FIRST_STEPS or not NEXT_STEPS & set(steps.get(plan_id, ()))
    )
    if not wrong:
        return ""
    lacks = ", ".join(sorted(steps.get(wrong[0], ()))) or "no steps at all"
    return f"{len(wrong)} of {len(defaults)} defaults have no whole playbook, e.g. plan {wrong[0]}: {lacks}"


def unposted_payments(events: Sequence[Told]) -> str:
    """What was reported is what was posted and reversed, payment by payment, to the minor unit.

    What the agency received itself no lender reports: it is posted all the same.
    """
    reported: dict[tuple[str, str], int] = {}
    booked: dict[tuple[str, str], int] = {}
    own = {
        event.body["payment_id"]
        for event in events
        if event.topic == "payment.posted" and event.body.get("paid_to") == "agency"
    }
    for event in events:
        body = event.body
        if body.get("payment_id") in own:
            continue
        match event.topic:
            case "payment.reported" if body["reverses_payment_id"] is None:
                reported["posted", body["payment_id"]] = body["amount"]
            case "payment.reported":
                reported["reversed", body["reverses_payment_id"]] = body["amount"]
            case "payment.posted":
                booked["posted", body["payment_id"]] = body["amount"]
            case "payment.reversed":
                booked["reversed", body["payment_id"]] = body["amount"]
    differing = sorted(place for place in reported | booked if reported.get(place) != booked.get(place))
    if not differing:
        return ""
    (kind, payment_id), n = differing[0], len(differing)
    return f"{n} of {len(reported)} payments differ, e.g. {payment_id}, which was not {kind} as reported"


def contacts_without_decision(attempts: Sequence[Mapping[str, Any]]) -> str:
    """Every attempt has a decision, it says allow, and it was made for this very contact, not after it."""
    wrong = [
        row["attempt_id"]
        for row in attempts
        if row["verdict"] != "allow"
        or row["decided_at"] > row["reserved_at"]
        or (row["case_id"], row["channel"], row["contact_point_id"])
        != (row["decided_case_id"], row["decided_channel"], row["decided_contact_point_id"])
    ]
    return f"{len(wrong)} of {len(attempts)} attempts have no allow decision, e.g. {wrong[0]}" if wrong else ""
