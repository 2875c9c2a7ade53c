"""How a borrower's own proposal is answered: accepted inside the mandate, else the nearest lawful offer; why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.case_file import HARDSHIP_CAUSES, CaseFile
from services.negotiation.domain.mandates import EffectiveMandate
from services.negotiation.domain.offers.facts import Facts, facts_of
from services.negotiation.domain.offers.forms import (
    FIRST_DUE_DAYS,
    FIRST_DUE_DAYS_MAX,
    Draft,
    lawful,
    level,
    next_pay_day,
    pause_for,
)
from services.negotiation.domain.offers.limits import bounds_of
from services.negotiation.domain.terms import INSTALMENTS_MAX, Form, Frequency, Outline, PlanKind

DRAWN_UP_FOR_YOU: frozenset[Form] = frozenset({"step", "deferral", "interest_freeze", "reduced", "restructured"})
"""Forms that may be asked for by name alone; we draw them up, and nothing is agreed before the figures were seen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the borrower proposes. Amounts are positive; a wish for instalments names an amount or a number.

    `monthly` is one payment and `months` the number of payments, of whatever `frequency` is; `pay_day` goes with the
    frequency of that name. `form` asks for one of DRAWN_UP_FOR_YOU; `steps` are (payments, amount of each), monthly.
    """

    kind: PlanKind
    monthly: int | None = None
    months: int | None = None
    lump_sum: int | None = None
    pause_months: int | None = None
    first_due_on: date | None = None
    frequency: Frequency = "monthly"
    pay_day: int | None = None
    form: Form | None = None
    steps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`asked` is the wish as terms; `draft` is what is agreed (accepted) or offered instead (countered)."""

    verdict: Literal["accepted", "refused", "countered"]
    asked: Outline
    reasons: tuple[str, ...]
    draft: Draft | None


def answer(case: CaseFile, wish: Wish, today: date, mandate: EffectiveMandate | None = None) -> Answer:
    """Answer a wish from the mandate and what is affordable. Never without a reason."""
    return answer_from(facts_of(case, today, mandate), wish)


def answer_from(facts: Facts, wish: Wish) -> Answer:
    """The same from the facts alone."""
    if wish.kind == "lump_sum":
        return _on_lump_sum(facts, wish)
    if wish.kind == "hardship_pause":
        return _on_pause(facts, wish)
    if wish.steps:
        return _on_steps(facts, wish)
    return _on_form(facts, wish) if wish.form in DRAWN_UP_FOR_YOU else _on_instalments(facts, wish)


def _on_lump_sum(facts: Facts, wish: Wish) -> Answer:
    balance = facts.total
    due_on, reasons = _first_due(facts, wish)
    amount = min(wish.lump_sum or balance, balance)
    asked = Outline("lump_sum", amount, balance - amount, 1, wish.first_due_on or due_on)
    most = facts.discount_max if "lump_sum" in facts.discounted_forms else 0
    least = max(1, balance - most)
    if amount < least:
        reasons.append("discount_above_mandate")
        amount = least
    return _settle(asked, Outline("lump_sum", amount, balance - amount, 1, due_on), reasons)


def _on_instalments(facts: Facts, wish: Wish) -> Answer:
    due_on, reasons = _first_due(facts, wish)
    asked_rhythm, rhythm = _rhythms(facts, wish)
    if rhythm is None:
        return Answer("refused", _asked(facts, wish, due_on, asked_rhythm), ("no_frequency_in_mandate",), None)
    if rhythm != asked_rhythm:
        reasons.append("frequency_not_in_mandate")
    pay_day = wish.pay_day if rhythm == "pay_day" else None
    first = _on_pay_day(facts, due_on, pay_day) if pay_day is not None else due_on
    limits = bounds_of(facts, rhythm, first)
    asked = _asked(facts, wish, due_on, asked_rhythm)
    count = _count(facts, wish) if rhythm == asked_rhythm else max(1, limits.count_for_ceiling)
    if count > limits.count_max:
        reasons.append("term_above_mandate" if limits.is_by_term else "instalment_below_minimum")
        count = limits.count_max
    if limits.is_known and count < limits.count_for_ceiling:
        # More than we believe can be kept is not accepted, however willing: a broken promise helps nobody.
        reasons.append("above_affordable_amount")
        count = limits.count_for_ceiling
        if count > limits.count_max:
            return Answer("refused", asked, (*reasons, "no_affordable_instalments_in_mandate"), None)
    possible = Outline("instalments", facts.total, 0, count, first, frequency=rhythm, pay_day=pay_day)
    return _settle(asked, possible, reasons)


