"""Verify the figures: fold the journal again and compare every case row and every total with what is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from services.reporting.application.ports import Resources
from services.reporting.domain.case_row import CaseRow
from services.reporting.domain.facts import Fact
from services.reporting.domain.figures import Shift
from services.reporting.domain.project_case import project
from services.reporting.domain.scope import STAFF

CASES_PER_CHUNK = 200
FACTS_PER_CHUNK_MAX = 200_000
CASES_MAX = 2_000_000
NAMED_MAX = 20

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Recount:
    """`differing_cases` names at most twenty. Totals are compared where nothing was recorded during the recount."""

    cases: int
    differing_cases: tuple[UUID, ...]
    totals_agree: bool

    @property
    def agrees(self) -> bool:
        return self.totals_agree and not self.differing_cases


async def verify_figures(resources: Resources) -> Recount:
    """Reads case after case in bounded chunks. Run it while nothing is being recorded, or ask again."""
    after: UUID | None = None
    cases = 0
    differing: list[UUID] = []
    recounted = Shift()
    while cases < CASES_MAX:
        async with resources.read(STAFF) as views:
            stored = await views.all_cases_after(after, CASES_PER_CHUNK)
            entries = await views.entries_of([row.case_id for row in stored], FACTS_PER_CHUNK_MAX)
        if not stored:
            break
        after = stored[-1].case_id
        cases += len(stored)
        folded = _fold(entry.fact for entry in entries)
        for row in stored:
            again = folded.get(row.case_id)
            recounted.add(again, 1)
            if again != row:
                differing.append(row.case_id)
    return Recount(cases, tuple(differing[:NAMED_MAX]), await _totals_agree(resources, recounted))


def _fold(facts: Iterable[Fact]) -> dict[UUID, CaseRow]:
    by_case: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.is_about_a_case:
            by_case[fact.key].append(fact)
    return {case_id: row for case_id, of_case in by_case.items() if (row := project(of_case)) is not None}


async def _totals_agree(resources: Resources, recounted: Shift) -> bool:
    async with resources.read(STAFF) as views:
        portfolio = {(row.creditor_id, row.currency): Counter(row.figures) for row in await views.portfolio()}
        months = await views.months()
    return _present(portfolio) == _present(recounted.portfolio) and _present(months) == _present(recounted.months)


def _present(figures: Mapping[K, Counter[str]]) -> dict[K, dict[str, int]]:
    """Without zeros: a stored row may hold figures that came and went."""
    kept = {key: {name: n for name, n in counter.items() if n} for key, counter in figures.items()}
    return {key: counter for key, counter in kept.items() if counter}
