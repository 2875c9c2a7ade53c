"""When somebody other than the debtor may be asked where the debtor is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.outreach.domain.gate.local_time import DAY, start_of_day
from services.outreach.domain.gate.rules.rule import Fired, Rule, View


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty(Rule):
    """Others only while the debtor cannot be reached, has died or cannot act; only to locate, and with no word of debt.

    Cannot be reached: every known number is invalid; or `calls` calls in a row failed, on a day before today; or calls
    failed on `days` days in a row, today included. A zero leaves that way out.
    """

    calls: int
    days: int
    locating: frozenset[str]
    """The purposes that are no demand."""

    def __post_init__(self) -> None:
        if self.calls < 0 or self.days < 0 or not self.calls + self.days:
            raise ValueError("a debtor is lost after some calls or some days")

    def check(self, view: View, at: datetime) -> Fired | None:
        request, facts = view.request, view.facts
        if request.discloses_debt is None:
            return Fired(None, "discloses_debt")
        if request.discloses_debt or request.purpose not in self.locating:
            return Fired(None)
        if facts.is_deceased or facts.lacks_capacity:
            return None
        reachability = facts.reachability
        if reachability is None:
            return Fired(None, "reachability")
        if reachability.is_number_invalid:
            return None
        if not view.zones:
            return Fired(None, "time_zone")
        opens = [self._lost_from(reachability.failed_on, place) for place in view.zones]
        later = [opening for opening in opens if opening is not None]
        if len(later) < len(opens):
            return Fired(None)
        return Fired(max(later)) if max(later) > at else None

    def _lost_from(self, failed_on: tuple[date, ...], place: ZoneInfo) -> datetime | None:
        """From when, there, the debtor counts as not reachable; None: not by what has been tried."""
        days = sorted(failed_on)
        found = []
        if self.calls and len(days) >= self.calls:
            found.append(start_of_day(days[self.calls - 1] + DAY, place))
        if self.days:
            distinct = sorted(set(days))
            runs = zip(distinct, distinct[self.days - 1 :], strict=False)
            found.extend(start_of_day(last, place) for first, last in runs if last - first == (self.days - 1) * DAY)
        return min(found) if found else None
