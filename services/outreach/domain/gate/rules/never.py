"""What is never done, or only with a consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.facts import Facts
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Never(Rule):
    """No contact of the parties, purposes, channels and actors that the rule concerns, unless it yields to something.

    `places`: only where the contact point is bound to one of them; empty: everywhere. `unless`: facts any of which,
    known to be true, opens what is forbidden; not known leaves it shut.
    """

    places: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (self.parties or self.purposes or self.rungs or self.actors or self.places):
            raise ValueError("a rule that forbids says whom or what it concerns")
        if unknown := self.unless - set(Facts.__dataclass_fields__):
            raise ValueError(f"there are no such facts: {sorted(unknown)}")

    def check(self, view: View, at: datetime) -> Fired | None:
        if any(getattr(view.facts, name) is True for name in self.unless):
            return None
        place = view.facts.point.place if view.facts.point is not None else "none"
        return Fired(None) if not self.places or place in self.places else None
