"""Times that the person called inconvenient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.facts import InconvenientTime
from services.outreach.domain.gate.local_time import DAY, at_local, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Inconvenient(Rule):
    """Not at a time that the person called inconvenient, in any zone where they may be."""

    def check(self, view: View, at: datetime) -> Fired | None:
        if not view.facts.inconvenient_times:
            return None
        if not view.zones:
            return Fired(None, "time_zone")
        ends = [
            end
            for entry in view.facts.inconvenient_times
            for z in view.zones
            if (end := _end_of_inconvenience(entry, at, z)) is not None
        ]
        return Fired(max(ends)) if ends else None


def _end_of_inconvenience(entry: InconvenientTime, at: datetime, place: ZoneInfo) -> datetime | None:
    here = at.astimezone(place)
    today = here.date()
    if here.weekday() not in entry.days or (entry.last_on is not None and today > entry.last_on):
        return None
    if here.time() < entry.begins or (entry.ends is not None and here.time() >= entry.ends):
        return None
    return at_local(today, entry.ends, place) if entry.ends is not None else start_of_day(today + DAY, place)
