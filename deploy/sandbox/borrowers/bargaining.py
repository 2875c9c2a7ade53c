"""How a borrower answers offers: takes one, proposes other terms, or leaves the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.borrowers.character import Character
from deploy.sandbox.seeded import dice

ROUNDS_MAX = 3
_STRETCH = 1.1
"""How far above what is free each month a borrower still says yes."""
_STRETCH_AFTER_COUNTER = 1.3
_PAYMENTS_A_YEAR = {"weekly": 52, "fortnightly": 26}
_WHOLE = 1_000
"""Borrowers think in whole tens."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Takes this offer as it is shown."""

    offer_id: str


@dataclass(frozen=True, slots=True)
class Counter:
    """Proposes other terms: the body of a counter-offer."""

    proposal: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leave:
    """Closes the page."""


Choice = Accept | Counter | Leave


def choose(
    seed: int, account_number: str, character: Character, offers: Sequence[Mapping[str, Any]], visit: int
) -> Choice:
    """The answer to the offers of the borrower's page, as its JSON shows them."""
    throw = dice(seed, "choose", account_number, visit)
    hesitates = {"cooperative": 0.2, "anxious": 0.35, "avoidant": 0.6, "angry": 0.6}[character.mood]
    if throw.random() < hesitates or not offers:
        return Leave()
    for kind in _preference(character):
        for offer in sorted((o for o in offers if o["kind"] == kind), key=_plainest_first):
            if _can_bear(character, offer["terms"], _STRETCH):
                return Accept(offer["offer_id"])
    return _propose(character) if throw.random() < 0.75 else Leave()


def choose_after_counter(
    seed: int, account_number: str, character: Character, answer: Mapping[str, Any], round_number: int
) -> Choice:
    """The answer to the agency's answer. `accepted` needs none, and the plan is in it."""
    offer = answer.get("offer")
    if answer["answer"] != "countered" or offer is None or round_number >= ROUNDS_MAX:
        return Leave()
    throw = dice(seed, "after_counter", account_number, round_number)
    if _can_bear(character, offer["terms"], _STRETCH_AFTER_COUNTER) and throw.random() < 0.8:
        return Accept(offer["offer_id"])
    return Leave()


def _preference(character: Character) -> tuple[str, ...]:
    if character.is_in_hardship:
        return ("hardship_pause", "instalments", "lump_sum")
    return ("lump_sum", "instalments")


def _can_bear(character: Character, terms: Mapping[str, Any], stretch: float) -> bool:
    instalments = terms["instalments"]
    if terms["kind"] == "lump_sum":
        return bool(terms["total"] <= character.savings)
    if terms["kind"] == "hardship_pause" and terms.get("pause_until"):
        # What comes after the pause is far away, and people in trouble hope.
        return True
    return bool(instalments) and _burden({"terms": terms}) <= character.free_monthly * stretch


def _plainest_first(offer: Mapping[str, Any]) -> tuple[bool, int]:
    """People take the plain monthly plan where they can bear it, and look at the others where they cannot."""
    terms = offer["terms"]
    is_plain = terms.get("form") in (None, "level") and terms.get("frequency") in (None, "once", "monthly")
    return not is_plain, _burden(offer)


def _burden(offer: Mapping[str, Any]) -> int:
    """The largest payment as it weighs on a month."""
    largest = max((int(each["amount"]) for each in offer["terms"]["instalments"]), default=0)
    return largest * _PAYMENTS_A_YEAR.get(offer["terms"].get("frequency"), 12) // 12


def _propose(character: Character) -> Choice:
    monthly = character.free_monthly // _WHOLE * _WHOLE
    if monthly > 0:
        return Counter({"kind": "instalments", "monthly_minor_units": monthly})
    if character.is_in_hardship:
        return Counter({"kind": "hardship_pause", "pause_months": 2})
    return Leave()
