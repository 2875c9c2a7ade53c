"""Holds in PostgreSQL: at most one of a kind stands on a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from services.outreach.application.records import NewHold, StandingHold
from shared.db.transaction import Transaction

# Prolonging never shortens: an open-ended hold (null) stays open-ended.
_APPLY = """
INSERT INTO holds AS h (hold_id, case_id, creditor_id, kind, until, cause_event_type, applied_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::timestamptz[])
ORDER BY 2, 4
ON CONFLICT (case_id, kind) WHERE released_at IS NULL
    DO UPDATE SET until = CASE WHEN h.until IS NULL OR excluded.until IS NULL THEN NULL
                               ELSE greatest(h.until, excluded.until) END
RETURNING hold_id, case_id, creditor_id, kind, until
"""
_EXPIRED = """
SELECT h.hold_id, h.case_id, h.creditor_id, h.kind, h.until
FROM holds h JOIN cases c ON c.case_id = h.case_id JOIN persons p ON p.person_id = c.person_id
WHERE h.released_at IS NULL AND h.until <= $1 ORDER BY h.until LIMIT $2 FOR UPDATE OF p SKIP LOCKED
"""
_RELEASE = """
UPDATE holds SET released_at = $2, release_reason = $3 WHERE hold_id = ANY($1::uuid[]) AND released_at IS NULL
RETURNING hold_id, case_id, creditor_id, kind, until
"""


class HoldRepository:
    """`Work.holds`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def apply(self, holds: Sequence[NewHold], at: datetime) -> list[StandingHold]:
        driver = await self._transaction.driver()
        # One statement cannot touch a row twice: of several of one kind the first is applied, and it is as long.
        distinct = {(hold.case_id, hold.kind): hold for hold in reversed(holds)}
        rows = [
            (h.hold_id, h.case_id, h.creditor_id, h.kind, h.until, h.cause_event_type, at) for h in distinct.values()
        ]
        if not rows:
            return []
        standing = await driver.fetch(_APPLY, *(list(column) for column in zip(*rows, strict=True)))
        new = {hold.hold_id for hold in holds}
        return [_standing(row) for row in standing if row["hold_id"] in new]

    async def release(self, hold_ids: Collection[UUID], reason: str, at: datetime) -> list[StandingHold]:
        driver = await self._transaction.driver()
        return [_standing(row) for row in await driver.fetch(_RELEASE, list(hold_ids), at, reason)]

    async def standing(self, case_id: UUID, kind: str) -> StandingHold | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(
            "SELECT hold_id, case_id, creditor_id, kind, until FROM holds "
            "WHERE case_id = $1 AND kind = $2 AND released_at IS NULL",
            case_id,
            kind,
        )
        return _standing(row) if row is not None else None

    async def get(self, hold_id: UUID) -> StandingHold | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(
            "SELECT hold_id, case_id, creditor_id, kind, until FROM holds WHERE hold_id = $1", hold_id
        )
        return _standing(row) if row is not None else None

    async def expired(self, limit: int) -> list[StandingHold]:
        driver = await self._transaction.driver()
        return [_standing(row) for row in await driver.fetch(_EXPIRED, self._transaction.now, limit)]


def _standing(row: asyncpg.Record) -> StandingHold:
    return StandingHold(row["hold_id"], row["case_id"], row["creditor_id"], row["kind"], row["until"])
