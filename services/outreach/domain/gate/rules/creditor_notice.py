"""An address that came from the creditor, after a notice that left time to refuse it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.outreach.domain.gate.facts import PointFacts
from services.outreach.domain.gate.local_time import DAY, local_day, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditorNotice(Rule):
    """An address of this provenance only after a notice with at least `days` days to refuse, and once they are over.

    The domain must be one that the public may use. An address that the person used, or consented to, needs no notice.
    """

    is_about_contact_point: ClassVar[bool] = True

    days: int
    provenances: frozenset[str] = frozenset({"creditor"})

    def check(self, view: View, at: datetime) -> Fired | None:
        point = view.facts.point
        if point is None or point.provenance not in self.provenances:
            return None
        if point.last_used_by_person_at is not None or point.consent_at is not None:
            return None
        if point.is_public_domain is not True:
            return Fired(None, "is_public_domain" if point.is_public_domain is None else None)
        return self._check_time(point, view, at)

    def _check_time(self, point: PointFacts, view: View, at: datetime) -> Fired | None:
        sent, deadline = point.notice_sent_at, point.opt_out_deadline_at
        if sent is None or deadline is None:
            return Fired(None, "notice_of_transfer")
        if not view.zones:
            return Fired(None, "time_zone")
        if any((local_day(deadline, z) - local_day(sent, z)).days < self.days for z in view.zones):
            return Fired(None)
        opens = max(start_of_day(local_day(deadline, z) + DAY, z) for z in view.zones)
        return Fired(opens) if opens > at else None
