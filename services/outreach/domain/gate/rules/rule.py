"""What every rule is: a named, sourced condition that keeps silent or fires.

A rule never allows. More rules, more holds and more contacts can therefore only make a decision stricter.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.facts import Facts, Request
from services.outreach.domain.gate.history import History
from services.outreach.domain.gate.local_time import local_day

Verdict = Literal["deny", "review", "note"]
Per = Literal["person", "debt", "contact_point"]
Yield = Literal["reply", "agreed_time", "consent", "consent_to_agency"]

MISSING = "missing_fact"


@dataclass(frozen=True, slots=True)
class View:
    """One request with its facts, the zones already looked up and the history indexed."""

    request: Request
    facts: Facts
    zones: tuple[ZoneInfo, ...]
    """Every zone where the person may be; empty where one of them is not known."""
    history: History
    length: timedelta = timedelta(0)
    """How long the contact would take, where that is known."""

    @property
    def is_answer(self) -> bool:
        """It answers the person's own message, once: nothing went out by that channel since."""
        asked_at = self.request.in_reply_to
        return asked_at is not None and not self.history.is_answered(self.request.channel, asked_at)

    def is_agreed(self, at: datetime) -> bool:
        request = self.request
        return any(
            entry.begins_at <= at and at + self.length <= entry.ends_at
            for entry in self.facts.agreed_times
            if entry.channel in (None, request.channel) and entry.contact_point_id in (None, request.contact_point_id)
        )

    def has_consent(self, kind: str, at: datetime, given_to: str | None = None, days: int = 0) -> bool:
        """`days`: a consent lasts that long at most, the day it was given being the first; 0: until it ends."""
        request = self.request
        return any(
            entry.kind == kind
            and given_to in (None, entry.given_to)
            and entry.channel in (None, request.channel)
            and entry.contact_point_id in (None, request.contact_point_id)
            and (entry.begins_at is None or entry.begins_at <= at)
            and (entry.ends_at is None or at < entry.ends_at)
            and (not days or self._is_within(days, entry.begins_at, at))
            for entry in self.facts.consents
        )

    def _is_within(self, days: int, begins_at: datetime | None, at: datetime) -> bool:
        """Not without a beginning, and not where the person's day is not known."""
        if begins_at is None or not self.zones:
            return False
        return all((local_day(at, z) - local_day(begins_at, z)).days < days for z in self.zones)


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule said no. `until`: when it alone would be silent again; None: not by waiting alone."""

    until: datetime | None
    missing: str | None = None
    """The fact that was not known, if that is why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(ABC):
    """What every rule has: its name in the pack, its source, how binding that is, and what it concerns.

    Empty sets of channels, parties, purposes, rungs, actors and products mean every one of them.
    """

    id: str
    clause: str
    strength: str
    verdict: Verdict = "deny"
    confidence: str = "primary"
    because: str = ""
    """Why the pack is stricter (or milder) than its strength and confidence would make it by themselves."""
    effective_from: date | None = None
    effective_to: date | None = None
    """The last day, if any."""
    channels: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    except_purposes: frozenset[str] = frozenset()
    rungs: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    yields_to: frozenset[Yield] = frozenset()
    """What makes the rule silent: one answer to the person's own message (`reply`), a time agreed with them, a consent
    of the kind named in `consent_kind` (to anybody, or to the agency directly)."""
    reply_in: frozenset[str] = frozenset()
    """The jurisdictions whose law leaves room for such an answer; empty: all of them."""
    consent_kind: str = ""
    consent_days: int = 0
    """Longest time that such a consent lasts, the day it was given being the first; 0: as long as it says itself."""

    is_about_contact_point: ClassVar[bool] = False
    """The rule speaks of this contact point alone: another one may be open."""

    @abstractmethod
    def check(self, view: View, at: datetime) -> Fired | None:
        """Silent (None), or fired. Must be pure, and must not become silent because there is more in the history."""

    def yields(self, view: View, at: datetime) -> bool:
        """Something that the rule yields to is there: what it fired is not heard."""
        for cause in self.yields_to:
            if cause == "reply":
                yields = view.is_answer and (not self.reply_in or view.facts.jurisdiction in self.reply_in)
            elif cause == "agreed_time":
                yields = view.is_agreed(at)
            else:
                given_to = "agency" if cause == "consent_to_agency" else None
                yields = view.has_consent(self.consent_kind, at, given_to, self.consent_days)
            if yields:
                return True
        return False

    def concerns(self, channel: str) -> bool:
        return not self.channels or channel in self.channels

    def concerns_request(self, request: Request) -> bool:
        """By the request alone; what the facts say is for `check`."""
        return (
            self.concerns(request.channel)
            and (not self.parties or request.party in self.parties)
            and (not self.purposes or request.purpose in self.purposes)
            and request.purpose not in self.except_purposes
            and (not self.rungs or request.rung in self.rungs)
            and (not self.actors or request.actor in self.actors)
        )

    def applies(self, first: date, last: date, product: str | None) -> bool:
        """In force on one of the days that it may be where the person is; an unknown product is every product."""
        return (
            (self.effective_from is None or self.effective_from <= last)
            and (self.effective_to is None or first <= self.effective_to)
            and (product is None or not self.products or product in self.products)
        )
