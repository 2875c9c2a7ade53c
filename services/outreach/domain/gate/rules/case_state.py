"""The state of the case: open, owed, and no plan that is being kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


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
