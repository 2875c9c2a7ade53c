"""The inbox in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.outreach.adapters.channel_tables import inbox_messages
from services.outreach.application.channel_records import InboxLine, NewInboxMessage
from shared.db.transaction import Transaction

_LINE = [inbox_messages.c[name] for name in InboxLine.__dataclass_fields__]


class InboxRepository:
    """`Work.inbox`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, messages: Sequence[NewInboxMessage]) -> None:
        rows = [
            {name: getattr(message, name) for name in NewInboxMessage.__dataclass_fields__}
            for message in sorted(messages, key=lambda message: message.attempt_id)
        ]
        if rows:
            await self._transaction.connection.execute(insert(inbox_messages).values(rows).on_conflict_do_nothing())

    async def has(self, attempt_ids: Collection[UUID]) -> set[UUID]:
        found = await self._transaction.connection.execute(
            select(inbox_messages.c.attempt_id).where(inbox_messages.c.attempt_id.in_(attempt_ids))
        )
        return set(found.scalars())

    async def of_person(self, person_id: UUID, limit: int) -> list[InboxLine]:
        found = await self._transaction.connection.execute(
            select(*_LINE)
            .where(inbox_messages.c.person_id == person_id)
            .order_by(inbox_messages.c.sent_at.desc(), inbox_messages.c.attempt_id.desc())
            .limit(limit)
        )
        return [InboxLine(**row) for row in found.mappings()]

    async def mark_read(self, person_id: UUID, attempt_id: UUID, at: datetime) -> bool:
        marked = await self._transaction.connection.execute(
            update(inbox_messages)
            .where(inbox_messages.c.person_id == person_id, inbox_messages.c.attempt_id == attempt_id)
            .values(read_at=func.coalesce(inbox_messages.c.read_at, at))
            .returning(inbox_messages.c.attempt_id)
        )
        return marked.first() is not None
