"""Field visits in PostgreSQL. Their attempts stand in the same ledger as every other, but carry no lease."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from services.outreach.adapters.escalation_tables import visits
from services.outreach.application.escalation_records import Visit
from services.outreach.domain.escalation.proof import ToVisit
from services.outreach.domain.escalation.records import NotProven
from shared.db.transaction import Transaction

_COLUMNS = tuple(column.name for column in visits.columns)
# Business time decides: a visit has no process that could die with a lease in its hand.
_OVERDUE = """
SELECT v.* FROM visits v JOIN persons p ON p.person_id = v.person_id
WHERE (v.state = 'ordered' AND v.ends_at <= $1) OR (v.state = 'started' AND v.ends_at <= $2)
ORDER BY v.ends_at LIMIT $3 FOR UPDATE OF p SKIP LOCKED
"""
_RESERVE = """
INSERT INTO attempts AS a (attempt_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, template,
                           decision_id, state, counts, token, reserved_at)
VALUES ($1, $2, $3, $4, $5, 'visit', 'visit', 'visit', $6, 'reserved', true, 1, $7)
ON CONFLICT (attempt_id) DO UPDATE SET decision_id = excluded.decision_id, state = 'reserved', counts = true,
    token = a.token + 1, reserved_at = excluded.reserved_at
    WHERE a.state = 'released'
RETURNING attempt_id
"""
_RELEASE = """
UPDATE attempts SET state = 'released', counts = false, token = token + 1
WHERE attempt_id = $1 AND state = 'reserved' RETURNING attempt_id
"""
_BEGIN = """
UPDATE attempts SET state = 'sending', handed_over_at = $2 WHERE attempt_id = $1 AND state = 'reserved'
RETURNING attempt_id
"""


class VisitRepository:
    """`Work.visits`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def propose(self, proposed: Sequence[Visit]) -> list[UUID]:
        if not proposed:
            return []
        statement = insert(visits).values([_values(visit) for visit in proposed]).on_conflict_do_nothing()
        rows = await self._transaction.connection.execute(statement.returning(visits.c.visit_id))
        return [row.visit_id for row in rows]

    async def get(self, visit_id: UUID) -> Visit | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow("SELECT * FROM visits WHERE visit_id = $1", visit_id)
        return _visit(row) if row is not None else None

    async def save(self, visit: Visit) -> None:
        statement = update(visits).where(visits.c.visit_id == visit.visit_id).values(_values(visit))
        await self._transaction.connection.execute(statement)

    async def find(self, *, state: str, region: str | None, after: UUID | None, limit: int) -> list[Visit]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT * FROM visits WHERE state = $1 AND ($2::text IS NULL OR region = $2) "
            "AND ($3::uuid IS NULL OR visit_id > $3) ORDER BY visit_id LIMIT $4",
            state,
            region,
            after,
            limit,
        )
        return [_visit(row) for row in rows]

    async def ordered_between(self, begins: datetime, ends: datetime, region: str | None, limit: int) -> list[Visit]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT * FROM visits WHERE state = 'ordered' AND begins_at >= $1 AND begins_at < $2 "
            "AND ($3::text IS NULL OR region = $3) ORDER BY begins_at, visit_id LIMIT $4",
            begins,
            ends,
            region,
            limit,
        )
        return [_visit(row) for row in rows]

    async def overdue(self, before_ordered: datetime, before_started: datetime, limit: int) -> list[Visit]:
        driver = await self._transaction.driver()
        claimed = await driver.fetch(_OVERDUE, before_ordered, before_started, limit)
        # Read again: what was committed before the lock was had is seen only by a second statement.
        rows = await driver.fetch(
            "SELECT * FROM visits WHERE visit_id = ANY($3::uuid[]) "
            "AND ((state = 'ordered' AND ends_at <= $1) OR (state = 'started' AND ends_at <= $2)) ORDER BY visit_id",
            before_ordered,
            before_started,
            [row["visit_id"] for row in claimed],
        )
        return [_visit(row) for row in rows]

    async def busy(self, visit: Visit) -> bool:
        driver = await self._transaction.driver()
        # Two orders for one person at once wait for each other here, whomever they are about.
        await driver.execute("SELECT pg_advisory_xact_lock(hashtext('outreach.visit_teams'))")
        found = await driver.fetchval(
            "SELECT 1 FROM visits WHERE state IN ('ordered', 'started') AND team && $1::text[] AND visit_id <> $2 "
            "AND begins_at < $4 AND ends_at > $3 LIMIT 1",
            list(visit.team),
            visit.visit_id,
            visit.begins_at,
            visit.ends_at,
        )
        return found is not None

    async def reserve(self, visit: Visit, decision_id: UUID, cleared: ToVisit) -> bool:
        if cleared.history.case_id != visit.case_id:
            raise NotProven(cleared.rung, "the proof is another case's")
        driver = await self._transaction.driver()
        taken = await driver.fetchval(
            _RESERVE,
            visit.attempt_id,
            visit.case_id,
            visit.person_id,
            visit.creditor_id,
            visit.contact_point_id,
            decision_id,
            self._transaction.now,
        )
        return taken is not None

    async def release(self, attempt_id: UUID) -> bool:
        driver = await self._transaction.driver()
        return await driver.fetchval(_RELEASE, attempt_id) is not None

    async def begin(self, attempt_id: UUID) -> bool:
        driver = await self._transaction.driver()
        return await driver.fetchval(_BEGIN, attempt_id, self._transaction.now) is not None

    async def token(self, attempt_id: UUID) -> int:
        driver = await self._transaction.driver()
        return int(await driver.fetchval("SELECT token FROM attempts WHERE attempt_id = $1", attempt_id))

    async def notice_sent_at(self, attempt_id: UUID) -> datetime | None:
        driver = await self._transaction.driver()
        sent_at: datetime | None = await driver.fetchval(
            "SELECT handed_over_at FROM attempts WHERE attempt_id = $1 AND state = 'settled' "
            "AND outcome IN ('sent', 'delivered')",
            attempt_id,
        )
        return sent_at

    async def call_off(self, case_ids: Collection[UUID], because: str) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE visits SET state = 'cancelled', closed_because = $2 "
            "WHERE case_id = ANY($1::uuid[]) AND state IN ('proposed', 'approved', 'ordered')",
            list(case_ids),
            because,
        )

    async def erase(self, person_ids: Collection[UUID]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE visits SET place_sealed = NULL, start_sealed = NULL, finish_sealed = NULL, report_sealed = NULL, "
            "recording_pointer = NULL WHERE person_id = ANY($1::uuid[])",
            list(person_ids),
        )


def _values(visit: Visit) -> dict[str, Any]:
    return {**{name: getattr(visit, name) for name in _COLUMNS}, "team": list(visit.team)}


def _visit(row: asyncpg.Record) -> Visit:
    values = {name: row[name] for name in _COLUMNS}
    return Visit(**{**values, "team": tuple(values["team"] or ())})
