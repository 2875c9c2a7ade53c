"""Consent that opens what would be closed: to whom, when, how long (12 CFR 1006.6(b)(4)(i), 1006.14(b)(3)(i))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.outreach.domain.law.us_calendar import DAY, day, optional_day
from services.outreach.domain.law.us_question import Question, asked

CALL_CONSENT_DAYS = 7


def last_day_of_call_consent(
    given_on: date,
    *,
    only_on: Iterable[date] = (),
    days: int = CALL_CONSENT_DAYS,
    revoked_on: date | None = None,
    conversations: Iterable[date] = (),
) -> date:
    """The last day on which calls by consent are not counted; before `given_on` where none is left.

    The day of the consent is the first of at most seven; a shorter term agreed, a revocation or the next conversation
    ends it earlier. The conversation in which it was given does not.
    """
    ends = given_on + (min(days, CALL_CONSENT_DAYS) - 1) * DAY
    named = tuple(only_on)
    if named:
        ends = min(ends, max(named))
    later = [on for on in conversations if on > given_on]
    if later:
        ends = min(ends, *later)
    return ends if revoked_on is None else min(ends, revoked_on - DAY)


def _call_consent(given: Mapping[str, Any]) -> Mapping[str, Any]:
    called_on, given_on = day(given["called_on"]), day(given["given_on"])
    only_on = [day(on) for on in given.get("only_on", ())]
    ends = last_day_of_call_consent(
        given_on,
        only_on=only_on,
        days=int(given.get("days", CALL_CONSENT_DAYS)),
        revoked_on=optional_day(given.get("revoked_on")),
        conversations=[day(on) for on in given.get("conversations", ())],
    )
    is_ours = given.get("given_to", "this_collector") == "this_collector"
    is_named = not only_on or called_on in only_on
    return {"is_excluded": is_ours and is_named and given_on <= called_on <= ends, "last_day": ends.isoformat()}


def _direct_consent(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comments 6(b)(4)(i)-1, -2, 6(d)(4)(i)(B)-1, -2: given to this collector, knowingly, in a lawful communication."""
    faults = [
        name
        for name, is_fault in (
            ("not_given_to_this_collector", given.get("given_to", "this_collector") != "this_collector"),
            ("use_not_disclosed", not given.get("is_use_disclosed", True)),
            ("given_in_a_violation", given.get("is_given_in_violation", False)),
            ("withdrawn", given.get("is_withdrawn", False)),
        )
        if is_fault
    ]
    return {"verdict": "deny" if faults else "allow", "faults": faults}


def _may_ask(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comment 6(b)(4)(i)-1: in a talk that has become inconvenient ask for a better time, not for leave to go on."""
    return {"verdict": "deny" if given["asks_for"] == "consent_to_continue" and given["is_inconvenient"] else "allow"}


QUESTIONS: dict[str, Question] = {
    "us_call_consent": asked(_call_consent, "called_on given_on", may="conversations days given_to only_on revoked_on"),
    "us_direct_consent": asked(_direct_consent, may="given_to is_given_in_violation is_use_disclosed is_withdrawn"),
    "us_may_ask": asked(_may_ask, "asks_for is_inconvenient"),
}
