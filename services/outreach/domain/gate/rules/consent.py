"""A lawful basis for using a contact point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Rule):
    """Only with consent or another lawful basis on file for this contact point.

    `unless_refused`: the trade's usual basis is enough where nothing is on file; a refusal still stands.
    """

    is_about_contact_point: ClassVar[bool] = True

    unless_refused: bool = False

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        if point is None or point.may_be_used is True:
            return None
        if point.may_be_used is None:
            return None if self.unless_refused else Fired(None, "consent")
        return Fired(None)
