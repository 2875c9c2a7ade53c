"""The most that may be asked for the use of money in China: interest, default interest, penalties and fees together.

Private lending: four times the one-year LPR of the day the contract was formed (民间借贷规定 25, 28, 29); not for
the seven kinds of licensed local finance (法释〔2020〕27号). Small-loan companies: no new loan above 24 % all in
(working guidance of December 2025; known from the trade press only, so it is told and does not deny by itself).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from services.outreach.domain.law.dates import Answer, Given, read_choice, read_day, read_number
from services.outreach.domain.law.lpr import one_year_lpr

TIMES_LPR = 4
LPR_RULE_FROM = date(2020, 8, 20)
"""A contract formed earlier is judged in parts by two rules: a matter for counsel."""

SMALL_LOAN_CAP_BASIS_POINTS = 2_400
SMALL_LOAN_CAP_FROM = date(2025, 12, 1)
SMALL_LOAN_LPR_FROM = date(2028, 1, 1)
COURT_BASIS_POINTS = 2_400

LICENSED_LOCAL_FINANCE = frozenset(
    {
        "small_loan_company",
        "financing_guarantee",
        "regional_equity_market",
        "pawnshop",
        "financial_leasing",
        "commercial_factoring",
        "local_asset_manager",
    }
)
LENDERS = LICENSED_LOCAL_FINANCE | {"private", "bank", "consumer_finance_company"}


def private_lending_cap(given: Given) -> Answer:
    """Whether the cap of private lending applies to this lender, and what it is on the day of the contract.

    `lender`, `formed_on`, `rate_basis_points` (all in; optional), `one_year_lpr_basis_points` (optional: the published
    value where the day is later than our series).
    """
    lender = read_choice(given, "lender", LENDERS)
    if lender != "private":
        clause = "法释〔2020〕27号" if lender in LICENSED_LOCAL_FINANCE else "民间借贷规定 1(2)"
        return {"applies": False, "cap_basis_points": None, "is_within": None, "clause": clause}
    formed_on = read_day(given, "formed_on")
    lpr = given.get("one_year_lpr_basis_points") or one_year_lpr(formed_on)
    cap = lpr * TIMES_LPR if lpr is not None and formed_on >= LPR_RULE_FROM else None
    is_within = (
        None if cap is None or "rate_basis_points" not in given else read_number(given, "rate_basis_points") <= cap
    )
    return {"applies": True, "cap_basis_points": cap, "is_within": is_within, "clause": "民间借贷规定 25, 29"}


def small_loan_cap(given: Given) -> Answer:
    """Whether a new loan of a small-loan company stays within its cap, everything counted.

    `formed_on`, `rate_basis_points`; for a loan of 2028 or later `one_year_lpr_basis_points`: by the end of 2027 the
    cap comes down to four times that rate, where that is less.
    """
    formed_on, rate = read_day(given, "formed_on"), read_number(given, "rate_basis_points")
    cap = None
    if formed_on >= SMALL_LOAN_CAP_FROM:
        cap = SMALL_LOAN_CAP_BASIS_POINTS
    if formed_on >= SMALL_LOAN_LPR_FROM:
        cap = min(SMALL_LOAN_CAP_BASIS_POINTS, TIMES_LPR * read_number(given, "one_year_lpr_basis_points"))
    return {
        "applies": cap is not None,
        "cap_basis_points": cap,
        "is_within": cap is None or rate <= cap,
        "confidence": "secondary",
    }


def court_reduction(given: Given) -> Answer:
    """What a court may bring the asked total of a financial institution down to, if the debtor asks (法发〔2017〕22号).

    `rate_basis_points`: interest, penalties and fees together, a year. From memory: for counsel, no reason to deny.
    """
    rate = read_number(given, "rate_basis_points")
    return {
        "may_be_reduced_to_basis_points": COURT_BASIS_POINTS if rate > COURT_BASIS_POINTS else None,
        "only_on_request": True,
        "confidence": "memory",
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "private_lending_cap": private_lending_cap,
    "small_loan_cap": small_loan_cap,
    "court_reduction": court_reduction,
}
