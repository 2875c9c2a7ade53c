"""What may rebut a presumption about calls; a person decides then (comments 14(b)(2)(i)-2 and 14(b)(2)(ii)-2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.outreach.domain.law.us_question import Question, asked

AGAINST_COMPLIANCE = frozenset({"concentration", "voicemails_in_a_row", "refusal_said_before", "earlier_misconduct"})
AGAINST_VIOLATION = frozenset(
    {"required_by_law", "active_litigation", "requested_by_person", "dropped_call", "urgent_harm"}
)
_OPPOSED = {
    "presumed_compliance": ("compliance", AGAINST_COMPLIANCE, "allow"),
    "presumed_violation": ("violation", AGAINST_VIOLATION, "deny"),
}


def _rebuttal(given: Mapping[str, Any]) -> Mapping[str, Any]:
    against, factors, otherwise = _OPPOSED[given["presumption"]]
    factor = given["factor"]
    # Comment 14(b)(2)(ii)-2.iv: only a harm that the collector could not have avoided itself.
    is_own_doing = factor == "urgent_harm" and given.get("is_in_own_control", False)
    is_factor = factor in factors and not is_own_doing
    return {
        "is_factor": is_factor,
        "rebuts": against if is_factor else None,
        "verdict": "review" if is_factor else otherwise,
    }


QUESTIONS: dict[str, Question] = {
    "us_rebuttal": asked(_rebuttal, "factor presumption", may="is_in_own_control"),
}
