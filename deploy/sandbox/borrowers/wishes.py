"""What some borrowers do on their page besides bargaining: pay there, ask for relief, state a budget, think again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.sandbox.borrowers.character import Character
from deploy.sandbox.seeded import dice, pick

_PAYS_ON_THE_PAGE = 0.45
_ASKS_FOR_RELIEF = 0.6
_STATES_A_BUDGET = 0.2
_THINKS_AGAIN = 0.08
_MONTHS_MAX = 3
_LIVING: Mapping[str, int] = {"en": 300_000, "zh": 400_000}
"""Rent in minor units of the country's currency, so that a budget looks like one."""
_FORMS: Mapping[str, float] = {"pause": 3, "deferral": 2, "interest_freeze": 1, "reduced": 4}


def pays_on_the_page(seed: int, account_number: str) -> bool:
    """Whether this borrower pays the agency through the page, and not the lender by transfer."""
    return dice(seed, "pays_on_the_page", account_number).random() < _PAYS_ON_THE_PAGE


def relief_wish(seed: int, account_number: str, character: Character) -> dict[str, Any] | None:
    """The body of a request for relief; None: asks for none."""
    throw = dice(seed, "relief", account_number)
    if not character.is_in_hardship or throw.random() >= _ASKS_FOR_RELIEF:
        return None
    form = pick(throw, _FORMS)
    wish: dict[str, Any] = {"cause": character.cause, "form": form, "months": throw.randint(1, _MONTHS_MAX)}
    if form == "reduced" and character.free_monthly > 0:
        wish["monthly_minor_units"] = character.free_monthly
    return wish


def budget(seed: int, account_number: str, character: Character, language: str) -> dict[str, Any] | None:
    """The body of a statement of income and spending; None: states none. What is free is what the borrower has."""
    throw = dice(seed, "budget", account_number)
    if throw.random() >= _STATES_A_BUDGET:
        return None
    rent = int(_LIVING[language] * throw.uniform(0.5, 1.0))
    return {
        "form": "sfs" if language == "en" else "cn",
        "lines": [
            {"category": "wages", "amount_minor_units": rent + character.free_monthly * 2},
            {"category": "rent", "amount_minor_units": rent},
        ],
        "pay_day": character.pay_day,
    }


def thinks_again(seed: int, account_number: str, nth_plan: int) -> bool:
    """Whether the borrower leaves the plan that was just agreed, inside its cooling-off."""
    return dice(seed, "thinks_again", account_number, nth_plan).random() < _THINKS_AGAIN
