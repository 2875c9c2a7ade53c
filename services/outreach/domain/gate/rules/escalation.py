"""Who is visited at all: only after softer steps, only where visits are made, never somebody who is vulnerable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderProven(Rule):
    """Only where these steps of escalation are proved to have been taken (`Facts.ladder`)."""

    needs: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        return Fired(None) if self.needs - set(view.facts.ladder) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOffered(Rule):
    """Only in these jurisdictions. Says nothing about other channels."""

    jurisdictions: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        return None if view.facts.jurisdiction in self.jurisdictions else Fired(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotVulnerable(Rule):
    """Not somebody who is known to be vulnerable; where nobody has looked, not at all."""

    missing: ClassVar[str] = "vulnerability"

    def check(self, view: View, at: datetime) -> Fired | None:
        visit = view.facts.visit
        is_vulnerable = visit.is_person_vulnerable if visit is not None else None
        if is_vulnerable is None:
            return Fired(None, self.missing)
        return Fired(None) if is_vulnerable else None
