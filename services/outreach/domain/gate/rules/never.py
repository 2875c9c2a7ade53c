"""What is never done, or only with a consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Never(Rule):
    """No contact of the parties, purposes, channels and actors that the rule concerns, unless it yields to something.

    `places`: only where the contact point is bound to one of them; empty: everywhere.
    """

    places: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (self.parties or self.purposes or self.rungs or self.actors or self.places):
            raise ValueError("a rule that forbids says whom or what it concerns")

    def check(self, view: View, at: datetime) -> Fired | None:
        place = view.facts.point.place if view.facts.point is not None else "none"
        return Fired(None) if not self.places or place in self.places else None
