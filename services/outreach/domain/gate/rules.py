"""The kinds of rule that a pack may hold. Each answers for one request: silent, or fired, with when to ask again.

A rule never allows. It keeps silent or it fires, so that more rules, more holds and more contacts can only make a
decision stricter.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.facts import Facts, InconvenientTime, PastContact, Request
from services.outreach.domain.gate.local_time import DAY, at_local, local_day, next_opening, start_of_day

Verdict = Literal["deny", "review"]
Unit = Literal["attempt", "placed", "conversation"]
Per = Literal["person", "debt", "contact_point"]

MISSING = "missing_fact"


@dataclass(frozen=True, slots=True)
class View:
    """One request with its facts, and the zones already looked up."""

    request: Request
    facts: Facts
    zones: tuple[ZoneInfo, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule said no. `until`: when it alone would be silent again; None: not by waiting alone."""

    until: datetime | None
    missing: str | None = None
    """The fact that was not known, if that is why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(ABC):
    """What every rule has: its name in the pack, its source, how binding that is, and what it concerns."""

    id: str
    clause: str
    strength: str
    verdict: Verdict = "deny"
    channels: frozenset[str] = frozenset()
    """Empty: every channel."""

    @abstractmethod
    def check(self, view: View, at: datetime) -> Fired | None:
        """Silent (None), or fired. Must be pure, and must not become silent because there is more in the facts."""

    def concerns(self, channel: str) -> bool:
        return not self.channels or channel in self.channels


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(Rule):
    """Only within [opens, closes) by the clocks of every zone where the person may be."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a window opens before it closes")

    def check(self, view: View, at: datetime) -> Fired | None:
        if not view.zones:
            return Fired(None, "time_zone")
        openings = [
            opening for z in view.zones if (opening := next_opening(at, self.opens, self.closes, z)) is not None
        ]
        return Fired(max(openings)) if openings else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyCap(Rule):
    """At most `at_most` contacts within `days` consecutive days of the person's calendar, today included.

    `unit` says what is counted: every attempt, every call that was put through (`placed`), or every conversation. What
    is under way or unknown counts as each of them. The zone in which most are counted decides.
    """

    at_most: int
    days: int
    unit: Unit
    per: Per

    def check(self, view: View, at: datetime) -> Fired | None:
        counted = [c.at for c in view.facts.contacts if self._counts(c, view.request)]
        if len(counted) < self.at_most:
            return None
        if not view.zones:
            return Fired(None, "time_zone")
        untils = [until for z in view.zones if (until := self._full_until(counted, at, z)) is not None]
        return Fired(max(untils)) if untils else None

    def _counts(self, contact: PastContact, request: Request) -> bool:
        if contact.direction != "out" or not self.concerns(contact.channel):
            return False
        if self.per == "debt" and contact.case_id != request.case_id:
            return False
        if self.per == "contact_point" and contact.contact_point_id != request.contact_point_id:
            return False
        if self.unit == "placed":
            return contact.outcome != "not_connected"
        if self.unit == "conversation":
            return contact.outcome in _MAY_HAVE_BEEN_A_CONVERSATION
        return True

    def _full_until(self, counted: Sequence[datetime], at: datetime, place: ZoneInfo) -> datetime | None:
        days = sorted(local_day(moment, place) for moment in counted)
        today = local_day(at, place)
        first = today
        # The window ends on the day asked about: the earliest day that leaves room decides.
        while sum(first - self.days * DAY < day <= first for day in days) >= self.at_most:
            first = min(day for day in days if day > first - self.days * DAY) + self.days * DAY
        return start_of_day(first, place) if first > today else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence(Rule):
    """No contact for `days` consecutive days after a conversation; the day of the conversation is the first."""

    days: int
    per: Per

    def check(self, view: View, at: datetime) -> Fired | None:
        spoken = [c.at for c in view.facts.contacts if self._ended_in_talk(c, view.request)]
        if not spoken:
            return None
        if not view.zones:
            return Fired(None, "time_zone")
        ends = [start_of_day(local_day(moment, z) + self.days * DAY, z) for moment in spoken for z in view.zones]
        return Fired(max(ends)) if max(ends) > at else None

    def _ended_in_talk(self, contact: PastContact, request: Request) -> bool:
        is_talk = contact.channel == "call" and contact.outcome in _MAY_HAVE_BEEN_A_CONVERSATION
        return is_talk and (self.per != "debt" or contact.case_id == request.case_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Rule):
    """No contact while a hold of these kinds stands; empty: of any kind. Notices named here remain possible."""

    kinds: frozenset[str] = frozenset()
    allowed_purposes: frozenset[str] = frozenset()

    def check(self, view: View, at: datetime) -> Fired | None:
        if view.request.purpose in self.allowed_purposes:
            return None
        standing = [
            hold
            for hold in view.facts.holds
            if (not self.kinds or hold.kind in self.kinds) and (hold.until is None or hold.until > at)
        ]
        if not standing:
            return None
        ends = [hold.until for hold in standing if hold.until is not None]
        return Fired(max(ends) if len(ends) == len(standing) else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Rule):
    """Not by a channel, or to an address, that the person asked not to be used, for any debt."""

    def check(self, view: View, at: datetime) -> Fired | None:
        request = view.request
        is_refused = any(
            entry.channel == request.channel and entry.contact_point_id in (None, request.contact_point_id)
            for entry in view.facts.opt_outs
        )
        return Fired(None) if is_refused else None


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
    today: date = here.date()
    if here.weekday() not in entry.days or (entry.last_on is not None and today > entry.last_on):
        return None
    if here.time() < entry.begins or (entry.ends is not None and here.time() >= entry.ends):
        return None
    return at_local(today, entry.ends, place) if entry.ends is not None else start_of_day(today + DAY, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Rule):
    """Only with consent or another lawful basis on file for this contact point.

    `unless_refused`: the trade's usual basis is enough where nothing is on file; a refusal still stands.
    """

    unless_refused: bool = False

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        if point is None or point.may_be_used is True:
            return None
        if point.may_be_used is None:
            return None if self.unless_refused else Fired(None, "consent")
        return Fired(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Rule):
    """Not at these places (`work`): the contact point is bound to one."""

    places: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        return Fired(None) if point is not None and point.place in self.places else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented(Rule):
    """Not the person themself once a lawyer is known to act for them."""

    def check(self, view: View, at: datetime) -> Fired | None:
        if view.facts.is_represented is None:
            return Fired(None, "representation")
        return Fired(None) if view.facts.is_represented else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpen(Rule):
    """Only while the case is ours to work: not recalled, not closed."""

    def check(self, view: View, at: datetime) -> Fired | None:
        return None if view.facts.case_status == "open" else Fired(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SomethingOwed(Rule):
    """No demand where nothing is owed any more."""

    def check(self, view: View, at: datetime) -> Fired | None:
        return None if view.facts.owed_minor_units > 0 else Fired(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanKept(Rule):
    """No demand while an agreed plan is being kept."""

    def check(self, view: View, at: datetime) -> Fired | None:
        return Fired(None) if view.facts.is_plan_kept else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable(Rule):
    """There is a contact point of the right kind for the channel, and nothing has shown that it is wrong."""

    kinds: dict[str, frozenset[str]] = field(hash=False)

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        if point is None:
            return Fired(None, "contact_point")
        fits = point.is_usable and point.kind in self.kinds.get(view.request.channel, frozenset())
        return None if fits else Fired(None)


_MAY_HAVE_BEEN_A_CONVERSATION = frozenset({"conversation", "sending", "unknown", "sent"})
"""Until the provider says otherwise a call under way is taken for the stricter thing."""

CONTACT_POINT_RULES: tuple[type[Rule], ...] = (Refused, Consent, Place, Reachable)
"""Rules that speak of this contact point alone: another one may be open."""

RULE_TYPES: dict[str, type[Rule]] = {
    "hours": Hours,
    "frequency_cap": FrequencyCap,
    "silence": Silence,
    "hold": Hold,
    "refused": Refused,
    "inconvenient": Inconvenient,
    "consent": Consent,
    "place": Place,
    "represented": Represented,
    "case_open": CaseOpen,
    "something_owed": SomethingOwed,
    "plan_kept": PlanKept,
    "reachable": Reachable,
}
"""The closed vocabulary of a pack's `type`."""
