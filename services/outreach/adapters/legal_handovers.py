"""Hand-overs to legal, and reminders before instalments, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from services.outreach.adapters.escalation_tables import instalment_reminders, legal_handovers
from services.outreach.application.escalation_records import InstalmentReminder, LegalHandover, LegalMark
from shared.db.transaction import Transaction

_COLUMNS = tuple(column.name for column in legal_handovers.columns)
_REMINDER_COLUMNS = tuple(column.name for column in instalment_reminders.columns)
ROWS_AT_ONCE = 1_000
"""PostgreSQL takes at most 32,767 parameters in one statement."""

MARKS_MAX = 200

_MARK = """
INSERT INTO legal_marks AS m (legal_id, case_id, handover_id, step, is_closed, at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bool[], $6::timestamptz[])
ON CONFLICT (legal_id) DO UPDATE SET
  handover_id = coalesce(m.handover_id, excluded.handover_id),
  step = CASE WHEN (excluded.is_closed, excluded.at) > (m.is_closed, m.at) THEN excluded.step ELSE m.step END,
  at = CASE WHEN (excluded.is_closed, excluded.at) > (m.is_closed, m.at) THEN excluded.at ELSE m.at END,
  is_closed = m.is_closed OR excluded.is_closed
"""
_CLAIM = """
SELECT r.plan_id, r.number FROM instalment_reminders r JOIN cases c USING (case_id)
JOIN persons p ON p.person_id = c.person_id
WHERE r.remind_at <= $1 ORDER BY r.remind_at LIMIT $2 FOR UPDATE OF p SKIP LOCKED
"""
_DUE = """
SELECT r.* FROM instalment_reminders r
JOIN unnest($1::uuid[], $2::smallint[]) AS t (plan_id, number) ON t.plan_id = r.plan_id AND t.number = r.number
WHERE r.remind_at <= $3 ORDER BY r.remind_at, r.plan_id, r.number
"""
_SAVE_REMINDERS = """
UPDATE instalment_reminders r SET remind_at = t.remind_at, closed_because = t.closed_because
FROM unnest($1::uuid[], $2::smallint[], $3::timestamptz[], $4::text[]) AS t (plan_id, number, remind_at, closed_because)
WHERE r.plan_id = t.plan_id AND r.number = t.number
"""


class LegalHandoverRepository:
    """`Work.handovers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def prepare(self, prepared: Sequence[LegalHandover]) -> list[UUID]:
        if not prepared:
            return []
        statement = insert(legal_handovers).values([_values(entry) for entry in prepared]).on_conflict_do_nothing()
        rows = await self._transaction.connection.execute(statement.returning(legal_handovers.c.handover_id))
        return [row.handover_id for row in rows]

    async def get(self, handover_id: UUID) -> LegalHandover | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow("SELECT * FROM legal_handovers WHERE handover_id = $1", handover_id)
        return _handover(row) if row is not None else None

    async def save(self, handover: LegalHandover) -> None:
        statement = update(legal_handovers).where(legal_handovers.c.handover_id == handover.handover_id)
        await self._transaction.connection.execute(statement.values(_values(handover)))

    async def call_off(self, case_ids: Collection[UUID], because: str) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE legal_handovers SET state = 'withdrawn', closed_because = $2 "
            "WHERE case_id = ANY($1::uuid[]) AND state IN ('prepared', 'signed')",
            list(case_ids),
            because,
        )

    async def find(self, *, state: str, after: UUID | None, limit: int) -> list[LegalHandover]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT * FROM legal_handovers WHERE state = $1 AND ($2::uuid IS NULL OR handover_id > $2) "
            "ORDER BY handover_id LIMIT $3",
            state,
            after,
            limit,
        )
        return [_handover(row) for row in rows]

    async def signed_since(self, since: datetime, after: UUID | None, limit: int) -> list[LegalHandover]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT * FROM legal_handovers WHERE state = 'signed' AND signed_at >= $1 AND ($2::uuid IS NULL OR "
            "(signed_at, handover_id) > (SELECT signed_at, handover_id FROM legal_handovers WHERE handover_id = $2)) "
            "ORDER BY signed_at, handover_id LIMIT $3",
            since,
            after,
            limit,
        )
        return [_handover(row) for row in rows]

    async def mark(self, marks: Sequence[LegalMark]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            _MARK,
            [mark.legal_id for mark in marks],
            [mark.case_id for mark in marks],
            [mark.handover_id for mark in marks],
            [mark.step for mark in marks],
            [mark.is_closed for mark in marks],
            [mark.at for mark in marks],
        )

    async def end_closed(self, legal_ids: Collection[UUID]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE legal_handovers h SET state = 'withdrawn', closed_because = 'legal_closed' FROM legal_marks m "
            "WHERE m.legal_id = ANY($1::uuid[]) AND m.is_closed AND m.handover_id = h.handover_id "
            "AND h.state = 'signed'",
            list(legal_ids),
        )

    async def marks(self, case_ids: Collection[UUID]) -> list[LegalMark]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT legal_id, case_id, handover_id, step, is_closed, at FROM legal_marks "
            "WHERE case_id = ANY($1::uuid[]) ORDER BY at DESC, legal_id LIMIT $2",
            list(case_ids),
            MARKS_MAX,
        )
        return [LegalMark(**dict(row)) for row in rows]


class InstalmentReminderRepository:
    """`Work.instalment_reminders`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, reminders: Sequence[InstalmentReminder]) -> None:
        if not reminders:
            return
        rows = [{name: getattr(reminder, name) for name in _REMINDER_COLUMNS} for reminder in reminders]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            statement = insert(instalment_reminders).values(rows[start : start + ROWS_AT_ONCE])
            await self._transaction.connection.execute(statement.on_conflict_do_nothing())

    async def claim_due(self, limit: int) -> list[InstalmentReminder]:
        driver = await self._transaction.driver()
        now = self._transaction.now
        claimed = await driver.fetch(_CLAIM, now, limit)
        if not claimed:
            return []
        rows = await driver.fetch(_DUE, [r["plan_id"] for r in claimed], [r["number"] for r in claimed], now)
        return [InstalmentReminder(**{name: row[name] for name in _REMINDER_COLUMNS}) for row in rows]

    async def states(self, reminders: Sequence[InstalmentReminder]) -> Mapping[UUID, str]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT attempt_id, state FROM attempts WHERE attempt_id = ANY($1::uuid[])",
            [reminder.attempt_id for reminder in reminders],
        )
        return {row["attempt_id"]: row["state"] for row in rows}

    async def ended_plans(self, plan_ids: Collection[UUID]) -> set[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT plan_id FROM agreed_plans WHERE plan_id = ANY($1::uuid[]) AND state > 0", list(plan_ids)
        )
        return {row["plan_id"] for row in rows}

    async def save(self, reminders: Sequence[InstalmentReminder]) -> None:
        if not reminders:
            return
        driver = await self._transaction.driver()
        await driver.execute(
            _SAVE_REMINDERS,
            [reminder.plan_id for reminder in reminders],
            [reminder.number for reminder in reminders],
            [reminder.remind_at for reminder in reminders],
            [reminder.closed_because for reminder in reminders],
        )


def _values(handover: LegalHandover) -> dict[str, Any]:
    return {name: getattr(handover, name) for name in _COLUMNS}


def _handover(row: asyncpg.Record) -> LegalHandover:
    values: dict[str, Any] = {name: row[name] for name in _COLUMNS}
    return LegalHandover(**values)
