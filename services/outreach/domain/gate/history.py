"""A person's contacts, indexed once for the several questions that are asked of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.document import Beginning
from services.outreach.domain.gate.facts import PastContact
from services.outreach.domain.gate.local_time import local_day

MAY_HAVE_BEEN_A_CONVERSATION = frozenset({"conversation", "sending", "unknown", "sent"})
"""Until the provider says otherwise a call under way is taken for the stricter thing."""


TAIL = 64
"""So many of the newest moments have their days remembered: more than any rule lets pass within its period."""


class Moments(tuple[datetime, ...]):
    """What a rule counts, earliest first, with the days on which it happened."""

    def __init__(self, moments: Iterable[datetime]) -> None:
        self._days: dict[str, list[date]] = {}

    def days(self, newest: int, place: ZoneInfo) -> list[date]:
        """The days there of at least so many of the newest moments, in order."""
        if newest > TAIL:
            return sorted(local_day(moment, place) for moment in self[-newest:])
        found = self._days.get(place.key)
        if found is None:
            found = self._days[place.key] = sorted(local_day(moment, place) for moment in self[-TAIL:])
        return found


class History(tuple[PastContact, ...]):
    """All contacts of one person, to be the `contacts` of facts; whatever is looked up in it is remembered.

    It is worth its while where several questions are asked of the same history: a plain tuple is indexed anew by each.
    """

    def __init__(self, contacts: Iterable[PastContact]) -> None:
        self._remembered: dict[tuple[int, str | None], tuple[object, Moments]] = {}
        self._made: dict[frozenset[str], list[PastContact]] = {}

    @cached_property
    def beginning(self) -> Beginning:
        return Beginning(self)

    def made_by(self, channels: frozenset[str]) -> list[PastContact]:
        """The contacts that we began by these channels; empty: by any."""
        found = self._made.get(channels)
        if found is None:
            found = [
                contact
                for contact in self
                if contact.direction == "out" and (not channels or contact.channel in channels)
            ]
            self._made[channels] = found
        return found

    def moments(
        self,
        rule: object,
        whose: str | None,
        counts: Callable[[PastContact], bool],
        channels: frozenset[str] | None = None,
    ) -> Moments:
        """When the contacts that count happened, earliest first.

        `counts` looks at nothing but the contact, the rule and whose contacts are asked about (a debt, a point), and
        only at those that we began by these `channels` (empty: by any); None: at all contacts.
        """
        key = (id(rule), whose)
        found = self._remembered.get(key)
        if found is None:
            # The rule is kept beside what it counted: its id stays its own for as long as this history lives.
            among = self if channels is None else self.made_by(channels)
            found = rule, Moments(sorted([contact.at for contact in among if counts(contact)]))
            self._remembered[key] = found
        return found[1]

    def is_answered(self, channel: str, asked_at: datetime) -> bool:
        return any(
            contact.direction == "out" and contact.channel == channel and contact.at >= asked_at for contact in self
        )
