"""Debts that a court would no longer enforce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBar(Rule):
    """For a time-barred debt: nothing with content of these classes, and no demand once the person relies on it.

    `when`: `expired` (the period is over) or `raised` (the person says that they will not pay because of it).
    """

    when: frozenset[str]
    content: frozenset[str] = frozenset()
    """Empty: whatever the content."""

    def __post_init__(self) -> None:
        if not self.when or not self.when <= {"expired", "raised"}:
            raise ValueError("a time bar counts when it is expired or raised")

    def check(self, view: View, at: datetime) -> Fired | None:
        facts = view.facts
        counts = ("expired" in self.when and facts.is_time_barred is True) or (
            "raised" in self.when and facts.time_bar_is_raised is True
        )
        if not counts or (self.content and self.content.isdisjoint(view.request.content)):
            return None
        return Fired(None)
