"""How lively a topic was over the last hour, by the machines' clocks: the business clock may be driven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MINUTES_KEPT = 60
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Minute:
    """Events of one minute, and how long they took from their making to their entry."""

    events: int = 0
    delay_sum_ms: int = 0
    delay_max_ms: int = 0


Minutes = Mapping[int, Minute]
"""Minutes since 1970 -> what happened in them; a minute without events is not there."""


def note(minutes: Minutes, now_ms: int, made_at_ms: Sequence[int]) -> Minutes:
    """Add events that are entered now; forget minutes that have passed out of the hour.

    An event from the future is a clock that runs ahead, not a delay below zero.
    """
    this = now_ms // MINUTE_MS
    delays = [max(0, now_ms - made) for made in made_at_ms]
    before = minutes.get(this, Minute())
    kept = {minute: what for minute, what in minutes.items() if this - MINUTES_KEPT < minute <= this}
    kept[this] = Minute(
        events=before.events + len(delays),
        delay_sum_ms=before.delay_sum_ms + sum(delays),
        delay_max_ms=max([before.delay_max_ms, *delays]),
    )
    return kept


def last_hour(minutes: Minutes, now_ms: int) -> list[Minute]:
    """The last sixty minutes, oldest first, the current one last."""
    this = now_ms // MINUTE_MS
    return [minutes.get(minute, Minute()) for minute in range(this - MINUTES_KEPT + 1, this + 1)]
