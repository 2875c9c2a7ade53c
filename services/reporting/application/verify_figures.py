"""Verify the figures: fold the journal again and compare every case row and every total with what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from services.reporting.application.ports import Resources
from services.reporting.domain.figures import Shift
from services.reporting.domain.project_case import project
from services.reporting.domain.scope import STAFF

CASES_PER_CHUNK = 200
CASES_MAX = 2_000_000
NAMED_MAX = 20

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Recount:
    """`differing_cases` names at most twenty. `totals_agree` is None where events were recorded during the recount:
    every case is compared as of one moment, all of them together are not.
    """

    cases: int
    differing_cases: tuple[UUID, ...]
    totals_agree: bool | None

    @property
    def agrees(self) -> bool:
        return self.totals_agree is not False and not self.differing_cases


async def verify_figures(resources: Resources) -> Recount:
    """Reads chunk after chunk, so that neither memory nor a transaction grows with the portfolio."""
    async with resources.read(STAFF) as views:
        begun = await views.head()
    after: UUID | None = None
    cases = 0
    differing: list[UUID] = []
    recounted = Shift()
    while cases < CASES_MAX:
        async with resources.read(STAFF) as views:
            chunk = await views.cases_with_entries(after, CASES_PER_CHUNK)
        if not chunk:
            break
        after = chunk[-1][0].case_id
        cases += len(chunk)
        for stored, entries in chunk:
            again = project(entry.fact for entry in entries)
            if again is not None:
                recounted.add(again, again.account, 1)
            if again != stored:
                differing.append(stored.case_id)
    async with resources.read(STAFF) as views:
        portfolio = {(row.creditor_id, row.currency): Counter(row.figures) for row in await views.portfolio()}
        months, ended = await views.months(), await views.head()
    agree = _present(portfolio) == _present(recounted.portfolio) and _present(months) == _present(recounted.months)
    return Recount(cases, tuple(differing[:NAMED_MAX]), agree if ended == begun else None)


def _present(figures: Mapping[K, Counter[str]]) -> dict[K, dict[str, int]]:
    """Without zeros: a stored row may hold figures that came and went."""
    kept = {key: {name: n for name, n in counter.items() if n} for key, counter in figures.items()}
    return {key: counter for key, counter in kept.items() if counter}
