"""What the person refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Rule):
    """Not by a channel, or to an address, that the person asked not to be used, for any debt."""

    is_about_contact_point: ClassVar[bool] = True

    def check(self, view: View, at: datetime) -> Fired | None:
        request = view.request
        is_refused = any(
            entry.channel == request.channel and entry.contact_point_id in (None, request.contact_point_id)
            for entry in view.facts.opt_outs
        )
        return Fired(None) if is_refused else None
