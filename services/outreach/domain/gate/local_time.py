"""Days and hours where the person may be: aware moments in, aware UTC moments out, over every candidate zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@lru_cache(maxsize=1_024)
def zone(name: str) -> ZoneInfo | None:
    """The zone of that name, or None where there is no such zone: an unknown place is a missing fact."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def local_day(at: datetime, place: ZoneInfo) -> date:
    return at.astimezone(place).date()


@lru_cache(maxsize=16_384)
def at_local(on: date, clock_time: time, place: ZoneInfo) -> datetime:
    """The moment when clocks there first show that time on that day.

    A time that the night of the clock change leaves out gives the moment of the jump or later (the earlier offset is
    taken), never one before it.
    """
    return datetime.combine(on, clock_time, place).astimezone(UTC)


def start_of_day(on: date, place: ZoneInfo) -> datetime:
    return at_local(on, time(0), place)


def next_opening(at: datetime, opens: time, closes: time, place: ZoneInfo) -> datetime | None:
    """None while the half-open window [opens, closes) is open there; else the moment when it opens next."""
    here = at.astimezone(place)
    shown = here.time()
    if opens <= shown < closes:
        return None
    return at_local(here.date() if shown < opens else here.date() + DAY, opens, place)
