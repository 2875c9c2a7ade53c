"""Holds that stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Rule):
    """No contact while a hold of these kinds stands; empty: of any kind. Notices named here remain possible."""

    kinds: frozenset[str] = frozenset()
    allowed_purposes: frozenset[str] = frozenset()

    def check(self, view: View, at: datetime) -> Fired | None:
        if not view.facts.holds or view.request.purpose in self.allowed_purposes:
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
