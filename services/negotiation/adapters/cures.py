"""Cures under watch, over PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.negotiation.adapters import watch_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.watch_ports import Grouping
from services.negotiation.domain.calendar import add_months
from services.negotiation.domain.watch.cures import CureCount, CureWatch

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

GROUPS_MAX = 100
_COUNT = """
SELECT {by} AS word, count(*) AS cures,
       count(*) FILTER (WHERE cured_on <= $1) AS seen_6,
       count(*) FILTER (WHERE cured_on <= $1 AND within_months = 6) AS again_6,
       count(*) FILTER (WHERE cured_on <= $2) AS seen_12,
       count(*) FILTER (WHERE cured_on <= $2 AND within_months IS NOT NULL) AS again_12
FROM cure_watches WHERE outcome IS DISTINCT FROM 'replaced' AND outcome IS DISTINCT FROM 'erased'
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $3
"""
_COUNTS: dict[Grouping, str] = {by: _COUNT.format(by=by) for by in ("cause", "treatment")}
STATE = ("person_id", "outcome", "outcome_at", "within_months")


class SqlCures:
    """`Work.cures`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def add(self, watches: Sequence[CureWatch], ends_at: Mapping[UUID, datetime]) -> None:
        fixed = [
            (w.watch_id, w.case_id, w.creditor_id, w.cure, w.cause, w.treatment, w.cured_at, w.cured_on)
            for w in watches
        ]
        values = [(*row, ends_at[w.watch_id], *_state(w)) for row, w in zip(fixed, watches, strict=True)]
        columns = (
            "watch_id",
            "case_id",
            "creditor_id",
            "cure",
            "cause",
            "treatment",
            "cured_at",
            "cured_on",
            "ends_at",
        )
        await insert_rows(self._driver, tables.cure_watches, (*columns, *STATE), values)

    async def save(self, watches: Sequence[CureWatch]) -> None:
        values = [(watch.watch_id, *_state(watch)) for watch in watches]
        await update_rows(self._driver, tables.cure_watches, ("watch_id",), STATE, values)

    async def of_cases(self, case_ids: Collection[UUID]) -> list[CureWatch]:
        found = await self._driver.fetch(
            "SELECT * FROM cure_watches WHERE case_id = ANY($1::uuid[]) AND outcome IS NULL "
            "ORDER BY watch_id FOR UPDATE",
            list(case_ids),
        )
        return [_watch_from(row) for row in found]

    async def of_persons(self, person_ids: Collection[UUID]) -> list[CureWatch]:
        # Not through the case: the watched case is closed, and the arriving one is another. In one order, so that
        # two batches with the same persons wait for each other and not in a circle.
        found = await self._driver.fetch(
            "SELECT * FROM cure_watches WHERE person_id = ANY($1::uuid[]) AND outcome IS NULL "
            "ORDER BY watch_id FOR UPDATE",
            list(person_ids),
        )
        return [_watch_from(row) for row in found]

    async def lock_over(self, limit: int) -> list[CureWatch]:
        found = await self._driver.fetch(
            "SELECT * FROM cure_watches WHERE outcome IS NULL AND ends_at <= $1 ORDER BY ends_at LIMIT $2 "
            "FOR UPDATE SKIP LOCKED",
            self._now,
            limit,
        )
        return [_watch_from(row) for row in found]

    async def counts(self, by: Grouping, today: date) -> list[CureCount]:
        half, whole = add_months(today, -6), add_months(today, -12)
        found = await self._driver.fetch(_COUNTS[by], half, whole, GROUPS_MAX)
        return [CureCount(r["word"], r["cures"], r["seen_6"], r["again_6"], r["seen_12"], r["again_12"]) for r in found]


def _state(watch: CureWatch) -> tuple[Any, ...]:
    return watch.person_id, watch.outcome, watch.outcome_at, watch.within_months


def _watch_from(row: Any) -> CureWatch:
    return CureWatch(
        watch_id=row["watch_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        person_id=row["person_id"],
        cure=row["cure"],
        cause=row["cause"],
        treatment=row["treatment"],
        cured_at=row["cured_at"],
        cured_on=row["cured_on"],
        outcome=row["outcome"],
        outcome_at=row["outcome_at"],
        within_months=row["within_months"],
    )
