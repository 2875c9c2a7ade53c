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

    @property
    def plans_broken(self) -> int:
        return len(self.broken_plans)

    @property
    def plans_kept(self) -> int:
        return self.events["plan.agreed"] - self.plans_broken


def figures_of(events: Iterable[Said]) -> Figures:
    figures = Figures()
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
        case "payment.posted":
            figures.collected[body["currency"]] += body["amount"]
        case "payment.reversed":
            figures.collected[body["currency"]] -= body["amount"]
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
