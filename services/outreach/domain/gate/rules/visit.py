"""How a visit is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.facts import VisitFacts
from services.outreach.domain.gate.local_time import DAY, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Rule):
    """A visit needs so many people, a recording, cards of identity, notice given days before, and a fitting place.

    Only what the rule names is asked; what it names and nobody knows denies as a missing fact.
    """

    staff_min: int = 0
    must_be_recorded: bool = False
    must_show_identity: bool = False
    notice_days_min: int = 0
    places: frozenset[str] = frozenset()
    """Where it may be; empty: anywhere. A place that the person chose is always fitting."""

    def __post_init__(self) -> None:
        if self.channels != frozenset({"visit"}):
            raise ValueError("a rule about visits concerns the channel visit alone")

    def check(self, view: View, at: datetime) -> Fired | None:
        if self.staff_min:
            if view.request.staff_count is None:
                return Fired(None, "staff_count")
            if view.request.staff_count < self.staff_min:
                return Fired(None)
        visit = view.facts.visit
        if visit is None:
            return Fired(None, "visit") if self._asks_more() else None
        return self._recorded(visit) or self._identity(visit) or self._place(visit) or self._notice(visit, view, at)

    def _asks_more(self) -> bool:
        return bool(self.must_be_recorded or self.must_show_identity or self.notice_days_min or self.places)

    def _recorded(self, visit: VisitFacts) -> Fired | None:
        if not self.must_be_recorded or visit.is_recorded:
            return None
        return Fired(None, "recording" if visit.is_recorded is None else None)

    def _identity(self, visit: VisitFacts) -> Fired | None:
        if not self.must_show_identity or visit.shows_identity:
            return None
        return Fired(None, "identity_card" if visit.shows_identity is None else None)

    def _place(self, visit: VisitFacts) -> Fired | None:
        fits = not self.places or visit.place in self.places or visit.is_place_chosen is True
        return None if fits else Fired(None)

    def _notice(self, visit: VisitFacts, view: View, at: datetime) -> Fired | None:
        if not self.notice_days_min:
            return None
        if visit.notice_sent_on is None:
            return Fired(None, "visit_notice")
        if not view.zones:
            return Fired(None, "time_zone")
        opens = max(start_of_day(visit.notice_sent_on + self.notice_days_min * DAY, z) for z in view.zones)
        return Fired(opens) if opens > at else None
