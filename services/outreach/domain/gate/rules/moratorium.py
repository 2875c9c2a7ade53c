"""Statutory pauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.local_time import DAY, local_day, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class InMoratorium(Rule):
    """No contact from the first to the last day of a moratorium of these kinds, both included, where the person is.

    An answer to the person's own message is left open where the rule yields to it.
    """

    kinds: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        pause = view.facts.moratorium
        if pause is None or pause.kind not in self.kinds:
            return None
        if not view.zones:
            return Fired(None, "time_zone")
        standing = [
            z
            for z in view.zones
            if pause.begins_on <= local_day(at, z) and (pause.ends_on is None or local_day(at, z) <= pause.ends_on)
        ]
        if not standing:
            return None
        if pause.ends_on is None:
            return Fired(None)
        return Fired(max(start_of_day(pause.ends_on + DAY, z) for z in standing))
