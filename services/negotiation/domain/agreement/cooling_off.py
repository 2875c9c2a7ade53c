"""How long the borrower may withdraw from a plan without a reason, and the moment at which it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.negotiation.domain.calendar import business_date, end_of_day
from services.negotiation.domain.interest_caps.cooling_off import CoolingOff, cooling_off
from services.negotiation.domain.terms import Terms


def right_to_withdraw(jurisdiction: str, terms: Terms) -> CoolingOff:
    """A restructured contract is a new credit agreement, with the right that the law gives for one."""
    return cooling_off(jurisdiction, "restructured" if terms.form == "restructured" else terms.kind)


def cooling_off_until(agreed_at: datetime, days: int, zones: Sequence[str]) -> datetime:
    """The first moment at which it is too late: the last day is over in every zone the person may be in."""
    return end_of_day(business_date(agreed_at, zones) + timedelta(days=days), tuple(zones))
