"""Promises, answers that are due and mail that came in, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from services.outreach.adapters.reply_tables import due_answers, inbound_mails, promises
from services.outreach.application.reply_records import DueAnswer, InboundMail, Promise
from shared.db.transaction import Transaction

_PROMISE = [promises.c[name] for name in Promise.__dataclass_fields__]
_CLAIM_ANSWERS = """
SELECT a.* FROM due_answers a JOIN persons p ON p.person_id = a.person_id
WHERE a.state = 'due' AND a.due_at <= $1 ORDER BY a.due_at LIMIT $2 FOR UPDATE OF p, a SKIP LOCKED
"""
_SAVE_ANSWERS = """
UPDATE due_answers a SET due_at = t.due_at, tries = t.tries, attempt_id = t.attempt_id, state = t.state
FROM unnest($1::uuid[], $2::timestamptz[], $3::smallint[], $4::uuid[], $5::text[])
     AS t (answer_id, due_at, tries, attempt_id, state)
WHERE a.answer_id = t.answer_id
"""


class PromiseRepository:
    """`Work.promises`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def propose(self, promise: Promise) -> None:
        row = {name: getattr(promise, name) for name in Promise.__dataclass_fields__}
        await self._transaction.connection.execute(insert(promises).values(row).on_conflict_do_nothing())

    async def proposed(self, case_id: UUID) -> Promise | None:
        found = await self._transaction.connection.execute(
            select(*_PROMISE).where(promises.c.case_id == case_id, promises.c.state == "proposed")
        )
        row = found.mappings().first()
        return Promise(**row) if row is not None else None

    async def settle(self, promise_ids: Sequence[UUID], state: str, by: str, at: datetime) -> None:
        await self._transaction.connection.execute(
            update(promises)
            .where(promises.c.promise_id.in_(promise_ids), promises.c.state == "proposed")
            .values(state=state, settled_by=by, settled_at=at)
        )

    async def said_back(self, reply_id: UUID, counts_at: datetime) -> None:
        await self._transaction.connection.execute(
            update(promises)
            .where(promises.c.reply_id == reply_id, promises.c.counts_at.is_(None))
            .values(counts_at=counts_at)
        )

    async def uncontradicted(self, limit: int) -> Sequence[Promise]:
        found = await self._transaction.connection.execute(
            select(*_PROMISE)
            .where(promises.c.state == "proposed", promises.c.counts_at <= self._transaction.now)
            .order_by(promises.c.counts_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [Promise(**row) for row in found.mappings()]


class AnswerRepository:
    """`Work.answers`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, answer: DueAnswer) -> None:
        row = {name: getattr(answer, name) for name in DueAnswer.__dataclass_fields__}
        await self._transaction.connection.execute(
            insert(due_answers).values(row).on_conflict_do_nothing(index_elements=["reply_id"])
        )

    async def claim_due(self, limit: int) -> list[DueAnswer]:
        driver = await self._transaction.driver()
        return [_answer(row) for row in await driver.fetch(_CLAIM_ANSWERS, self._transaction.now, limit)]

    async def save(self, answers: Sequence[DueAnswer]) -> None:
        if not answers:
            return
        driver = await self._transaction.driver()
        rows = [(a.answer_id, a.due_at, a.tries, a.attempt_id, a.state) for a in answers]
        await driver.execute(_SAVE_ANSWERS, *(list(column) for column in zip(*rows, strict=True)))

    async def left(self, attempt_ids: Sequence[UUID]) -> set[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT attempt_id FROM attempts WHERE attempt_id = ANY($1::uuid[]) "
            "AND (state = 'sending' OR state = 'settled' AND outcome <> 'failed')",
            list(attempt_ids),
        )
        return {row["attempt_id"] for row in rows}

    async def taken_back(self, attempt_ids: Sequence[UUID]) -> set[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT attempt_id FROM attempts WHERE attempt_id = ANY($1::uuid[]) AND state = 'released'",
            list(attempt_ids),
        )
        return {row["attempt_id"] for row in rows}

    async def drop(self, case_id: UUID, purpose: str) -> None:
        table = due_answers.c
        await self._transaction.connection.execute(
            update(due_answers)
            .where(table.case_id == case_id, table.purpose == purpose, table.state == "due")
            .values(state="refused", due_at=None)
        )


class InboundMailRepository:
    """`Work.inbound_mails`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, mail_key: str) -> InboundMail | None:
        found = await self._transaction.connection.execute(
            select(inbound_mails).where(inbound_mails.c.mail_key == mail_key)
        )
        row = found.mappings().first()
        return InboundMail(**row) if row is not None else None

    async def add(self, mail: InboundMail) -> bool:
        row = {name: getattr(mail, name) for name in InboundMail.__dataclass_fields__}
        added = await self._transaction.connection.execute(
            insert(inbound_mails).values(row).on_conflict_do_nothing().returning(inbound_mails.c.mail_key)
        )
        return added.first() is not None


def _answer(row: asyncpg.Record) -> DueAnswer:
    return DueAnswer(**{name: row[name] for name in DueAnswer.__dataclass_fields__})
