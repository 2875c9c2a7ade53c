"""What comes next for each case, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from services.outreach.adapters.person_groups import PersonGroupRepository
from services.outreach.application.records import Cause, PlannedContact
from services.outreach.domain.ladder import Progress
from shared.db.transaction import Transaction

# A person whom the vault is just being asked about is left for a moment; after that the gate says what is missing.
# The person's row is what is locked and skipped, so that two sweeps never decide about one person at once. The plans
# are read again by a second statement, which sees what was committed before the lock was had.
_CLAIM = """
SELECT p.case_id FROM contact_plans p JOIN persons q ON q.person_id = p.person_id
WHERE p.due_at <= $1 AND (q.group_id IS NOT NULL OR q.token_tries > 0 OR q.is_erased)
ORDER BY p.due_at LIMIT $2 FOR UPDATE OF q SKIP LOCKED
"""
_DUE = """
SELECT * FROM contact_plans WHERE case_id = ANY($1::uuid[]) AND due_at <= $2 ORDER BY due_at, case_id FOR UPDATE
"""
_LOAD = "SELECT * FROM contact_plans WHERE case_id = ANY($1::uuid[]) ORDER BY case_id FOR UPDATE"
_SAVE = """
INSERT INTO contact_plans (case_id, person_id, strategy, step, round, tries, due_at, is_waiting, is_finished,
                           attempt_id, cause_event_id, correlation_id, traceparent)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[], $5::smallint[], $6::smallint[],
                     $7::timestamptz[], $8::bool[], $9::bool[], $10::uuid[], $11::uuid[], $12::uuid[], $13::text[])
ORDER BY 1
ON CONFLICT (case_id) DO UPDATE SET
    strategy = excluded.strategy, step = excluded.step, round = excluded.round, tries = excluded.tries,
    due_at = excluded.due_at, is_waiting = excluded.is_waiting, is_finished = excluded.is_finished,
    attempt_id = excluded.attempt_id, cause_event_id = excluded.cause_event_id,
    correlation_id = excluded.correlation_id, traceparent = excluded.traceparent
"""
_SAVE_AFTER = """
UPDATE contact_plans p SET step = t.step, round = t.round, tries = t.tries, due_at = t.due_at, is_waiting = false,
       is_finished = t.is_finished, attempt_id = NULL
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::smallint[], $5::smallint[], $6::timestamptz[], $7::bool[])
     AS t (case_id, attempt_id, step, round, tries, due_at, is_finished)
WHERE p.case_id = t.case_id AND p.attempt_id = t.attempt_id
"""


class ContactPlanRepository:
    """`Work.plans`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def claim_due(self, limit: int) -> list[PlannedContact]:
        driver = await self._transaction.driver()
        now = self._transaction.now
        claimed = await driver.fetch(_CLAIM, now, limit)
        if not claimed:
            return []
        ours = await PersonGroupRepository(self._transaction).hold([row["case_id"] for row in claimed], wait=False)
        rows = await driver.fetch(_DUE, list(ours), now)
        return [plan_from_row(row) for row in rows]

    async def load(self, case_ids: Collection[UUID]) -> dict[UUID, PlannedContact]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_LOAD, list(case_ids))
        return {row["case_id"]: plan_from_row(row) for row in rows}

    async def save(self, plans: Sequence[PlannedContact]) -> None:
        if not plans:
            return
        driver = await self._transaction.driver()
        rows = [
            (
                plan.case_id,
                plan.person_id,
                plan.progress.strategy,
                plan.progress.step,
                plan.progress.round,
                plan.progress.tries,
                plan.progress.due_at,
                plan.progress.is_waiting,
                plan.progress.is_finished,
                plan.attempt_id,
                plan.cause.event_id if plan.cause else None,
                plan.cause.correlation_id if plan.cause else None,
                plan.cause.traceparent if plan.cause else None,
            )
            for plan in plans
        ]
        await driver.execute(_SAVE, *(list(column) for column in zip(*rows, strict=True)))

    async def save_after(self, plans: Sequence[PlannedContact], attempts: Sequence[UUID]) -> None:
        if not plans:
            return
        driver = await self._transaction.driver()
        await driver.execute(
            _SAVE_AFTER,
            [plan.case_id for plan in plans],
            list(attempts),
            [plan.progress.step for plan in plans],
            [plan.progress.round for plan in plans],
            [plan.progress.tries for plan in plans],
            [plan.progress.due_at for plan in plans],
            [plan.progress.is_finished for plan in plans],
        )

    async def wake(self, case_ids: Collection[UUID], at: datetime) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE contact_plans SET due_at = least(coalesce(due_at, $2), $2) "
            "WHERE case_id = ANY($1::uuid[]) AND is_waiting",
            list(case_ids),
            at,
        )

    async def postpone(self, case_ids: Mapping[UUID, datetime]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE contact_plans p SET due_at = greatest(p.due_at, t.at) "
            "FROM unnest($1::uuid[], $2::timestamptz[]) AS t (case_id, at) "
            "WHERE p.case_id = t.case_id AND p.due_at IS NOT NULL",
            list(case_ids),
            list(case_ids.values()),
        )

    async def end(self, case_ids: Collection[UUID]) -> None:
        driver = await self._transaction.driver()
        await driver.execute("DELETE FROM contact_plans WHERE case_id = ANY($1::uuid[])", list(case_ids))


def plan_from_row(row: asyncpg.Record) -> PlannedContact:
    cause = None
    if row["cause_event_id"] is not None:
        cause = Cause(row["cause_event_id"], row["correlation_id"], row["traceparent"])
    progress = Progress(
        strategy=row["strategy"],
        step=row["step"],
        round=row["round"],
        tries=row["tries"],
        due_at=row["due_at"],
        is_waiting=row["is_waiting"],
        is_finished=row["is_finished"],
    )
    return PlannedContact(row["case_id"], row["person_id"], progress, row["attempt_id"], cause)
