"""What is left: from a statement and a guide to the amount a month that one debt may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from services.negotiation.domain.affordability.forms import PERIODS
from services.negotiation.domain.affordability.guide import Guide
from services.negotiation.domain.affordability.statement import Statement
from services.negotiation.domain.calendar import add_months

Rhythm = Literal["weekly", "fortnightly", "monthly", "pay_day"]


@dataclass(frozen=True, slots=True)
class AboveGuide:
    """Spending above the guide. Without a reason it is a question to ask, and counts as stated until it is asked."""

    category: str
    stated: int
    guide: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Means:
    """All amounts a month in minor units: incomes rounded down, spending up, so that no one is asked for the rounding.

    `surplus` may be negative; `left_for_debts` and `affordable` (this debt's part) are not. `reasons` are codes.
    """

    income: int
    essential: int
    above_guide: tuple[AboveGuide, ...]
    surplus: int
    reserve: int
    left_for_debts: int
    affordable: int
    reasons: tuple[str, ...]
    valid_until: date
    rhythm: Rhythm
    pay_day: int | None
    guide_version: str
    guide_confidence: str

    @property
    def questions(self) -> tuple[str, ...]:
        """The categories whose spending is above the guide without a reason."""
        return tuple(each.category for each in self.above_guide if each.reason is None)


def surplus(statement: Statement, guide: Guide, *, balance: int) -> Means:
    """The means behind a statement, for a debt of `balance` beside the other debts that are stated."""
    income = floor(statement.monthly("income"))
    stated = ceil(statement.monthly("fixed") + statement.monthly("flexible"))
    least = guide.minimum_living * statement.household.persons
    essential = max(stated, least)
    over = income - essential
    reserve, saving_reasons = _reserve(over, statement, guide)
    left = max(0, over - reserve)
    debts = sum(statement.other_debts)
    share = left * balance // (balance + debts) if debts else left
    above = _above_guide(statement, guide)
    rhythm, pay_day = _rhythm(statement)
    reasons = [
        "nothing_left" if over <= 0 else "left_after_essentials",
        *(["minimum_living_kept"] if essential > stated else []),
        *saving_reasons,
        *(["shared_among_debts"] if debts else []),
        *(["spending_above_guide_explained"] if any(each.reason for each in above) else []),
        *(["spending_above_guide_to_explain"] if any(each.reason is None for each in above) else []),
        *([] if guide.figures else ["no_guide_figures"]),
        *([] if statement.evidence else ["no_evidence_yet"]),
    ]
    return Means(
        income=income,
        essential=essential,
        above_guide=above,
        surplus=over,
        reserve=reserve,
        left_for_debts=left,
        affordable=share,
        reasons=tuple(reasons),
        valid_until=add_months(statement.stated_on, guide.valid_months),
        rhythm=rhythm,
        pay_day=pay_day,
        guide_version=guide.version,
        guide_confidence=guide.confidence,
    )


def _reserve(over: int, statement: Statement, guide: Guide) -> tuple[int, list[str]]:
    """What stays with the household for surprises: at least the guide's share, more if more is saved, up to a limit."""
    if over <= 0:
        return 0, []
    least = ceil(Fraction(over * guide.reserve_basis_points, 10_000))
    most = max(least, over * guide.savings_max_basis_points // 10_000)
    saved = ceil(statement.monthly("savings"))
    codes = ["reserve_kept"] if least else []
    return max(least, min(saved, most)), [*codes, *(["savings_above_allowance"] if saved > most else [])]


def _above_guide(statement: Statement, guide: Guide) -> tuple[AboveGuide, ...]:
    """Lines of one category are looked at together; the first reason given speaks for them."""
    found: list[AboveGuide] = []
    for category, figure in guide.figures.items():
        lines = [line for line in statement.lines if line.category == category]
        stated = ceil(sum((line.monthly for line in lines), Fraction(0)))
        limit = figure.of(statement.household)
        if stated > limit:
            reason = next((line.reason for line in lines if line.reason is not None), None)
            found.append(AboveGuide(category, stated, limit, reason))
    return tuple(found)


def _rhythm(statement: Statement) -> tuple[Rhythm, int | None]:
    """How the main income comes: paying in the same rhythm is what people keep."""
    main = statement.main_income
    if main is not None and main.every in ("weekly", "fortnightly"):
        return ("weekly" if main.every == "weekly" else "fortnightly"), None
    return ("monthly", None) if statement.pay_day is None else ("pay_day", statement.pay_day)


def per_period(monthly: int, rhythm: Rhythm) -> int:
    """What an affordable month is in one week or fortnight, rounded down."""
    count, months = PERIODS["monthly" if rhythm == "pay_day" else rhythm]
    return monthly * months // count
