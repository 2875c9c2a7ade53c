"""The mandate that counts for each of many cases now."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.mandates import EffectiveMandate, carried, effective_mandate


async def resolve_mandates(work: Work, cases: Iterable[CaseFile]) -> dict[UUID, EffectiveMandate]:
    """By case; one read for all of them."""
    wanted = list(cases)
    versions = await work.mandates.approved({case.creditor_id for case in wanted})
    return {
        case.case_id: effective_mandate(case, versions.get(case.creditor_id, ()), case.today(work.now))
        for case in wanted
    }


async def mandate_for(work: Work, case: CaseFile) -> EffectiveMandate:
    """The same for one case."""
    return (await resolve_mandates(work, [case]))[case.case_id]


async def carry_mandates(work: Work, cases: Iterable[CaseFile]) -> list[CaseFile]:
    """The cases with what their lender's version says about counting money and days."""
    wanted = list(cases)
    versions = await work.mandates.approved({case.creditor_id for case in wanted})
    return [carried(case, versions.get(case.creditor_id, ()), case.today(work.now)) for case in wanted]