def _rhythms(facts: Facts, wish: Wish) -> tuple[Frequency, Frequency | None]:
    """What was asked for, and what is possible: the same, else monthly, else the mandate's first."""
    asked: Frequency = "monthly" if wish.frequency == "once" else wish.frequency
    if asked == "pay_day" and wish.pay_day is None:
        asked = "monthly"
    regular = [f for f in facts.frequencies if f not in ("once", "pay_day")]
    if asked in facts.frequencies:
        return asked, asked
    return asked, "monthly" if "monthly" in regular else next(iter(regular), None)


def _asked(facts: Facts, wish: Wish, due_on: date, rhythm: Frequency) -> Outline:
    pay_day = wish.pay_day if rhythm == "pay_day" else None
    count = min(_count(facts, wish), INSTALMENTS_MAX)
    first = wish.first_due_on or due_on
    return Outline("instalments", facts.total, 0, count, first, frequency=rhythm, pay_day=pay_day)


def _count(facts: Facts, wish: Wish) -> int:
    return wish.months or -(-facts.total // (wish.monthly or facts.total))


def _on_pay_day(facts: Facts, due_on: date, pay_day: int) -> date:
    """The pay day on or after a date that is still early enough; a month has always one."""
    latest = facts.today + timedelta(days=FIRST_DUE_DAYS_MAX)
    first = next_pay_day(due_on, pay_day)
    return first if first <= latest else next_pay_day(latest - timedelta(days=30), pay_day)


def _on_steps(facts: Facts, wish: Wish) -> Answer:
    """Steps of the borrower's own: agreed where they pay the debt inside the mandate and stay affordable."""
    due_on, reasons = _first_due(facts, wish)
    count = sum(payments for payments, _ in wish.steps)
    pays = sum(payments * amount for payments, amount in wish.steps)
    if pays != facts.total or count > INSTALMENTS_MAX:
        return _instead(facts, wish, ["steps_do_not_pay_the_debt"])
    asked = Outline(
        "instalments", facts.total, 0, count, wish.first_due_on or due_on, form="step", steps=tuple(wish.steps)
    )
    if "monthly" not in facts.frequencies:
        reasons.append("frequency_not_in_mandate")
    if count > facts.term_months_max:
        reasons.append("term_above_mandate")
    if count > 1 and min(amount for _, amount in wish.steps) < facts.instalment_min:
        reasons.append("instalment_below_minimum")
    if facts.is_known and max(amount for _, amount in wish.steps) > facts.ceiling:
        reasons.append("above_affordable_amount")
    if any(code not in ("first_due_too_early", "first_due_too_late") for code in reasons):
        return _instead(facts, wish, reasons, asked)
    return _settle(asked, replace(asked, first_due_on=due_on), reasons)


def _on_form(facts: Facts, wish: Wish) -> Answer:
    return _instead(facts, wish, [])


def _instead(facts: Facts, wish: Wish, reasons: list[str], asked: Outline | None = None) -> Answer:
    """The form that was asked for as we may draw it up, else the plain plan, else one payment."""
    form = wish.form or "step"
    drawn = next((draft for draft in lawful(facts) if draft.outline.shape[1] == form), None)
    draft = drawn or level(facts)
    codes = (*reasons, "drawn_up_for_you" if drawn is not None else "form_not_possible")
    if draft is None:
        nothing = Outline("instalments", facts.total, 0, 1, facts.today + timedelta(days=FIRST_DUE_DAYS))
        return Answer("refused", asked or nothing, (*codes, "no_affordable_instalments_in_mandate"), None)
    return Answer("countered", asked or draft.outline, codes, draft)


def _on_pause(facts: Facts, wish: Wish) -> Answer:
    most = facts.relief_months("pause")
    months = wish.pause_months or most or 1
    until = add_months(facts.today, months)
    asked = Outline("hardship_pause", facts.total, 0, bounds_of(facts).count_max, until, pause_until=until)
    if most == 0:
        return Answer("refused", asked, ("pause_not_in_mandate",), None)
    if facts.arrears_cause not in HARDSHIP_CAUSES:
        return Answer("refused", asked, ("hardship_cause_needed",), None)
    draft = pause_for(facts, facts.arrears_cause, months)
    if draft is None:
        raise AssertionError("a pause inside the mandate for a cause of hardship can be drawn up")
    return _settle(asked, draft.outline, ["pause_above_mandate"] if months > most else [])


def _first_due(facts: Facts, wish: Wish) -> tuple[date, list[str]]:
    """The first due date as wished, or the nearest one that is possible, with the reason."""
    today = facts.today
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
