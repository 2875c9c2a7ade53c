"""Requests for relief over PostgreSQL: how long each holds, and which are over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.outreach.adapters.relief_tables import reliefs
from shared.db.transaction import Transaction

_NOTE = f"""
INSERT INTO {reliefs.name} AS r (relief_id, case_id, until)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])
ON CONFLICT (relief_id) DO UPDATE SET until = greatest(r.until, excluded.until)
RETURNING relief_id, is_over
"""  # noqa: S608 - the name is our own table's
_END = f"""
INSERT INTO {reliefs.name} (relief_id, case_id, is_over) SELECT *, true FROM unnest($1::uuid[], $2::uuid[])
ON CONFLICT (relief_id) DO UPDATE SET is_over = true
"""  # noqa: S608 - the name is our own table's


class ReliefRepository:
    """`Work.reliefs`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def note(self, heard: Sequence[tuple[UUID, UUID, datetime]]) -> set[UUID]:
        driver = await self._transaction.driver()
        # One statement cannot touch a row twice: of several of one relief the longest counts.
        longest = {row[0]: row for row in sorted(heard, key=lambda row: row[2])}
        found = await driver.fetch(_NOTE, *(list(column) for column in zip(*longest.values(), strict=True)))
        return {row["relief_id"] for row in found if row["is_over"]}

    async def end(self, heard: Sequence[tuple[UUID, UUID]]) -> None:
        driver = await self._transaction.driver()
        distinct = dict(heard)
        await driver.execute(_END, list(distinct), list(distinct.values()))

    async def resting(self, case_ids: Collection[UUID]) -> set[UUID]:
        driver = await self._transaction.driver()
        found = await driver.fetch(
            "SELECT DISTINCT case_id FROM reliefs WHERE case_id = ANY($1::uuid[]) AND NOT is_over AND until > $2",
            list(case_ids),
            self._transaction.now,
        )
        return {row["case_id"] for row in found}
