"""Media that show a debt to others, and answers after an opt-out (12 CFR 1006.14(h)(2), 1006.22(c), (f))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.outreach.domain.law.us_calendar import counted_days_after, day
from services.outreach.domain.law.us_question import Question, asked

CONFIRMS = frozenset({"request_confirmed", "will_be_honoured"})
POSTDATED_DAYS = 5
NOTICE_DAYS = (3, 10)


def _opt_out_confirmation(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.14(h)(2)(i): that the request is confirmed and will be kept, and not a word more."""
    contents = set(given["contents"])
    is_bare = bool(contents) and contents <= CONFIRMS
    return {"verdict": "allow" if is_bare else "deny", "extra": sorted(contents - CONFIRMS)}


def _employer_address(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.22(f)(3), comment -1: only where the person used it with this collector, or consented directly."""
    if not given["is_known_employer_provided"]:
        return {"verdict": "allow"}
    is_opened = bool({"used_by_person", "direct_consent"} & set(given.get("procedures", ())))
    return {"verdict": "allow" if is_opened and not given.get("is_opted_out", False) else "deny"}


def _envelope(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.22(f)(2): nothing on the outside but addresses, and a name that does not tell the business."""
    allowed = {"collector_address", "consumer_address", "neutral_business_name", "postage"}
    extra = sorted(set(given["shows"]) - allowed)
    return {"verdict": "deny" if extra else "allow", "extra": extra}


def deposit_notice_window(deposit_on: date) -> tuple[date, date]:
    """1006.22(c)(2): the first and the last day on which notice may be given, ten to three business days before."""
    nearest, farthest = NOTICE_DAYS
    days = [deposit_on - timedelta(days=back) for back in range(1, 4 * farthest)]
    first = min(on for on in days if counted_days_after(on, farthest) >= deposit_on)
    last = max(on for on in days if counted_days_after(on, nearest) <= deposit_on)
    return first, last


def _postdated(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A check dated more than five days ahead needs a written notice before it is deposited."""
    accepted, deposit = day(given["accepted_on"]), day(given["dated"])
    if (deposit - accepted).days <= POSTDATED_DAYS:
        return {"needs_notice": False, "from": None, "to": None}
    first, last = deposit_notice_window(deposit)
    return {"needs_notice": True, "from": first.isoformat(), "to": last.isoformat()}


QUESTIONS: dict[str, Question] = {
    "us_opt_out_confirmation": asked(_opt_out_confirmation, "contents"),
    "us_employer_address": asked(_employer_address, "is_known_employer_provided", may="is_opted_out procedures"),
    "us_envelope": asked(_envelope, "shows"),
    "us_postdated_check": asked(_postdated, "accepted_on dated"),
}
