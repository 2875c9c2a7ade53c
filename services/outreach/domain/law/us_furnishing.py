"""Telling a credit bureau, passing a debt on, and payments on several debts (12 CFR 1006.30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from services.outreach.domain.law.us_calendar import day, optional_day
from services.outreach.domain.law.us_question import Question, asked

WAIT_DAYS = 14

SETTLED = frozenset({"paid", "settled", "discharged"})
STILL_PERMITTED = frozenset({"debts_owner", "merger", "pledge_under_security", "securitization", "vendor_service"})
"""1006.30(b)(2) and comment 30(b)(1)-1: going back, following a company, securing a loan, or being worked on."""


def first_furnishing_day(sent: Sequence[Mapping[str, Any]], spoke_on: date | None, on: date) -> date | None:
    """The first day on which a bureau may be told, as known on `on`; None while nothing lasting was sent.

    Comments 30(a)(1)-2, -3: the day of sending is the first of fourteen, and a return within them undoes the sending.
    What comes back later does not undo what was then lawful.
    """
    starts = [spoke_on] if spoke_on is not None and spoke_on <= on else []
    for one in sent:
        sent_on, returned = day(one["on"]), optional_day(one.get("returned_on"))
        free = sent_on + timedelta(days=WAIT_DAYS)
        if returned is None or returned >= free:
            starts.append(free)
    return min(starts, default=None)


def allocate(payment_minor_units: int, owed: Mapping[str, int], disputed: set[str], wish: str | None) -> dict[str, int]:
    """1006.30(c): where the person says, never to a disputed debt; without a wish to the others in their order."""
    order = ([wish] if wish is not None else []) + [debt for debt in owed if debt != wish]
    left, shares = payment_minor_units, dict.fromkeys(owed, 0)
    for debt in order:
        if debt in disputed:
            continue
        shares[debt] = min(left, owed[debt])
        left -= shares[debt]
    return shares


def _furnish(given: Mapping[str, Any]) -> Mapping[str, Any]:
    on = day(given["on"])
    first = first_furnishing_day(given.get("sent", ()), optional_day(given.get("spoke_on")), on)
    return {
        "verdict": "allow" if first is not None and first <= on else "deny",
        "first_day": first.isoformat() if first else None,
    }


def _transfer(given: Mapping[str, Any]) -> Mapping[str, Any]:
    is_barred = given["status"] in SETTLED and given["to"] not in STILL_PERMITTED
    return {"verdict": "deny" if is_barred else "allow"}


def _allocation(given: Mapping[str, Any]) -> Mapping[str, Any]:
    shares = allocate(
        given["payment_minor_units"], given["owed_minor_units"], set(given.get("disputed", ())), given.get("wish")
    )
    return {"shares": shares, "unallocated_minor_units": given["payment_minor_units"] - sum(shares.values())}


QUESTIONS: dict[str, Question] = {
    "us_furnish": asked(_furnish, "on", may="sent spoke_on"),
    "us_transfer": asked(_transfer, "status to"),
    "us_allocation": asked(_allocation, "owed_minor_units payment_minor_units", may="disputed wish"),
}
