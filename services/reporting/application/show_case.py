"""Show a case: where it stands, and every event of it in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from services.reporting.application.ports import CaseFilter, Resources
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.journal import Entry
from services.reporting.domain.scope import Scope
from shared.kernel.refusal import NotFound

ENTRIES_MAX = 2_000
CASES_MAX = 200


@dataclass(frozen=True, slots=True)
class Timeline:
    """`row` is None for a refused record, of which there is no case. `is_whole`: no entries were left out."""

    case_id: UUID
    creditor_id: UUID
    row: CaseRow | None
    entries: tuple[Entry, ...]
    is_whole: bool


async def show_case(resources: Resources, scope: Scope, case_id: UUID) -> Timeline:
    """Raises `NotFound` where there is no such case, or it is another creditor's."""
    async with resources.read(scope) as views:
        row = await views.case(case_id)
        keys = [case_id, row.person_id] if row and row.person_id else [case_id]
        entries = await views.entries_of(keys, ENTRIES_MAX + 1)
    if not entries:
        raise NotFound("not_found", "there is no such case")
    ordered = sorted(entries[:ENTRIES_MAX], key=lambda entry: entry.fact.stamp)
    return Timeline(case_id, ordered[0].fact.creditor_id, row, tuple(ordered), len(entries) <= ENTRIES_MAX)


async def list_cases(resources: Resources, scope: Scope, wanted: CaseFilter) -> tuple[list[CaseRow], UUID | None]:
    """One page, and the case to go on after, or None at the end."""
    if wanted.creditor_id is not None:
        scope.require_creditor(wanted.creditor_id)
    # Row-level security would do; said once more it lets the database use its index.
    wanted = replace(wanted, creditor_id=wanted.creditor_id or scope.creditor_id)
    async with resources.read(scope) as views:
        rows = await views.cases(wanted)
    return rows[: wanted.limit], rows[wanted.limit - 1].case_id if len(rows) > wanted.limit else None
