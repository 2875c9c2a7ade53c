"""What a text must say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Says(Rule):
    """A text does all of these things, where what it does is told.

    A text of our own templates is asked for without its classes: that each of them says it is held by their tests.
    """

    needs: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        content = view.request.content
        return Fired(None) if content and self.needs - frozenset(content) else None
