"""Everything one page shows about a person within one creditor, read in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from services.outreach.adapters.contact_plans import plan_from_row
from services.outreach.application.records import Grievance, PlannedContact, StandingHold
from services.outreach.application.workbench_records import NoteLine, ReplyLine
from shared.db.transaction import Transaction

CASES_MAX = 200


class PersonViewRepository:
    """`Work.views`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def case_ids(self, person_id: UUID, creditor_id: UUID) -> list[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT case_id FROM cases WHERE person_id = $1 AND creditor_id = $2 ORDER BY case_id LIMIT $3",
            person_id,
            creditor_id,
            CASES_MAX,
        )
        return [row["case_id"] for row in rows]

    async def plan(self, case_id: UUID) -> PlannedContact | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow("SELECT * FROM contact_plans WHERE case_id = $1", case_id)
        return plan_from_row(row) if row is not None else None

    async def plans(self, case_ids: Collection[UUID]) -> dict[UUID, int]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT DISTINCT ON (case_id) case_id, state FROM agreed_plans WHERE case_id = ANY($1::uuid[]) "
            "ORDER BY case_id, plan_id DESC",
            list(case_ids),
        )
        return {row["case_id"]: row["state"] for row in rows}

    async def holds(self, case_ids: Collection[UUID]) -> Sequence[StandingHold]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT hold_id, case_id, creditor_id, kind, until FROM holds "
            "WHERE case_id = ANY($1::uuid[]) AND released_at IS NULL ORDER BY hold_id",
            list(case_ids),
        )
        return [StandingHold(**row) for row in rows]

    async def grievances(self, case_ids: Collection[UUID]) -> Sequence[tuple[str, Grievance]]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT 'complaint' AS what, complaint_id AS id, case_id, creditor_id, category AS topic, opened_at, "
            "answer_due_at, closed_at, outcome FROM complaints WHERE case_id = ANY($1::uuid[]) AND closed_at IS NULL "
            "UNION ALL SELECT 'dispute', dispute_id, case_id, creditor_id, ground, opened_at, NULL, closed_at, outcome "
            "FROM disputes WHERE case_id = ANY($1::uuid[]) AND closed_at IS NULL ORDER BY opened_at, id",
            list(case_ids),
        )
        return [(row["what"], Grievance(**{k: v for k, v in row.items() if k != "what"})) for row in rows]

    async def replies(self, case_ids: Collection[UUID], limit: int) -> Sequence[ReplyLine]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT reply_id, case_id, channel, intent, classified_by, received_at, "
            "text_sealed IS NOT NULL AS has_text FROM replies WHERE case_id = ANY($1::uuid[]) "
            "ORDER BY received_at DESC, reply_id DESC LIMIT $2",
            list(case_ids),
            limit,
        )
        return [ReplyLine(**row) for row in rows]

    async def sealed_reply(self, reply_id: UUID) -> tuple[UUID, UUID, bytes | None] | None:
        return await self._sealed("SELECT case_id, person_id, text_sealed FROM replies WHERE reply_id = $1", reply_id)

    async def notes(self, case_ids: Collection[UUID], limit: int) -> Sequence[NoteLine]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT attempt_id, staff_id, outcome, is_right_party, cause, feelings, "
            "words_sealed IS NOT NULL AS has_words, promised_on, promised_minor_units, next_step, next_at, written_at "
            "FROM call_notes WHERE case_id = ANY($1::uuid[]) ORDER BY written_at DESC, attempt_id DESC LIMIT $2",
            list(case_ids),
            limit,
        )
        return [NoteLine(**row) for row in rows]

    async def sealed_note(self, attempt_id: UUID) -> tuple[UUID, UUID, bytes | None] | None:
        return await self._sealed(
            "SELECT case_id, person_id, words_sealed FROM call_notes WHERE attempt_id = $1", attempt_id
        )

    async def _sealed(self, statement: str, key: UUID) -> tuple[UUID, UUID, bytes | None] | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(statement, key)
        return (row[0], row[1], row[2]) if row is not None else None
