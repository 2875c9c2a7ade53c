"""Totals as sums of what each case contributes: move a total by (new contribution - old) and it never drifts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.reporting.domain.account import Account
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.facts import Fact

FIGURES = (
    "cases",
    "open_cases",
    "placed_minor_units",
    "balance_minor_units",
    "collected_minor_units",
    "waived_minor_units",
    "assessed",
    "contacted",
    "replied",
    "proposed",
    "agreed",
    "completed",
    "defaulted",
    "closed",
    "recalled",
    "on_hold",
    "complaints_open",
    "disputes_open",
)
"""What is counted per creditor and currency. `balance_minor_units` is of open cases: what is being worked."""

FUNNEL_STAGES = ("placed", "accepted", "assessed", "contacted", "replied", "proposed", "agreed", "completed")

PortfolioKey = tuple[UUID, str]
"""Creditor and currency."""
MonthKey = tuple[UUID, UUID, str, int]
"""Batch, creditor, currency, calendar months since placement."""


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much totals move."""

    portfolio: dict[PortfolioKey, Counter[str]] = field(default_factory=dict)
    months: dict[MonthKey, Counter[str]] = field(default_factory=dict)

    def add(self, row: CaseRow, account: Account, sign: int) -> None:
        """Add what a case contributes (`sign` 1) or take it away (-1). A case not placed yet contributes nothing."""
        if row.currency is None:
            return
        key = (row.creditor_id, row.currency)
        _merge(self.portfolio.setdefault(key, Counter()), contribution(row, account), sign)
        for month, amounts in liquidation(row, account).items():
            assert row.batch_id is not None, "a placed case has its batch"
            month_key = (row.batch_id, row.creditor_id, row.currency, month)
            _merge(self.months.setdefault(month_key, Counter()), amounts, sign)


def shift(changed: Iterable[tuple[CaseRow | None, CaseRow]]) -> Shift:
    """How totals move when rows change from old to new. Keys whose figures stay as they were are left out."""
    total = Shift()
    for old, new in changed:
        account = new.account
        if old is not None:
            # Most facts move no balance: the row then still holds the very same movements.
            total.add(old, account if old.movements is new.movements else old.account, -1)
        total.add(new, account, 1)
    return Shift(
        {key: figures for key, figures in total.portfolio.items() if any(figures.values())},
        {key: figures for key, figures in total.months.items() if any(figures.values())},
    )


def contribution(row: CaseRow, account: Account) -> Mapping[str, int]:
    """What one placed case adds to its portfolio. Stages count cases that ever got there, not where they are now.

    A plan that was withdrawn from in its cooling-off was never agreed.
    """
    plans = [plan for plan in row.plans.values() if not plan.withdrawn or plan.completed]
    return {
        "cases": 1,
        "open_cases": int(row.is_open),
        "placed_minor_units": row.placed_minor_units,
        "balance_minor_units": account.book,
        "collected_minor_units": account.total.paid - account.total.reversed,
        "waived_minor_units": account.total.waived,
        "assessed": int(row.count("case.assessed") > 0),
        "contacted": int(row.count("contact.attempted") > 0),
        "replied": int(row.count("borrower.replied") > 0),
        "proposed": int(row.count("plan.proposed") > 0),
        "agreed": int(any(plan.agreed for plan in plans)),
        "completed": int(any(plan.completed for plan in plans)),
        "defaulted": int(any(plan.defaulted for plan in plans)),
        "closed": int(row.status == "closed"),
        "recalled": int(row.is_recalled),
        "on_hold": int(bool(row.holds) and row.is_open),
        "complaints_open": row.complaints_open,
        "disputes_open": row.disputes_open,
    }


def liquidation(row: CaseRow, account: Account) -> Mapping[int, Mapping[str, int]]:
    """Month since placement -> what was placed (month 0) and what was collected."""
    assert row.placed_on is not None, "a placed case has its day"
    months: dict[int, Counter[str]] = {0: Counter(placed_minor_units=row.placed_minor_units)}
    for month, amount in account.collected_by_month.items():
        year, month_of_year = int(month[:4]), int(month[5:7])
        since = (year - row.placed_on.year) * 12 + month_of_year - row.placed_on.month
        # Money that arrived before the placement but was reported after it belongs to the first month.
        months.setdefault(max(0, since), Counter())["collected_minor_units"] += amount
    return months


def tallies(facts: Iterable[Fact]) -> Counter[tuple[UUID, str, str]]:
    """(creditor, measure, dimension) -> facts: contacts by channel and outcome, denials by rule, and the like."""
    counted: Counter[tuple[UUID, str, str]] = Counter()
    for fact in facts:
        for measure, dimension in _dimensions(fact):
            counted[fact.creditor_id, measure, dimension] += 1
    return counted


def _dimensions(fact: Fact) -> list[tuple[str, str]]:
    body = fact.body
    match fact.type:
        case "contact.attempted":
            return [("contact", f"{body['channel']}/{body['outcome']}")]
        case "contact.denied":
            return [("denial", rule) for rule in sorted({rule["rule"] for rule in body["rules"]})]
        case "borrower.replied":
            return [("reply", body["intent"])]
        case "case.rejected":
            return [("rejection", code) for code in sorted({reason["code"] for reason in body["reasons"]})]
        case "plan.agreed":
            return [("plan", body["terms"]["kind"])]
        case "default.detected":
            return [("default", body["kind"])]
        case "complaint.opened":
            return [("complaint", body["category"])]
        case "dispute.opened":
            return [("dispute", body["ground"])]
        case "hold.applied":
            return [("hold", body["kind"])]
    return []


def records_by_batch(facts: Iterable[Fact]) -> dict[tuple[UUID, UUID], Counter[str]]:
    """(batch, creditor) -> accepted and rejected records."""
    batches: dict[tuple[UUID, UUID], Counter[str]] = {}
    for fact in facts:
        name = {"case.received": "accepted", "case.rejected": "rejected"}.get(fact.type)
        if name is not None:
            batches.setdefault((UUID(fact.body["batch_id"]), fact.creditor_id), Counter())[name] += 1
    return batches


def _merge(into: Counter[str], figures: Mapping[str, int], sign: int) -> None:
    for name, amount in figures.items():
        into[name] += sign * amount
