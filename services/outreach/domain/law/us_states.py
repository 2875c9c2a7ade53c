"""Questions of state and city law: which limit binds, from when, and dates of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.outreach.domain.law.us_calendar import DAY, counted_days_after, day, optional_day
from services.outreach.domain.law.us_question import Question, asked

NYC_AMENDMENT_FROM = date(2026, 9, 1)
MA_VALIDATION_BUSINESS_DAYS = 5
MA_WORK_REQUEST_DAYS = 10
MA_CONFIRMATION_DAYS = 7


def _binding_cap(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """12 CFR 1006.104: state law that protects more is kept; of several caps the lowest binds."""
    caps: Mapping[str, int] = given["caps"]
    source = min(caps, key=lambda name: (caps[name], name))
    return {"source": source, "at_most": caps[source]}


def _nyc_rules(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """DCWP, example 1: what the event's own day asks for, although the collection began before."""
    return {"rules": "amended" if day(given["event_on"]) >= NYC_AMENDMENT_FROM else "earlier"}


def _ma_validation(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """940 CMR 7.08(1): the creditor's own notice within five business days of the initial communication."""
    return {"due_on": counted_days_after(day(given["initial_on"]), MA_VALIDATION_BUSINESS_DAYS).isoformat()}


def _ma_work_request(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """209 CMR 18.16(1)(c): said aloud, "not at work" holds ten days; confirmed in writing in seven, for good."""
    asked_on, confirmed_on = day(given["asked_on"]), optional_day(given.get("confirmed_on"))
    if confirmed_on is not None and confirmed_on <= asked_on + MA_CONFIRMATION_DAYS * DAY:
        return {"last_day": None, "is_for_good": True}
    return {"last_day": (asked_on + (MA_WORK_REQUEST_DAYS - 1) * DAY).isoformat(), "is_for_good": False}


QUESTIONS: dict[str, Question] = {
    "us_binding_cap": asked(_binding_cap, "caps"),
    "us_nyc_rules": asked(_nyc_rules, "event_on", may="collection_began_on"),
    "us_ma_validation_due": asked(_ma_validation, "initial_on"),
    "us_ma_work_request": asked(_ma_work_request, "asked_on", may="confirmed_on"),
}
