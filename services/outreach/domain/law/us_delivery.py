"""Whether a required disclosure was sent so that the person is reasonably expected to get it (12 CFR 1006.42)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.outreach.domain.law.us_question import Question, asked

NEEDS_ESIGN = frozenset({"validation_information", "original_creditor_answer", "dispute_answer"})
"""1006.42(b): electronically only with consent under section 101(c) of the E-SIGN Act. The validation information is
one of them where it does not come in the initial communication."""

IDENTIFIERS = frozenset({"creditor_name", "truncated_account_number"})
"""Comment 42(a)(1)-1.i: what tells the person that a message concerns them. An amount of money does not."""


def delivery_faults(given: Mapping[str, Any]) -> list[str]:
    """Why it does not count as sent. `way` is `mail`, `email`, `text` or `in_person`."""
    way = given["way"]
    is_electronic = way in ("email", "text")
    checks = {
        "came_back": given.get("came_back", False),
        "known_to_have_moved": way == "mail" and given.get("is_known_to_have_moved", False),
        "not_keepable": not given.get("is_keepable", True),
        "opted_out": is_electronic and given.get("is_opted_out", False),
        "no_esign_consent": is_electronic
        and given.get("disclosure") in NEEDS_ESIGN
        and not given.get("has_esign_consent", False),
    }
    return [name for name, is_fault in checks.items() if is_fault]


def _delivered(given: Mapping[str, Any]) -> Mapping[str, Any]:
    faults = delivery_faults(given)
    return {"verdict": "deny" if faults else "allow", "is_sent": not faults, "faults": faults}


def _subject(given: Mapping[str, Any]) -> Mapping[str, Any]:
    used = set(given["identifiers"])
    return {"verdict": "allow" if used & IDENTIFIERS else "deny", "do_not_identify": sorted(used - IDENTIFIERS)}


QUESTIONS: dict[str, Question] = {
    "us_delivered": asked(
        _delivered, "way", may="came_back disclosure has_esign_consent is_keepable is_known_to_have_moved is_opted_out"
    ),
    "us_subject_line": asked(_subject, "identifiers"),
}
