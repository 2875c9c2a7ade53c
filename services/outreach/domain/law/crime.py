"""Conduct that the criminal law of China reaches (刑法 293-1): why an alarm is raised and evidence kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.outreach.domain.law.dates import Answer, Given, read_day, read_number

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


RENUMBERED_ON = date(2026, 1, 1)


def public_order(given: Given) -> Answer:
    """Whether messages sent again and again disturb somebody's life in the sense of 治安管理处罚法, whatever the debt.

    `messages` (how many unwanted ones), `on`. The law names no number: more than one is "again and again" here, so that
    the alarm comes early. The article's number since the revision of 2026 is not known to us.
    """
    on = read_day(given, "on")
    disturbs = read_number(given, "messages") > 1
    return {
        "is_punishable": disturbs,
        "article": "治安管理处罚法(2012) 42(5)" if on < RENUMBERED_ON else None,
        "confidence": "primary" if on < RENUMBERED_ON else "memory",
        "must_alarm": disturbs,
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "criminal_exposure": criminal_exposure,
    "public_order": public_order,
}
