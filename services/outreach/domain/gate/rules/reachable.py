"""A contact point that fits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable(Rule):
    """There is a contact point of the right kind for the channel, and nothing has shown that it is wrong."""

    is_about_contact_point: ClassVar[bool] = True

    kinds: dict[str, frozenset[str]] = field(hash=False)

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        if point is None:
            return Fired(None, "contact_point")
        fits = point.is_usable and point.kind in self.kinds.get(view.request.channel, frozenset())
        return None if fits else Fired(None)
