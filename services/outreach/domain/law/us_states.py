"""Questions of state and city law: which limit binds, from when, and dates of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from services.outreach.domain.law.us_calendar import counted_days_after, day

NYC_AMENDMENT_FROM = date(2026, 9, 1)
MA_VALIDATION_BUSINESS_DAYS = 5


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


QUESTIONS: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "us_binding_cap": _binding_cap,
    "us_nyc_rules": _nyc_rules,
    "us_ma_validation_due": _ma_validation,
}
