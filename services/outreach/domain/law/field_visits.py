"""Where a visit takes place and when missed meetings permit one (Reserve Bank of India, draft of 2026)."""

from __future__ import annotations

from collections.abc import Callable

from services.outreach.domain.law.dates import Answer, Given, read_number

PLACES_IN_ORDER = ("chosen_by_borrower", "residence", "work")
MISSED_MEETINGS_MIN = 2


def visit_place(given: Given) -> Answer:
    """The ordinary place to meet. `chosen` (None: none chosen), `is_available_at_residence`."""
    if given.get("chosen"):
        place = "chosen_by_borrower"
    else:
        place = "residence" if given.get("is_available_at_residence") else "work"
    return {"place": place, "order": list(PLACES_IN_ORDER), "strength": "draft"}


def microfinance_visit(given: Given) -> Answer:
    """Whether staff may visit a microfinance borrower. `missed_in_a_row`: agreed meetings missed."""
    missed = read_number(given, "missed_in_a_row")
    return {"may_visit": missed >= MISSED_MEETINGS_MIN, "min_missed": MISSED_MEETINGS_MIN, "strength": "draft"}


MICROFINANCE_INCOME_MAX_RUPEES = 300_000


def microfinance_scope(given: Given) -> Answer:
    """Whether the circular of 2022 applies: not to microfinance loans (household income up to INR 3 lakh a year).

    `household_income_rupees`, `has_collateral`.
    """
    income = read_number(given, "household_income_rupees")
    is_microfinance = income <= MICROFINANCE_INCOME_MAX_RUPEES and given.get("has_collateral") is False
    return {"is_microfinance": is_microfinance, "circular_applies": not is_microfinance}


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "visit_place": visit_place,
    "microfinance_visit": microfinance_visit,
    "microfinance_scope": microfinance_scope,
}
