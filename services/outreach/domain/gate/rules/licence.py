"""The licence to collect for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.local_time import local_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensed(Rule):
    """Only while the agency's licence for the place is valid, its last day included."""

    def check(self, view: View, at: datetime) -> Fired | None:
        last = view.facts.licence_until
        if last is None:
            return Fired(None, "licence")
        if not view.zones:
            return Fired(None, "time_zone")
        return Fired(None) if any(local_day(at, z) > last for z in view.zones) else None
