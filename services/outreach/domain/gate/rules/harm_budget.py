"""A strategy that does harm slows down and stops by itself: its harm budget speaks here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmBudget(Rule):
    """Slowed: the cases whose draw is below `postpones_percent` wait for the next draw. Stopped: all of them.

    A strategy without a budget (no such fact) is not spoken about; a state that nobody knows stops.
    """

    postpones_percent: int

    def check(self, view: View, at: datetime) -> Fired | None:
        budget = view.facts.harm_budget
        if budget is None or budget.state == "ok":
            return None
        again_at = budget.draws_again_at
        if again_at is not None and at >= again_at:
            return None
        if budget.state == "slowed" and budget.draw >= self.postpones_percent:
            return None
        return Fired(again_at)
