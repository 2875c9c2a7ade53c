"""What happened, counted from the events alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Said(Protocol):
    """An event: its type, which is the name of its topic, and its body."""

    @property
    def topic(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


@dataclass(slots=True)
class Figures:
    """Counts of a run. `contacts`: channel -> outcome -> n. `collected`: currency -> minor units, reversals off.

    `collected_by`: the same by who received it, `creditor` or `agency`. `relief`: requests, grants and ends by outcome.
    `remitted` was paid over, `commission` earned on all that came in, by currency. `own_payments` went to the agency.

    A plan is broken once a default of it was detected, even if a late payment healed it; all others are kept so far.
    """

    contacts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    denials: Counter[str] = field(default_factory=Counter)
    collected: Counter[str] = field(default_factory=Counter)
    replies: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)
    counters: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    broken_plans: set[str] = field(default_factory=set)
    collected_by: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    relief: Counter[str] = field(default_factory=Counter)
    plans_by_form: Counter[str] = field(default_factory=Counter)
    remitted: Counter[str] = field(default_factory=Counter)
    commission: Counter[str] = field(default_factory=Counter)
    own_payments: set[str] = field(default_factory=set)

    @property
    def plans_broken(self) -> int:
        return len(self.broken_plans)

    @property
    def plans_kept(self) -> int:
        return self.events["plan.agreed"] - self.plans_broken


def figures_of(events: Iterable[Said]) -> Figures:
    figures, events = Figures(), list(events)
    # Topics are read one after the other, so a payment may be taken back here before it was booked.
    figures.own_payments = {
        event.body["payment_id"]
        for event in events
        if event.topic == "payment.posted" and event.body.get("paid_to") == "agency"
    }
    for event in events:
        figures.events[event.topic] += 1
        _count(figures, event.topic, event.body)
    return figures


def _count(figures: Figures, topic: str, body: Mapping[str, Any]) -> None:
    match topic:
        case "contact.attempted":
            figures.contacts[body["channel"]][body["outcome"]] += 1
        case "contact.denied":
            figures.denials.update(rule["rule"] for rule in body["rules"])
        case "payment.posted" | "payment.reversed":
            _count_money(figures, topic, body)
        case "payment.remitted":
            figures.remitted[body["currency"]] += body["gross"] - body["set_off"]
            figures.commission[body["currency"]] += body["commission"] - body["commission_returned"]
        case "relief.requested" | "relief.granted":
            figures.relief[topic.partition(".")[2]] += 1
        case "relief.ended":
            figures.relief[body["outcome"]] += 1
        case "plan.agreed" if not body.get("is_resumed"):
            figures.plans_by_form[_form(body)] += 1
        case "default.detected":
            figures.broken_plans.add(body["plan_id"])
        case "borrower.replied":
            figures.replies[body["intent"]] += 1
        case "case.closed":
            figures.closed[body["reason"]] += 1
        case "hold.applied":
            figures.holds[body["kind"]] += 1
        case "plan.countered":
            figures.counters[body["answer"]] += 1


def _count_money(figures: Figures, topic: str, body: Mapping[str, Any]) -> None:
    sign = 1 if topic == "payment.posted" else -1
    receiver = "agency" if body.get("payment_id") in figures.own_payments else "creditor"
    figures.collected[body["currency"]] += sign * body["amount"]
    figures.collected_by[receiver][body["currency"]] += sign * body["amount"]


def _form(body: Mapping[str, Any]) -> str:
    terms = body.get("terms") or {}
    return str(terms.get("form") or terms.get("kind") or "unknown")
