"""Disputes: whether in writing and in time, what must stop, what must be answered (12 CFR 1006.38)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.outreach.domain.law.us_calendar import day
from services.outreach.domain.law.us_question import Question, asked

WRITTEN = frozenset(
    {"letter", "response_form", "email", "website_form", "text_message", "delivered_in_person", "courier", "fax"}
)
"""Comment 38-1. Electronic ways count where the collector takes them in."""

ELECTRONIC = frozenset({"email", "website_form", "text_message", "fax"})
MAY_DISPUTE = frozenset({"borrower", "representative_of_estate", "spouse", "guardian", "attorney"})


def is_in_writing(form: str, *, is_accepted_electronically: bool = True) -> bool:
    return form in WRITTEN and (form not in ELECTRONIC or is_accepted_electronically)


def is_in_time(received_on: date, period_ends_on: date) -> bool:
    """Within the validation period: its last day is still in time."""
    return received_on <= period_ends_on


def is_duplicative(*, was_answered: bool, is_same_substance: bool, has_new_material: bool) -> bool:
    """1006.38(a)(1), comments -1, -2: the same again, already answered, with nothing new and material to it."""
    return was_answered and is_same_substance and not has_new_material


def _dispute(given: Mapping[str, Any]) -> Mapping[str, Any]:
    written = is_in_writing(given["form"], is_accepted_electronically=given.get("is_accepted_electronically", True))
    timely = is_in_time(day(given["received_on"]), day(given["period_ends_on"]))
    is_valid = written and timely and given.get("by", "borrower") in MAY_DISPUTE
    part = given.get("part", "whole")
    return {
        "is_written": written,
        "is_timely": timely,
        "must_answer": is_valid,
        "ceases": {"whole": "whole_debt", "part": "disputed_part"}[part] if is_valid else "nothing",
    }


def _duplicative(given: Mapping[str, Any]) -> Mapping[str, Any]:
    is_again = is_duplicative(
        was_answered=given["was_answered"],
        is_same_substance=given["is_same_substance"],
        has_new_material=given["has_new_material"],
    )
    # 1006.38(d)(2)(ii): a notice why it is duplicative is answer enough.
    return {"is_duplicative": is_again, "answer": "notice_of_duplication" if is_again else "verification"}


def _overshadows(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.38(b): during the period nothing may hide the rights, or contradict them."""
    is_within = is_in_time(day(given["on"]), day(given["period_ends_on"]))
    return {"verdict": "deny" if is_within and given["contradicts_rights"] else "allow"}


QUESTIONS: dict[str, Question] = {
    "us_dispute": asked(_dispute, "form period_ends_on received_on", may="by is_accepted_electronically part"),
    "us_duplicative_dispute": asked(_duplicative, "has_new_material is_same_substance was_answered"),
    "us_overshadowing": asked(_overshadows, "contradicts_rights on period_ends_on"),
}
