"""The ledger of preferences in PostgreSQL: written once, read whole for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.outreach.domain.preferences import Current, Entry, current
from shared.db.transaction import Transaction
from shared.kernel.identifiers import new_id

_COLUMNS = (
    "entry_id, kind, withdraws, channel, contact_point_id, purpose, detail, begins_at, ends_at, source, "
    "source_reference, proof_reference, recorded_by, recorded_at"
)
_OF = f"SELECT person_id, {_COLUMNS} FROM preferences WHERE person_id = ANY($1::uuid[]) ORDER BY entry_id"  # noqa: S608 - composed of constants
_RECORDED = f"SELECT person_id, request_hash, {_COLUMNS} FROM preferences WHERE reference = $1"  # noqa: S608 - composed of constants
_ADD = f"""
INSERT INTO preferences ({_COLUMNS}, person_id, reference, request_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""  # noqa: S608 - composed of constants
# Only what was withdrawn just now, and only where no other entry says the same.
_END_REFUSALS = """
DELETE FROM opt_outs o USING unnest($2::text[], $3::uuid[]) AS t (channel, point)
WHERE o.person_id = $1 AND o.channel = t.channel AND o.contact_point_id IS NOT DISTINCT FROM t.point
"""
_BEGIN_REFUSALS = """
INSERT INTO opt_outs (opt_out_id, person_id, channel, contact_point_id, received_at)
SELECT t.id, $1, t.channel, t.point, $5
FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS t (id, channel, point) ON CONFLICT DO NOTHING
"""


class PreferenceRepository:
    """`Work.preferences`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, person_id: UUID, entry: Entry, reference: str | None, request_hash: str | None) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            _ADD,
            entry.entry_id,
            entry.kind,
            entry.withdraws,
            entry.channel,
            entry.contact_point_id,
            entry.purpose,
            orjson.dumps(entry.detail, option=orjson.OPT_SORT_KEYS).decode(),
            entry.begins_at,
            entry.ends_at,
            entry.source,
            entry.source_reference,
            entry.proof_reference,
            entry.recorded_by,
            entry.recorded_at,
            person_id,
            reference,
            request_hash,
        )

    async def of(self, person_id: UUID) -> Sequence[Entry]:
        driver = await self._transaction.driver()
        return [_entry(row) for row in await driver.fetch(_OF, [person_id])]

    async def recorded(self, reference: str) -> tuple[UUID, str | None, Entry] | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(_RECORDED, reference)
        return (row["person_id"], row["request_hash"], _entry(row)) if row is not None else None

    async def lock(self, person_id: UUID) -> bool:
        driver = await self._transaction.driver()
        found = await driver.fetchval("SELECT 1 FROM persons WHERE person_id = $1 FOR UPDATE", person_id)
        return found is not None

    async def end_refusals(self, person_id: UUID, opt_outs: Collection[tuple[str, UUID | None]]) -> None:
        driver = await self._transaction.driver()
        channels, points = [channel for channel, _ in opt_outs], [point for _, point in opt_outs]
        await driver.execute(_END_REFUSALS, person_id, channels, points)

    async def begin_refusals(self, person_id: UUID, opt_outs: Collection[tuple[str, UUID | None]]) -> None:
        driver = await self._transaction.driver()
        channels, points = [channel for channel, _ in opt_outs], [point for _, point in opt_outs]
        ids = [new_id() for _ in opt_outs]
        await driver.execute(_BEGIN_REFUSALS, person_id, ids, channels, points, self._transaction.now)

    async def is_represented_elsewhere(self, person_id: UUID, *, is_represented: bool) -> None:
        driver = await self._transaction.driver()
        await driver.execute("UPDATE persons SET is_represented = $2 WHERE person_id = $1", person_id, is_represented)


async def load_current(
    driver: asyncpg.Connection[Any], person_ids: Sequence[UUID], at: datetime
) -> Mapping[UUID, Current]:
    """What holds for many persons at a moment; who has no entry is absent."""
    entries: dict[UUID, list[Entry]] = defaultdict(list)
    for row in await driver.fetch(_OF, person_ids):
        entries[row["person_id"]].append(_entry(row))
    return {person_id: current(known, at) for person_id, known in entries.items()}


def _entry(row: Mapping[str, Any]) -> Entry:
    names = (name.strip() for name in _COLUMNS.split(","))
    return Entry(**{name: row[name] for name in names} | {"detail": orjson.loads(row["detail"])})
