"""Suits on old debts, and how long records are kept (12 CFR 1006.26(b), 1006.100)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.outreach.domain.law.dates import MissingFact
from services.outreach.domain.law.us_calendar import day
from services.outreach.domain.law.us_question import Question, asked

RETENTION_YEARS = 3
BARRED_ACTS = frozenset({"suit", "threat_of_suit"})
"""1006.26(b): without regard to what the collector knew. A proof of claim in bankruptcy is none of them."""

SHOW_COMPLIANCE = frozenset(
    {"call_log", "message_log", "dispute", "validation_notice", "consent", "opt_out", "policy", "recording"}
)


def keep_until(event_on: date) -> date:
    """The same day three years on; a 29 February ends with the 28th's successor, the 1st of March."""
    try:
        return event_on.replace(year=event_on.year + RETENTION_YEARS)
    except ValueError:
        return date(event_on.year + RETENTION_YEARS, 3, 1)


def _time_barred(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"verdict": "deny" if given["is_time_barred"] and given["act"] in BARRED_ACTS else "allow"}


def _retention(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A recording is kept from its call, everything else from the last collection activity on the debt."""
    name = "recorded_on" if given["kind"] == "recording" else "last_activity_on"
    if name not in given:
        raise MissingFact(name)
    from_day = day(given[name])
    return {"keep_until": keep_until(from_day).isoformat()}


def _must_keep(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comments 100(a)-1, 100(b)-1: what shows that the rules were kept; nobody need begin to record calls."""
    kind = given["kind"]
    exists = given.get("exists", True)
    return {"is_required": kind in SHOW_COMPLIANCE and (exists or kind != "recording")}


QUESTIONS: dict[str, Question] = {
    "us_time_barred": asked(_time_barred, "act is_time_barred"),
    "us_retention": asked(_retention, "kind", may="last_activity_on recorded_on"),
    "us_must_keep": asked(_must_keep, "kind", may="exists"),
}
