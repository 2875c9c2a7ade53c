"""Holds that stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.outreach.domain.gate.rules.rule import Fired, Rule, View

ANSWER = "answer"
"""The purpose of a message that answers the person's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Rule):
    """No contact while a hold of these kinds stands; empty: of any kind. Notices named here remain possible."""

    kinds: frozenset[str] = frozenset()
    allowed_purposes: frozenset[str] = frozenset()
    answered_kinds: frozenset[str] = frozenset()
    """Holds that the person's own message brought about and that leave room for one answer to it."""
    answer_days: int = 0
    """For so long after the message."""

    desk_kinds: frozenset[str] = frozenset()
    """Holds for something that a person has to be told the answer to."""
    desk_purposes: frozenset[str] = frozenset()
    """The answer: contacts that holds of these kinds leave open, and no others."""

    def check(self, view: View, at: datetime) -> Fired | None:
        if not view.facts.holds or view.request.purpose in self.allowed_purposes:
            return None
        standing = [
            hold
            for hold in view.facts.holds
            if (not self.kinds or hold.kind in self.kinds) and (hold.until is None or hold.until > at)
        ]
        if self.answered_kinds and self._is_timely_answer(view, at):
            standing = [hold for hold in standing if hold.kind not in self.answered_kinds]
        if view.request.purpose in self.desk_purposes:
            standing = [hold for hold in standing if hold.kind not in self.desk_kinds]
        if not standing:
            return None
        ends = [hold.until for hold in standing if hold.until is not None]
        return Fired(max(ends) if len(ends) == len(standing) else None)

    def _is_timely_answer(self, view: View, at: datetime) -> bool:
        asked_at = view.request.in_reply_to
        return (
            view.request.purpose == ANSWER
            and view.is_answer
            and asked_at is not None
            and at - asked_at <= timedelta(days=self.answer_days)
        )
