"""Show cases to their lender: one, or a page of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.application.ports import Resources, TenantVault
from services.intake.application.rows import CaseView
from services.intake.domain.refusals import CaseUnknown

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """`after`: the last case of the page before."""

    status: str | None
    batch_id: UUID | None
    after: UUID | None
    limit: int


async def show_case(resources: Resources, tenant: UUID, case_id: UUID) -> dict[str, Any]:
    """Raises `CaseUnknown`, for another tenant's case too."""
    async with resources.units.begin(tenant) as work:
        views = await work.cases.views(case_id=case_id)
    if not views:
        raise CaseUnknown
    return _shown(resources.vault.of(tenant), views[0])


async def list_cases(resources: Resources, tenant: UUID, query: CaseQuery) -> tuple[list[dict[str, Any]], UUID | None]:
    """A page, and the case to go on after (None: this was the last page)."""
    async with resources.units.begin(tenant) as work:
        views = await work.cases.views(
            status=query.status, batch_id=query.batch_id, after=query.after, limit=query.limit + 1
        )
    page = views[: query.limit]
    vault = resources.vault.of(tenant)
    return [_shown(vault, view) for view in page], page[-1].case_id if len(views) > query.limit else None


def _shown(vault: TenantVault, view: CaseView) -> dict[str, Any]:
    number = None
    if view.wrapped_key is not None and view.number_sealed is not None:
        number = vault.open_seal(view.person_id, view.wrapped_key).unseal("account_number", view.number_sealed)
    return {"case_id": str(view.case_id), "account_number": number, "person_id": str(view.person_id), **view.facts}
