"""Quiet days after a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.facts import PastContact, Request
from services.outreach.domain.gate.history import MAY_HAVE_BEEN_A_CONVERSATION
from services.outreach.domain.gate.local_time import DAY, local_day, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Per, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence(Rule):
    """No contact for `days` consecutive days after a conversation; the day of the conversation is the first."""

    days: int
    per: Per

    def check(self, view: View, at: datetime) -> Fired | None:
        request = view.request
        whose = request.case_id if self.per == "debt" else None
        spoken = view.history.moments(self, whose, lambda contact: self._ended_in_talk(contact, request))
        if not spoken:
            return None
        if not view.zones:
            return Fired(None, "time_zone")
        ends = max(start_of_day(local_day(spoken[-1], z) + self.days * DAY, z) for z in view.zones)
        return Fired(ends) if ends > at else None

    def _ended_in_talk(self, contact: PastContact, request: Request) -> bool:
        is_talk = contact.channel == "call" and contact.outcome in MAY_HAVE_BEEN_A_CONVERSATION
        is_ours = self.per != "debt" or contact.case_id == request.case_id or request.case_id in contact.discussed_cases
        return is_talk and is_ours
