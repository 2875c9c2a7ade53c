"""Times of the day, by day of the week and on public holidays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.local_time import DAY, at_local, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_AHEAD_MAX = 21
"""Longer than any row of days on which a rule is shut (eight days of holidays in China)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open [opens, closes) on these days of the week. `closes` None: the end of the day."""

    opens: time
    closes: time | None
    days: frozenset[Day] = frozenset(DAYS)

    def __post_init__(self) -> None:
        if self.closes is not None and self.opens >= self.closes:
            raise ValueError("a window opens before it closes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(Rule):
    """Only within the windows, by the clocks of every zone where the person may be.

    `opens`/`closes` are the window of every day; `windows` says it by days of the week, and a day that no window names
    is shut. `on_holidays`: as any day (`same`), `closed`, or the windows of Sunday (`sunday`).
    """

    opens: time | None = None
    closes: time | None = None
    windows: tuple[Window, ...] = ()
    on_holidays: Literal["same", "closed", "sunday"] = "same"
    _by_day: dict[Day, tuple[Window, ...]] = field(init=False, repr=False, compare=False)
    """The windows of each day, earliest first."""

    def __post_init__(self) -> None:
        if (self.opens is None) == (not self.windows) or (self.opens is None) != (self.closes is None):
            raise ValueError("hours have one window [opens, closes) for every day, or windows by days of the week")
        windows = self.windows if self.opens is None else (Window(self.opens, self.closes),)
        opening = sorted(windows, key=lambda window: window.opens)
        by_day = {day: tuple(window for window in opening if day in window.days) for day in DAYS}
        object.__setattr__(self, "_by_day", by_day)

    def check(self, view: View, at: datetime) -> Fired | None:
        if not view.zones:
            return Fired(None, "time_zone")
        openings = []
        for place in view.zones:
            here = at.astimezone(place)
            windows = self._windows_on(here.date(), view)
            if windows is None:
                return Fired(None, "calendar")
            if not _is_within(here, at, windows, view, place):
                openings.append(self._next_opening(here, at, view, place))
        if not openings:
            return None
        known = [opening for opening in openings if opening is not None]
        return Fired(max(known) if len(known) == len(openings) else None)

    def _windows_on(self, on: date, view: View) -> tuple[Window, ...] | None:
        """None: whether it is a holiday is not known."""
        day = DAYS[on.weekday()]
        if self.on_holidays != "same":
            calendar = view.facts.calendar
            is_holiday = None if calendar is None else calendar.is_holiday(on)
            if is_holiday is None:
                return None
            if is_holiday and self.on_holidays == "closed":
                return ()
            day = "sun" if is_holiday else day
        return self._by_day[day]

    def _next_opening(self, here: datetime, at: datetime, view: View, place: ZoneInfo) -> datetime | None:
        for ahead in range(DAYS_AHEAD_MAX):
            on = here.date() + ahead * DAY
            for window in self._windows_on(on, view) or ():
                opening = at_local(on, window.opens, place)
                if opening > at and opening + view.length <= _closing(window, on, place):
                    return opening
        return None


def _is_within(here: datetime, at: datetime, windows: tuple[Window, ...], view: View, place: ZoneInfo) -> bool:
    shown = here.time()
    for window in windows:
        if window.opens <= shown and (window.closes is None or shown < window.closes):
            return not view.length or at + view.length <= _closing(window, here.date(), place)
    return False


def _closing(window: Window, on: date, place: ZoneInfo) -> datetime:
    return start_of_day(on + DAY, place) if window.closes is None else at_local(on, window.closes, place)
