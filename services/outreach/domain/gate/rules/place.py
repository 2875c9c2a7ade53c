"""Places that a contact point is bound to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Rule):
    """Not at these places (`work`): the contact point is bound to one."""

    is_about_contact_point: ClassVar[bool] = True

    places: frozenset[str]

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        return Fired(None) if point is not None and point.place in self.places else None
