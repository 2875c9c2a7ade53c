"""What a visit must be before anybody goes, and what its report means afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TEAM_MIN, TEAM_MAX = 2, 4
"""Never alone (中银协 2026 art. 22; own rule elsewhere), and never a crowd."""
WINDOW_MAX = timedelta(hours=3)
AHEAD_MAX = timedelta(days=60)
REPORT_WITHIN = timedelta(hours=24)
"""After the window; a visit begun and not reported by then ends `unknown`, and counts."""
RECORDING_DAYS_MAX = 5 * 366
"""Collection records are kept five years (NIFA 2018); nothing is kept longer."""

OUTCOMES = {
    "spoke": "conversation",
    "refused_to_speak": "conversation",
    "nobody_there": "no_answer",
    "does_not_live_there": "not_connected",
    "not_carried_out": "failed",
}
"""What people report -> what the ledger of contacts says. Only a visit that was not made does not count."""


@dataclass(frozen=True, slots=True)
class Window:
    """When the people are to come; half-open."""

    begins_at: datetime
    ends_at: datetime

    def errors(self, now: datetime) -> list[str]:
        wrong = []
        if not timedelta(0) < self.ends_at - self.begins_at <= WINDOW_MAX:
            wrong.append("window_length")
        if not now < self.begins_at <= now + AHEAD_MAX:
            wrong.append("window_begins")
        return wrong

    def is_open(self, at: datetime) -> bool:
        return self.begins_at <= at < self.ends_at


def team_errors(team: Sequence[str]) -> list[str]:
    """The same person twice is one person."""
    wrong = []
    if len(set(team)) < len(team):
        wrong.append("person_named_twice")
    if not TEAM_MIN <= len(set(team)) <= TEAM_MAX:
        wrong.append("team_size")
    return wrong


def masked_number(number: str) -> str:
    """What the people on the road see of a number: that it is the one on their sheet, and no more."""
    digits = [character for character in number if character.isdigit()]
    return "*" * max(0, len(digits) - 2) + "".join(digits[-2:])
