"""How many contacts there may be within a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.facts import PastContact, Request
from services.outreach.domain.gate.history import MAY_HAVE_BEEN_A_CONVERSATION, Moments
from services.outreach.domain.gate.local_time import DAY, local_day, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Per, Rule, View

Unit = Literal["attempt", "placed", "unanswered", "conversation", "effective"]
CLOCKS_APART = timedelta(hours=26)
"""No two places show days further apart (UTC-12 and UTC+14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyCap(Rule):
    """At most `at_most` contacts within a period; say exactly one of `days`, `hours` and `calendar`.

    `days`: consecutive days of the person's calendar, today included; the zone in which most are counted decides.
    `hours`: any stretch of so many hours, to the second. `calendar`: the week from Monday, or the month, of the
    person's calendar.

    `unit`: every attempt; every call that was put through (`placed`); all that came to no conversation (`unanswered`);
    every conversation; what the record calls effective. What is under way or not known counts as each of them.
    `counts_channels`, `counts_places`, `counts_kinds`: what is counted, where that is more or less than the rule's own
    channels.
    """

    at_most: int
    unit: Unit
    per: Per
    days: int = 0
    hours: int = 0
    calendar: Literal["", "week", "month"] = ""
    counts_channels: frozenset[str] = frozenset()
    counts_places: frozenset[str] = frozenset()
    counts_kinds: frozenset[str] = frozenset()
    counts_purposes: frozenset[str] = frozenset()
    leaves_out_consented: bool = False
    same_party: bool = False
    """Contacts with somebody else about the same debt are counted apart."""
    places: frozenset[str] = frozenset()
    """The rule is about contact points bound to these places; empty: about all."""
    except_places: frozenset[str] = frozenset()
    """The rule is about contact points bound to none of these places."""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.days, self.hours, self.calendar))) != 1 or self.at_most < 0:
            raise ValueError("a cap has one period: days, hours, or a calendar's week or month")

    def check(self, view: View, at: datetime) -> Fired | None:
        if not self._is_about_place(view):
            return None
        counted = self._counted(view)
        if len(counted) < self.at_most:
            return None
        if self.at_most == 0:
            return Fired(None)
        if self.hours:
            return self._check_hours(counted, at)
        if not view.zones:
            return Fired(None, "time_zone")
        untils = [until for z in view.zones if (until := self._full_until(counted, at, z)) is not None]
        return Fired(max(untils)) if untils else None

    def _is_about_place(self, view: View) -> bool:
        if not self.places and not self.except_places:
            return True
        place = view.facts.point.place if view.facts.point is not None else "none"
        return (not self.places or place in self.places) and place not in self.except_places

    def _counted(self, view: View) -> Moments:
        request = view.request
        whose = _whose(self.per, request)
        if self.same_party:
            whose = f"{whose or ''} {request.party}"
        return view.history.moments(self, whose, lambda contact: self._counts(contact, request), self._channels_counted)

    @property
    def _channels_counted(self) -> frozenset[str]:
        return self.counts_channels or self.channels

    def _counts(self, contact: PastContact, request: Request) -> bool:
        return (
            _UNITS[self.unit](contact)
            and _is_of(contact, self.per, request)
            and (not self.counts_places or contact.place in self.counts_places)
            and (not self.counts_kinds or contact.kind is None or contact.kind in self.counts_kinds)
            and (not self.counts_purposes or contact.purpose in self.counts_purposes)
            and not (self.leaves_out_consented and contact.is_consented)
            and not (self.same_party and contact.party != request.party)
        )

    def _check_hours(self, counted: Sequence[datetime], at: datetime) -> Fired | None:
        period = timedelta(hours=self.hours)
        # The at_most-th newest decides: once it has left the period there is room for one more.
        opens = counted[-self.at_most] + period
        return Fired(opens) if opens > at else None

    def _full_until(self, counted: Moments, at: datetime, place: ZoneInfo) -> datetime | None:
        if self.calendar:
            return self._calendar_full_until(counted, local_day(at, place), place)
        period = self.days * DAY
        # Days are looked up only for what can lie within the period.
        begins = at - period - CLOCKS_APART
        if counted[-self.at_most] < begins:
            return None
        days = counted.days(len(counted) - bisect_left(counted, begins), place)
        first = today = local_day(at, place)
        # The window ends on the day asked about; a full one has room only once its at_most-th newest day has left.
        while (newest := bisect_right(days, first)) - bisect_right(days, first - period) >= self.at_most:
            first = days[newest - self.at_most] + period
        return start_of_day(first, place) if first > today else None

    def _calendar_full_until(self, counted: Sequence[datetime], today: date, place: ZoneInfo) -> datetime | None:
        first, after = _week(today) if self.calendar == "week" else _month(today)
        begins, ends = start_of_day(first, place), start_of_day(after, place)
        within = bisect_left(counted, ends) - bisect_left(counted, begins)
        return ends if within >= self.at_most else None


def _week(today: date) -> tuple[date, date]:
    monday = today - today.weekday() * DAY
    return monday, monday + 7 * DAY


def _month(today: date) -> tuple[date, date]:
    return today.replace(day=1), (today.replace(day=28) + 4 * DAY).replace(day=1)


def _whose(per: Per, request: Request) -> str | None:
    if per == "debt":
        return request.case_id
    return request.contact_point_id if per == "contact_point" else None


def _is_of(contact: PastContact, per: Per, request: Request) -> bool:
    if per == "debt":
        return contact.case_id == request.case_id or request.case_id in contact.discussed_cases
    return per != "contact_point" or contact.contact_point_id == request.contact_point_id


_UNITS: dict[str, Callable[[PastContact], bool]] = {
    "attempt": lambda contact: True,
    "placed": lambda contact: contact.outcome != "not_connected",
    "unanswered": lambda contact: contact.outcome != "conversation",
    "conversation": lambda contact: contact.outcome in MAY_HAVE_BEEN_A_CONVERSATION,
    "effective": lambda contact: (
        contact.is_effective if contact.is_effective is not None else contact.outcome in MAY_HAVE_BEEN_A_CONVERSATION
    ),
}
