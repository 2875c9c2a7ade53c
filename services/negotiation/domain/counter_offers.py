"""How a borrower's own proposal is answered: accepted inside the mandate, else the nearest lawful offer; why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.case_file import HARDSHIP_CAUSES, Assessment, CaseFile
from services.negotiation.domain.offers import (
    FIRST_DUE_DAYS,
    FIRST_DUE_DAYS_MAX,
    Draft,
    bounds,
    largest_discount,
    pause,
)
from services.negotiation.domain.terms import INSTALMENTS_MAX, Outline, PlanKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What the borrower proposes. Amounts are positive; a wish for instalments names an amount or a number."""

    kind: PlanKind
    monthly: int | None = None
    months: int | None = None
    lump_sum: int | None = None
    pause_months: int | None = None
    first_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`asked` is the wish as terms; `draft` is what is agreed (accepted) or offered instead (countered)."""

    verdict: Literal["accepted", "refused", "countered"]
    asked: Outline
    reasons: tuple[str, ...]
    draft: Draft | None


def answer(case: CaseFile, wish: Wish, today: date) -> Answer:
    """Answer a wish from the mandate and what is affordable. Never without a reason."""
    match wish.kind:
        case "lump_sum":
            return _on_lump_sum(case, wish, today)
        case "instalments":
            return _on_instalments(case, wish, today)
        case "hardship_pause":
            return _on_pause(case, wish, today)


def _on_lump_sum(case: CaseFile, wish: Wish, today: date) -> Answer:
    balance = case.books.balance
    due_on, reasons = _first_due(wish, today)
    amount = min(wish.lump_sum or balance, balance)
    asked = Outline("lump_sum", amount, balance - amount, 1, wish.first_due_on or due_on)
    least = max(1, balance - largest_discount(case.books.owed, case.mandate))
    if amount < least:
        reasons.append("discount_above_mandate")
        amount = least
    return _settle(asked, Outline("lump_sum", amount, balance - amount, 1, due_on), reasons)


def _on_instalments(case: CaseFile, wish: Wish, today: date) -> Answer:
    limits = bounds(case)
    due_on, reasons = _first_due(wish, today)
    count = wish.months or -(-limits.total // (wish.monthly or limits.total))
    asked = Outline("instalments", limits.total, 0, min(count, INSTALMENTS_MAX), wish.first_due_on or due_on)
    if count > limits.count_max:
        is_term = limits.count_max == case.mandate.term_months_max
        reasons.append("term_above_mandate" if is_term else "instalment_below_minimum")
        count = limits.count_max
    if limits.is_known and count < limits.count_for_ceiling:
        # More than we believe can be kept is not accepted, however willing: a broken promise helps nobody.
        reasons.append("above_affordable_amount")
        count = limits.count_for_ceiling
        if count > limits.count_max:
            return Answer("refused", asked, (*reasons, "no_affordable_instalments_in_mandate"), None)
    return _settle(asked, Outline("instalments", limits.total, 0, count, due_on), reasons)


def _on_pause(case: CaseFile, wish: Wish, today: date) -> Answer:
    most = case.mandate.pause_months_max
    months = wish.pause_months or most or 1
    until = add_months(today, months)
    asked = Outline("hardship_pause", case.books.balance, 0, bounds(case).count_max, until, pause_until=until)
    cause = (case.assessment or Assessment()).arrears_cause
    if most == 0:
        return Answer("refused", asked, ("pause_not_in_mandate",), None)
    if cause not in HARDSHIP_CAUSES:
        return Answer("refused", asked, ("hardship_cause_needed",), None)
    draft = pause(case, today, cause, months)
    if draft is None:
        raise AssertionError("a pause inside the mandate for a cause of hardship can be drawn up")
    return _settle(asked, draft.outline, ["pause_above_mandate"] if months > most else [])


def _first_due(wish: Wish, today: date) -> tuple[date, list[str]]:
    """The first due date as wished, or the nearest one that is possible, with the reason."""
    if wish.first_due_on is None:
        return today + timedelta(days=FIRST_DUE_DAYS), []
    if wish.first_due_on < today:
        return today, ["first_due_too_early"]
    latest = today + timedelta(days=FIRST_DUE_DAYS_MAX)
    if wish.first_due_on > latest:
        return latest, ["first_due_too_late"]
    return wish.first_due_on, []


def _settle(asked: Outline, possible: Outline, reasons: list[str]) -> Answer:
    if not reasons:
        return Answer("accepted", asked, ("inside_mandate",), Draft(possible, ("your_proposal", "inside_mandate")))
    return Answer("countered", asked, tuple(reasons), Draft(possible, ("nearest_to_your_proposal",)))
