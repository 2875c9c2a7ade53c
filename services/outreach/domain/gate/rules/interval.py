"""Room between two contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.outreach.domain.gate.facts import PastContact, Request
from services.outreach.domain.gate.rules.rule import Fired, Per, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval(Rule):
    """At least `minutes` between two contacts by the rule's channels, to the second."""

    minutes: int
    per: Per

    def check(self, view: View, at: datetime) -> Fired | None:
        request = view.request
        whose = {"debt": request.case_id, "contact_point": request.contact_point_id}.get(self.per)
        before = view.history.moments(self, whose, lambda contact: self._counts(contact, request), self.channels)
        if not before:
            return None
        opens = before[-1] + timedelta(minutes=self.minutes)
        return Fired(opens) if opens > at else None

    def _counts(self, contact: PastContact, request: Request) -> bool:
        if contact.outcome == "not_connected":
            return False
        if self.per == "debt":
            return contact.case_id == request.case_id
        return self.per == "person" or contact.contact_point_id == request.contact_point_id
