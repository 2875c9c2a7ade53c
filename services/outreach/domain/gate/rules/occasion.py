"""Times at which collecting is unfitting whatever the clock says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.local_time import DAY, local_day, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOccasion(Rule):
    """No contact on the days of such an occasion in the person's life, both ends included."""

    kinds: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        occasions = [entry for entry in view.facts.occasions if entry.kind in self.kinds]
        if not occasions:
            return None
        if not view.zones:
            return Fired(None, "time_zone")
        ends = [
            start_of_day(entry.ends_on + DAY, z)
            for entry in occasions
            for z in view.zones
            if entry.begins_on <= local_day(at, z) <= entry.ends_on
        ]
        return Fired(max(ends)) if ends else None
