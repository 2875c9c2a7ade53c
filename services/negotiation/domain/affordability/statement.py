"""A statement of income and spending as somebody made it: amounts by category, nothing said in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from services.negotiation.domain.affordability.forms import (
    EVIDENCE_KINDS,
    PERIODS,
    SECTION_OF,
    SPENDING_REASONS,
    Every,
    FormName,
    Section,
)
from shared.kernel.money import MINOR_UNITS_MAX
from shared.kernel.refusal import Invalid, Reason

LINES_MAX = 80
DEBTS_MAX = 50
EVIDENCE_MAX = 20
PERSONS_MAX = 20


class StatementWrong(Invalid):
    """A statement that cannot be read as one; every fault is named by its place, none by its content."""

    def __init__(self, faults: list[Reason]) -> None:
        super().__init__("statement_wrong", "this statement of income and spending cannot be used", faults)


@dataclass(frozen=True, slots=True)
class Household:
    """Who lives on this income. `children` are under 14, `teenagers` 14 to 17."""

    adults: int = 1
    children: int = 0
    teenagers: int = 0

    @property
    def persons(self) -> int:
        return self.adults + self.children + self.teenagers


@dataclass(frozen=True, slots=True)
class Line:
    """An amount in minor units each period. `reason` is a code of SPENDING_REASONS, where it is above the guide."""

    category: str
    amount: int
    every: Every = "monthly"
    reason: str | None = None

    @property
    def monthly(self) -> Fraction:
        count, months = PERIODS[self.every]
        return Fraction(self.amount * count, months)


@dataclass(frozen=True, slots=True)
class Evidence:
    """An uploaded file and what it proves."""

    kind: str
    file_id: UUID


@dataclass(frozen=True, slots=True)
class Statement:
    """`other_debts` are what is owed to others, each in minor units; debts that come first are lines of spending.

    `pay_day` is the day of the month on which the main income comes, where there is one.
    """

    form: FormName
    currency: str
    stated_on: date
    household: Household
    lines: tuple[Line, ...]
    other_debts: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pay_day: int | None = None

    def __post_init__(self) -> None:
        faults = [*self._faults_of_lines(), *self._faults_of_the_rest()]
        if faults:
            raise StatementWrong(faults)

    def of(self, section: Section) -> list[Line]:
        sections = SECTION_OF[self.form]
        return [line for line in self.lines if sections[line.category] == section]

    def monthly(self, section: Section) -> Fraction:
        return sum((line.monthly for line in self.of(section)), Fraction(0))

    @property
    def main_income(self) -> Line | None:
        """The largest income: how often it comes is how often it is easiest to pay."""
        return max(self.of("income"), key=lambda line: line.monthly, default=None)

    def _faults_of_lines(self) -> Iterable[Reason]:
        known = SECTION_OF[self.form]
        if not 1 <= len(self.lines) <= LINES_MAX:
            yield Reason("lines_out_of_range", "/lines", f"1 to {LINES_MAX} lines")
        for number, line in enumerate(self.lines):
            place = f"/lines/{number}"
            if line.category not in known:
                yield Reason("category_unknown", f"{place}/category", "not a category of this form")
            if not 0 <= line.amount <= MINOR_UNITS_MAX:
                yield Reason("amount_out_of_range", f"{place}/amount_minor_units", "not negative, not beyond counting")
            if line.every not in PERIODS:
                yield Reason("period_unknown", f"{place}/every", "not a period that is known")
            if line.reason is not None and line.reason not in SPENDING_REASONS:
                yield Reason("reason_unknown", f"{place}/reason", "a code, not words")

    def _faults_of_the_rest(self) -> Iterable[Reason]:
        household = self.household
        if household.adults < 1 or min(household.children, household.teenagers) < 0 or household.persons > PERSONS_MAX:
            yield Reason("household_out_of_range", "/household", f"at least one adult, at most {PERSONS_MAX} persons")
        if len(self.other_debts) > DEBTS_MAX or not all(0 < d <= MINOR_UNITS_MAX for d in self.other_debts):
            yield Reason("debts_out_of_range", "/other_debts", f"at most {DEBTS_MAX} positive amounts")
        if len(self.evidence) > EVIDENCE_MAX or not all(e.kind in EVIDENCE_KINDS for e in self.evidence):
            yield Reason("evidence_unknown", "/evidence", f"at most {EVIDENCE_MAX} files of known kinds")
        if self.pay_day is not None and not 1 <= self.pay_day <= 31:
            yield Reason("pay_day_out_of_range", "/pay_day", "a day of the month")
