"""Hours that depend on more than the clock: on how long the debt is overdue, or on the place of the contact point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.hours import Hours
from services.outreach.domain.gate.rules.rule import Fired, View


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursUntilPastDue(Hours):
    """The windows bind until the debt is overdue for more than `days_past_due` days; not known: they bind."""

    days_past_due: int

    def check(self, view: View, at: datetime) -> Fired | None:
        known = view.facts.days_past_due
        if known is not None and known > self.days_past_due:
            return None
        return Hours.check(self, view, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursAtPlace(Hours):
    """The windows of contact points that are bound to these places."""

    places: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        place = view.facts.point.place if view.facts.point is not None else "none"
        return Hours.check(self, view, at) if place in self.places else None
