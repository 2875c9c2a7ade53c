"""The newest statement of a case and the means it leaves, and whether it still counts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.negotiation.application.means_ports import FiledStatement
from services.negotiation.application.ports import Work
from services.negotiation.domain.refusals import NoSuchThing


@dataclass(frozen=True, slots=True)
class MeansView:
    """`is_valid`: it counts today."""

    filed: FiledStatement
    is_valid: bool


async def show_means(work: Work, case_id: UUID) -> MeansView:
    """Raises NoSuchThing where the case is not known, its person was erased, or nothing was stated."""
    case = await work.cases.read(case_id)
    filed = await work.statements.newest(case_id)
    if case.is_erased or filed is None:
        raise NoSuchThing("statement")
    known = case.known_means(case.today(work.now))
    is_valid = known is not None and known.statement_id == filed.statement_id
    return MeansView(filed, is_valid)
