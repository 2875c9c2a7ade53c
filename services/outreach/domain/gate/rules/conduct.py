"""What a contact may not say or do, and by what it may not be carried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct(Rule):
    """Not with content of these classes, and not by these media.

    The content checker says what a text does before the gate is asked; only what it found can fire here.
    """

    content: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (self.content or self.media):
            raise ValueError("a rule of conduct names what it forbids")

    def check(self, view: View, at: datetime) -> Fired | None:
        request = view.request
        is_forbidden = request.medium in self.media or not self.content.isdisjoint(request.content)
        return Fired(None) if is_forbidden else None
