"""What a message is: an attempt, a communication, a limited-content message (12 CFR 1006.2(b), (d), (j))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.outreach.domain.law.us_question import Question, asked

REQUIRED = frozenset({"business_name", "reply_request", "personal_name", "telephone_number"})
"""1006.2(j)(1): what a limited-content message has; the business name does not tell that debts are collected."""

OPTIONAL = frozenset({"salutation", "date_and_time", "suggested_reply_times", "any_representative"})
"""1006.2(j)(2): what it may have besides. Anything else makes it another message."""

SILENT_ON_DEBT = REQUIRED | OPTIONAL | frozenset({"marketing"})


def limited_content_fault(medium: str, contents: frozenset[str], left_for: str = "consumer") -> str | None:
    """Why a message is not a limited-content message, or None where it is one."""
    if medium not in ("voicemail", "ringless_voicemail"):
        return "not_a_voicemail"
    if left_for != "consumer":
        # Comment 2(j)-2: knowingly left for somebody else it is no message for a consumer.
        return "for_a_third_party"
    if contents - REQUIRED - OPTIONAL:
        return "extra_content"
    return "something_missing" if REQUIRED - contents else None


def conveys_debt(medium: str, contents: frozenset[str], left_for: str = "consumer") -> bool:
    """1006.2(d): information regarding a debt is conveyed to somebody, directly or indirectly."""
    return limited_content_fault(medium, contents, left_for) is not None and bool(contents - SILENT_ON_DEBT)


def _message_class(given: Mapping[str, Any]) -> Mapping[str, Any]:
    contents = frozenset(given["contents"])
    left_for = given.get("left_for", "consumer")
    fault = limited_content_fault(given["medium"], contents, left_for)
    return {
        # Comment 2(b)-1: an act to begin a communication about a debt is an attempt whatever the message says.
        "is_attempt": given.get("is_about_a_debt", True),
        "is_communication": conveys_debt(given["medium"], contents, left_for),
        "is_limited_content": fault is None,
        "reason": fault,
    }


def _identity(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """1006.14(g), comment 2(j)-3: a limited-content message discloses the caller's identity enough."""
    contents = frozenset(given["contents"])
    is_limited = limited_content_fault(given["medium"], contents) is None
    names_both = {"personal_name", "business_name"} <= contents or {"personal_name", "collection_name"} <= contents
    return {"verdict": "allow" if is_limited or names_both else "deny"}


QUESTIONS: dict[str, Question] = {
    "us_message_class": asked(_message_class, "contents medium", may="is_about_a_debt left_for"),
    "us_identity_disclosed": asked(_identity, "contents medium"),
}
