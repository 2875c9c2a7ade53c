"""What a collector says of itself, in which languages, and under which name (12 CFR 1006.18(d), (e), (f))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.outreach.domain.law.us_classification import conveys_debt
from services.outreach.domain.law.us_question import Question, asked

INITIAL = ("collects_a_debt", "information_will_be_used")
LATER = ("is_a_debt_collector",)


def _disclosures(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comment 18(e)-1: only a communication needs them; 18(e)(4): in the language or languages it is held in."""
    contents = frozenset(given.get("contents", ("debt",)))
    if not conveys_debt(given.get("medium", "call"), contents):
        return {"is_required": False, "says": [], "languages": []}
    says = INITIAL if given.get("is_initial", False) else LATER
    return {"is_required": True, "says": list(says), "languages": sorted(set(given.get("languages", ("en",))))}


def _assumed_name(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comment 18(f)-1: one name, always the same, nobody else's, and the employer knows whose it is."""
    is_honest = all(given.get(key, False) for key in ("is_always_the_same", "is_nobody_elses", "employer_can_identify"))
    return {"verdict": "allow" if is_honest else "deny"}


def _profile(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Comment 18(d)-1: a private message comes from a profile that names the person who sends it."""
    is_named = given.get("shows_personal_name", False) and not given.get("pretends_otherwise", False)
    return {"verdict": "allow" if is_named else "deny"}


QUESTIONS: dict[str, Question] = {
    "us_disclosures": asked(_disclosures, may="contents is_initial languages medium"),
    "us_assumed_name": asked(_assumed_name, may="employer_can_identify is_always_the_same is_nobody_elses"),
    "us_profile": asked(_profile, may="pretends_otherwise shows_personal_name"),
}
