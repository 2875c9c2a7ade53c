"""How long a borrower may withdraw from a plan without a reason.

A plan to repay what is owed already is rarely a regulated credit agreement itself. Where the law gives fourteen days
for one that is, we give them for every plan; elsewhere the days are our own policy, and the text says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.negotiation.domain.calendar import business_date, end_of_day
from services.negotiation.domain.terms import PlanKind


@dataclass(frozen=True, slots=True)
class CoolingOff:
    """`days` after the day of agreement; `source` is a clause of law or `own policy`."""

    days: int
    source: str


BY_LAW: Mapping[str, CoolingOff] = {
    "GB": CoolingOff(14, "Consumer Credit Act 1974, s. 66A"),
    "IE": CoolingOff(14, "S.I. 281/2010, reg. 17 (Directive 2008/48/EC, art. 14)"),
}
BY_POLICY: Mapping[PlanKind, CoolingOff] = {
    "lump_sum": CoolingOff(7, "own policy"),
    "instalments": CoolingOff(14, "own policy"),
    "hardship_pause": CoolingOff(14, "own policy"),
}


def cooling_off(jurisdiction: str, kind: PlanKind) -> CoolingOff:
    return BY_LAW.get(jurisdiction) or BY_POLICY[kind]


def cooling_off_until(agreed_at: datetime, days: int, zones: Sequence[str]) -> datetime:
    """The first moment at which it is too late: the last day is over in every zone the person may be in."""
    agreed_on: date = business_date(agreed_at, zones)
    return end_of_day(agreed_on + timedelta(days=days), tuple(zones))
