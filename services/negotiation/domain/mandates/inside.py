"""Whether an outline is inside a mandate, and how much may be given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates.effective import EffectiveMandate
from services.negotiation.domain.mandates.grid import WHOLE, Shares
from services.negotiation.domain.mandates.limits import RELIEF_KINDS
from services.negotiation.domain.terms import Outline, draw_up

PAYMENTS_A_YEAR = {"weekly": 52, "fortnightly": 26}
MONTHS_A_YEAR = 12
MAY_BE_SMALL = frozenset({"reduced", "restructured"})
"""Forms that are there to ask for less than the usual smallest instalment."""


def largest_discount(mandate: EffectiveMandate, case: CaseFile, today: date) -> int:
    """The most that may be given up on this case today, in minor units."""
    return _shares(mandate, case, today).amount(case.books.owed)


def largest_waiver(mandate: EffectiveMandate, case: CaseFile, today: date) -> Buckets:
    """The most of each bucket; `largest_discount` may be less than their sum where the grid has an overall cap."""
    shares, owed = _shares(mandate, case, today), case.books.owed
    return Buckets(
        owed.fees * shares.fees // WHOLE,
        owed.interest * shares.interest // WHOLE,
        owed.principal * shares.principal // WHOLE,
    )


def days_past_due(case: CaseFile, today: date) -> int | None:
    """Since the oldest instalment fell due; None where the contract is not known."""
    return None if case.contract is None else max(0, (today - case.contract.oldest_due_on).days)


def allows(mandate: EffectiveMandate, outline: Outline, case: CaseFile, today: date) -> tuple[str, ...]:
    """The reason codes why an outline is outside the mandate, all of them; empty: it is inside."""
    limits, form = mandate.limits, outline.shape[1]
    codes: list[str] = []
    if outline.discount > largest_discount(mandate, case, today):
        codes.append("discount_above_mandate")
    if outline.discount and form not in limits.discounted_forms:
        codes.append("discount_not_for_this_form")
    if outline.count > 1 and outline.frequency not in limits.frequencies:
        codes.append("frequency_not_in_mandate")
    codes += _term(mandate, outline)
    if outline.count > 1 and form not in MAY_BE_SMALL and _smallest_monthly(outline) < limits.instalment_min:
        codes.append("instalment_below_minimum")
    codes += _relief(mandate, outline, today)
    return tuple(codes)


def months_spanned(outline: Outline) -> int:
    """The months that a plan takes: twelve monthly payments take twelve, whatever day they begin on."""
    if outline.count == 1 or outline.frequency == "monthly":
        return outline.count
    first, last = outline.first_due_on, _due_dates(outline)[-1]
    months = (last.year - first.year) * MONTHS_A_YEAR + last.month - first.month
    return months + 1 if last >= add_months(first, months) else months


def _shares(mandate: EffectiveMandate, case: CaseFile, today: date) -> Shares:
    stage = (case.assessment or Assessment()).stage
    return mandate.limits.grid.shares(days_past_due(case, today), case.books.balance, stage)


def _due_dates(outline: Outline) -> list[date]:
    return [i.due_on for i in draw_up(outline, currency="", grace_days=0).instalments]


def _term(mandate: EffectiveMandate, outline: Outline) -> Iterator[str]:
    limits, longest = mandate.limits, mandate.limits.term_months_max
    if outline.shape[1] == "restructured":
        if limits.restructuring is None:
            yield "restructuring_not_in_mandate"
            return
        longest = limits.restructuring.term_months_max
    if months_spanned(outline) > longest:
        yield "term_above_mandate"


def largest_monthly(outline: Outline) -> int:
    """What the largest payments come to in a month, rounded up."""
    most = max(amount for _, amount in outline.steps) if outline.steps else -(-outline.total // outline.count)
    return -(-most * PAYMENTS_A_YEAR.get(outline.frequency, MONTHS_A_YEAR) // MONTHS_A_YEAR)


def _smallest_monthly(outline: Outline) -> int:
    """What the smallest payment comes to in a month. (One payment of everything is never too small: not asked.)"""
    least = min(amount for _, amount in outline.steps) if outline.steps else outline.total // outline.count
    return least * PAYMENTS_A_YEAR.get(outline.frequency, MONTHS_A_YEAR) // MONTHS_A_YEAR


def _relief(mandate: EffectiveMandate, outline: Outline, today: date) -> Iterator[str]:
    form = outline.shape[1]
    if form not in RELIEF_KINDS:
        return
    months = mandate.limits.relief_months(form)
    if months is None:
        yield "pause_not_in_mandate" if form == "pause" else "relief_not_in_mandate"
    elif _relief_ends(outline) > add_months(today, months) + timedelta(days=_first_due_slack(outline, today)):
        yield "pause_above_mandate" if form == "pause" else "relief_above_mandate"


def _relief_ends(outline: Outline) -> date:
    """The day on which relief is over: when something may be asked again, or when the reduced payments end."""
    if outline.pause_until is not None:
        return outline.pause_until
    dates = _due_dates(outline)
    reduced = sum(count for count, _ in outline.steps[:-1])
    return dates[reduced] if reduced else add_months(outline.first_due_on, months_spanned(outline))


def _first_due_slack(outline: Outline, today: date) -> int:
    """Relief by smaller payments runs from the first of them, a pause from today."""
    return 0 if outline.pause_until is not None else max(0, (outline.first_due_on - today).days)
