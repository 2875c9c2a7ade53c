"""A permission that grows old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from services.outreach.domain.gate.local_time import local_day
from services.outreach.domain.gate.rules.fact_path import check_path, fact
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentSign(Rule):
    """Only while the latest of these signs is at most `days` days old, by the person's calendar.

    Where no sign has a date, `if_unknown` says whether that denies, or whether the word of whoever told us that the
    contact point may be used is enough.
    """

    is_about_contact_point: ClassVar[bool] = True

    days: int
    signs: tuple[str, ...]
    if_unknown: Literal["deny", "silent"] = "deny"

    def __post_init__(self) -> None:
        for path in self.signs:
            check_path(path)

    def check(self, view: View, at: datetime) -> Fired | None:
        given = [moment for path in self.signs if (moment := fact(view, path)) is not None and moment <= at]
        if not given:
            return None if self.if_unknown == "silent" else Fired(None, "sign_of_consent")
        if not view.zones:
            return Fired(None, "time_zone")
        latest = max(given)
        is_old = any((local_day(at, z) - local_day(latest, z)).days > self.days for z in view.zones)
        return Fired(None) if is_old else None
