"""Conduct that the criminal law of China reaches (刑法 293-1): why an alarm is raised and evidence kept."""

from __future__ import annotations

from collections.abc import Callable

from services.outreach.domain.law.dates import Answer, Given

ACTS = frozenset(
    {"violence", "coercion", "restraint_of_liberty", "trespass_in_a_home", "intimidation", "stalking", "harassment"}
)
YEARS_MAX = 3


def criminal_exposure(given: Given) -> Answer:
    """`debt_is_illegal` (usury and the like), `acts`, `is_grave`."""
    acts = sorted(ACTS & set(given.get("acts", ())))
    reached = bool(acts) and given.get("debt_is_illegal") is True and given.get("is_grave") is True
    return {
        "is_criminal": reached,
        "article": "刑法 293-1" if reached else None,
        "years_max": YEARS_MAX if reached else None,
        "acts": acts,
        "must_alarm": bool(acts),
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {"criminal_exposure": criminal_exposure}
