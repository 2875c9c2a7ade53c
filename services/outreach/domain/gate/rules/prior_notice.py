"""A notice that must have gone out before the first demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorNotice(Rule):
    """No demand of a claim that changed hands before the notice of it was given on a durable medium, complete.

    `notice` names the purpose of the notice itself, which is what may leave.
    """

    agency_kinds: frozenset[str]
    notice: str

    def check(self, view: View, at: datetime) -> Fired | None:
        facts = view.facts
        if facts.agency_kind not in self.agency_kinds or view.request.purpose == self.notice:
            return None
        given_at = facts.transfer_notice_at
        return Fired(None) if given_at is None or given_at > at else None
