"""Replies, complaints and disputes in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import RowMapping, Table, func, insert, select, update

from services.outreach.adapters.tables import complaints, disputes
from services.outreach.application.records import Grievance, KeptReply, NewReply
from shared.db.transaction import Transaction


class ReplyRepository:
    """`Work.replies`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, reply: NewReply) -> KeptReply | None:
        driver = await self._transaction.driver()
        added = await driver.fetchval(
            "INSERT INTO replies (reply_id, reply_reference, case_id, person_id, attempt_id, channel, intent, "
            "classified_by, text_sealed, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
            "ON CONFLICT (reply_reference) DO NOTHING RETURNING reply_id",
            reply.reply_id,
            reply.reply_reference,
            reply.case_id,
            reply.person_id,
            reply.attempt_id,
            reply.channel,
            reply.intent,
            reply.classified_by,
            reply.text_sealed,
            reply.received_at,
        )
        if added is not None:
            return None
        return (await self.find([reply.reply_reference]))[reply.reply_reference]

    async def find(self, reply_references: Collection[str]) -> dict[str, KeptReply]:
        driver = await self._transaction.driver()
        rows: list[asyncpg.Record] = await driver.fetch(
            "SELECT reply_reference, reply_id, intent FROM replies WHERE reply_reference = ANY($1::text[])",
            list(reply_references),
        )
        return {row["reply_reference"]: KeptReply(row["reply_id"], row["intent"]) for row in rows}


class GrievanceRepository:
    """`Work.complaints` and `Work.disputes`: the same life, in a table each."""

    def __init__(self, transaction: Transaction, table: Table) -> None:
        self._transaction = transaction
        self._table = table
        self._is_complaint = table is complaints
        self._id = table.c.complaint_id if self._is_complaint else table.c.dispute_id
        self._topic = table.c.category if self._is_complaint else table.c.ground

    @classmethod
    def of_complaints(cls, transaction: Transaction) -> GrievanceRepository:
        return cls(transaction, complaints)

    @classmethod
    def of_disputes(cls, transaction: Transaction) -> GrievanceRepository:
        return cls(transaction, disputes)

    async def open(self, grievance: Grievance, reply_id: UUID | None) -> None:
        row: dict[str, Any] = {
            self._id.name: grievance.id,
            self._topic.name: grievance.topic,
            "case_id": grievance.case_id,
            "creditor_id": grievance.creditor_id,
            "reply_id": reply_id,
            "opened_at": grievance.opened_at,
        }
        if self._is_complaint:
            row["answer_due_at"] = grievance.answer_due_at
        await self._transaction.connection.execute(insert(self._table).values(row))

    async def get(self, grievance_id: UUID) -> Grievance | None:
        found = await self._transaction.connection.execute(select(self._table).where(self._id == grievance_id))
        row = found.mappings().first()
        return self._grievance(row) if row is not None else None

    async def close(self, grievance_id: UUID, outcome: str, at: datetime) -> Grievance | None:
        closed = await self._transaction.connection.execute(
            update(self._table)
            .where(self._id == grievance_id, self._table.c.closed_at.is_(None))
            .values(closed_at=at, outcome=outcome)
            .returning(self._table)
        )
        row = closed.mappings().first()
        return self._grievance(row) if row is not None else None

    async def find(self, *, is_open: bool, limit: int) -> Sequence[Grievance]:
        closed_at = self._table.c.closed_at
        wanted = closed_at.is_(None) if is_open else closed_at.is_not(None)
        order = self._table.c.opened_at if is_open else closed_at.desc()
        found = await self._transaction.connection.execute(
            select(self._table).where(wanted).order_by(order, self._id).limit(limit)
        )
        return [self._grievance(row) for row in found.mappings()]

    async def open_count(self, case_id: UUID) -> int:
        counted = await self._transaction.connection.execute(
            select(func.count())
            .select_from(self._table)
            .where(self._table.c.case_id == case_id, self._table.c.closed_at.is_(None))
        )
        return int(counted.scalar_one())

    def _grievance(self, row: RowMapping) -> Grievance:
        return Grievance(
            id=row[self._id.name],
            topic=row[self._topic.name],
            case_id=row["case_id"],
            creditor_id=row["creditor_id"],
            opened_at=row["opened_at"],
            answer_due_at=row["answer_due_at"] if self._is_complaint else None,
            closed_at=row["closed_at"],
            outcome=row["outcome"],
        )
