"""State the account of a creditor over a period: case by case, and in total per currency."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from services.reporting.application.ports import Period, Resources
from services.reporting.domain.scope import Scope
from services.reporting.domain.statement import AMOUNTS, CaseLine, case_line, totals
from shared.kernel.refusal import Invalid, Reason

CASES_PER_CHUNK = 500
CASES_MAX = 1_000_000
DAYS_MAX = 3_660


def period(first: date, last: date) -> Period:
    """Raises `Invalid` for a period that ends before it begins or is longer than ten years."""
    if not timedelta(0) <= last - first <= timedelta(days=DAYS_MAX):
        reason = Reason("period_out_of_range", "/to", f"the period ends 0 to {DAYS_MAX} days after it begins")
        raise Invalid("invalid_period", "this period cannot be stated", [reason])
    return Period(first, last)


async def state_lines(
    resources: Resources, scope: Scope, creditor_id: UUID, stated: Period
) -> AsyncIterator[list[CaseLine]]:
    """Chunks of lines, ordered by case; cases with nothing to state are left out. Days begin at midnight UTC."""
    scope.require_creditor(creditor_id)
    begins_at = datetime.combine(stated.first, time(), UTC)
    ends_at = datetime.combine(stated.last + timedelta(days=1), time(), UTC)
    after: UUID | None = None
    for _ in range(0, CASES_MAX, CASES_PER_CHUNK):
        async with resources.read(scope) as views:
            movements = await views.movements_after(creditor_id, ends_at, after, CASES_PER_CHUNK)
        if not movements:
            return
        after = movements[-1].case_id
        lines = [
            case_line(case_id, of_case, begins_at=begins_at, ends_at=ends_at)
            for case_id, of_case in groupby(movements, key=lambda movement: movement.case_id)
        ]
        yield [line for line in lines if not line.is_empty]


async def state_totals(
    resources: Resources, scope: Scope, creditor_id: UUID, stated: Period
) -> tuple[dict[str, CaseLine], int]:
    """Totals per currency, and how many cases they cover."""
    summed: dict[str, CaseLine] = {}
    cases = 0
    async for lines in state_lines(resources, scope, creditor_id, stated):
        cases += len(lines)
        summed = totals([*summed.values(), *lines])
    return summed, cases


COLUMNS = ("case_id", "currency", *(f"{name}_minor_units" for name in AMOUNTS))
