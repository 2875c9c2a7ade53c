"""A lawyer who acts for the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented(Rule):
    """Not the person themself once a lawyer is known to act for them.

    `unless_unresponsive`: until the lawyer has left our communications unanswered for a reasonable time.
    """

    unless_unresponsive: bool = False

    def check(self, view: View, at: datetime) -> Fired | None:
        facts = view.facts
        if view.request.party == "attorney":
            # Whoever acts for the person is whom to turn to instead.
            return None
        if facts.is_represented is None:
            return Fired(None, "representation")
        if self.unless_unresponsive and facts.attorney_is_unresponsive:
            return None
        return Fired(None) if facts.is_represented else None
