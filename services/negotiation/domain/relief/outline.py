"""The terms that relief turns into: nothing, or less, for the months granted, and the rest evenly after them."""

from __future__ import annotations

from datetime import date, timedelta

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.mandates.limits import Limits
from services.negotiation.domain.offers import FIRST_DUE_DAYS
from services.negotiation.domain.relief.request import Relief
from services.negotiation.domain.terms import INSTALMENTS_MAX, Outline
from shared.kernel.money import split_evenly


def relief_outline(case: CaseFile, limits: Limits, relief: Relief, today: date) -> Outline:
    """For relief that has been granted. The lender's consent goes before the mandate's longest pause."""
    if relief.until_on is None or relief.months is None:
        raise AssertionError("granted relief has an end")
    balance, count = case.books.balance, _count(case.books.balance, limits)
    match relief.form:
        case "pause" | "deferral":
            return Outline(
                "hardship_pause", balance, 0, count, relief.until_on, pause_until=relief.until_on, form=relief.form
            )
        case "interest_freeze":
            return Outline("instalments", balance, 0, count, today + timedelta(days=FIRST_DUE_DAYS), form=relief.form)
        case "reduced":
            return _reduced(case, relief, relief.months, today, count)


def _reduced(case: CaseFile, relief: Relief, months: int, today: date, count: int) -> Outline:
    """`months` small payments, then the rest evenly; never longer than the mandate's payments after the relief."""
    balance = case.books.balance
    due_on = add_months(today, 1)
    monthly = relief.monthly or max(1, -(-balance // count) // 2)
    if months * monthly >= balance:
        return Outline("instalments", balance, 0, max(1, balance // monthly), due_on, form="reduced")
    months = min(months, INSTALMENTS_MAX - count)
    rest = balance - months * monthly
    amounts = split_evenly(rest, min(count, rest))
    high = amounts.count(amounts[0])
    steps = [(months, monthly), (high, amounts[0])]
    if high < len(amounts):
        steps.append((len(amounts) - high, amounts[-1]))
    return Outline("instalments", balance, 0, months + len(amounts), due_on, form="reduced", steps=tuple(steps))


def _count(balance: int, limits: Limits) -> int:
    """As many payments as the mandate lets there be, so that each is as small as it may be."""
    smallest = max(1, limits.instalment_min)
    return max(1, min(limits.term_months_max, balance // smallest, INSTALMENTS_MAX))
