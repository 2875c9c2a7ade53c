"""Who counts as the consumer, whom else one may ask and for what (12 CFR 1006.6(a), (c), (d)(1), 1006.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.outreach.domain.law.us_calendar import day
from services.outreach.domain.law.us_question import Question, asked

CONSUMERS = frozenset(
    {"borrower", "spouse", "parent_of_minor", "guardian", "executor", "administrator", "confirmed_successor"}
)
"""1006.6(a): all of these are the consumer for the rules on communications."""

MAY_HEAR = CONSUMERS | frozenset(
    {"attorney", "credit_reporting_agency", "creditor", "creditors_attorney", "collectors_attorney"}
)
"""1006.6(d)(1): to others only location information, consent, a court's permission or a judgment opens the talk."""

TELLS_A_DEBT = frozenset({"debt", "amount", "creditor", "collector_name_unasked", "debt_collection"})


def _may_hear(given: Mapping[str, Any]) -> Mapping[str, Any]:
    party = given["party"]
    opens = {"consent_of_consumer", "court_permission", "judgment_remedy"}
    return {
        "is_consumer": party in CONSUMERS,
        "verdict": "allow" if party in MAY_HEAR or given.get("because") in opens else "deny",
    }


def _location_call(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"verdict": "allow" if (reason := _location_fault(given)) is None else "deny", "reason": reason}


def _location_fault(given: Mapping[str, Any]) -> str | None:
    says = set(given.get("says", ()))
    if given.get("is_attorney_known", False) and given.get("attorney_answers", True):
        return "ask_the_attorney"
    # Comment 10(b)(2)-1: asking who acts for the estate of somebody who died tells nobody of a debt.
    if says & TELLS_A_DEBT:
        return "tells_of_a_debt"
    may_return = given.get("asked_to_return", False) or (
        given.get("is_earlier_answer_wrong_or_incomplete", False) and given.get("is_answer_correct_now", False)
    )
    return "second_contact" if given.get("earlier_talks", 0) and not may_return else None


def _cease(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.6(c), comment -1: a written notice works from its receipt, not from its sending.

    A contact on the day of receipt is counted with those after it: the hour of a letter is not known.
    """
    effective = day(given["received_on"])
    forbidden = [on for on in given.get("contacts", ()) if day(on) >= effective]
    return {"effective_on": effective.isoformat(), "forbidden": forbidden}


QUESTIONS: dict[str, Question] = {
    "us_may_hear": asked(_may_hear, "party", may="because"),
    "us_location_call": asked(
        _location_call,
        may="asked_to_return attorney_answers earlier_talks is_answer_correct_now is_attorney_known is_deceased "
        "is_earlier_answer_wrong_or_incomplete says",
    ),
    "us_cease_effective": asked(_cease, "received_on", may="contacts mailed_on"),
}
