"""Reviews of replies and people's corrections, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_ignore

from services.outreach.adapters.reply_tables import reply_labels, reply_reviews
from services.outreach.adapters.tables import replies
from services.outreach.application.reply_records import Label, Review, SealedReply
from shared.db.transaction import Transaction


class ReviewRepository:
    """`Work.reviews`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open(self, review: Review) -> None:
        row = {
            "review_id": review.review_id,
            "reply_id": review.reply_id,
            "case_id": review.case_id,
            "creditor_id": review.creditor_id,
            "reason": review.reason,
            "priority": review.priority,
            "suggestions": orjson.dumps(review.suggestions).decode(),
            "read_by": review.read_by,
            "opened_at": review.opened_at,
            "held_until": review.held_until,
        }
        await self._transaction.connection.execute(
            insert_or_ignore(reply_reviews).values(row).on_conflict_do_nothing(index_elements=["reply_id"])
        )

    async def get(self, review_id: UUID) -> Review | None:
        found = await self._transaction.connection.execute(
            select(reply_reviews).where(reply_reviews.c.review_id == review_id).with_for_update()
        )
        row = found.mappings().first()
        return _review(row) if row is not None else None

    async def resolve(self, review_id: UUID, intent: str, by: str, at: datetime) -> None:
        await self._transaction.connection.execute(
            update(reply_reviews)
            .where(reply_reviews.c.review_id == review_id, reply_reviews.c.resolved_at.is_(None))
            .values(resolved_intent=intent, resolved_by=by, resolved_at=at)
        )

    async def find(self, *, is_open: bool, limit: int) -> Sequence[Review]:
        table = reply_reviews.c
        wanted = table.resolved_at.is_(None) if is_open else table.resolved_at.is_not(None)
        order: list[Any] = [table.priority, table.opened_at] if is_open else [table.resolved_at.desc()]
        return await self._read(select(reply_reviews).where(wanted).order_by(*order, table.review_id).limit(limit))

    async def open_on(self, case_id: UUID) -> Sequence[Review]:
        table = reply_reviews.c
        return await self._read(
            select(reply_reviews).where(table.case_id == case_id, table.resolved_at.is_(None)).order_by(table.review_id)
        )

    async def reply(self, reply_id: UUID) -> SealedReply | None:
        found = await self._transaction.connection.execute(select(replies).where(replies.c.reply_id == reply_id))
        row = found.mappings().first()
        if row is None:
            return None
        return SealedReply(**{name: row[name] for name in SealedReply.__dataclass_fields__})

    async def label(self, label: Label) -> None:
        row = {name: getattr(label, name) for name in Label.__dataclass_fields__}
        await self._transaction.connection.execute(insert(reply_labels).values(row))

    async def labels(self, after: UUID | None, limit: int) -> Sequence[Label]:
        wanted = select(reply_labels).order_by(reply_labels.c.label_id).limit(limit)
        if after is not None:
            wanted = wanted.where(reply_labels.c.label_id > after)
        found = await self._transaction.connection.execute(wanted)
        return [Label(**row) for row in found.mappings()]

    async def _read(self, wanted: Any) -> Sequence[Review]:
        found = await self._transaction.connection.execute(wanted)
        return [_review(row) for row in found.mappings()]


def _review(row: RowMapping) -> Review:
    suggestions = tuple((intent, confidence) for intent, confidence in orjson.loads(row["suggestions"]))
    return Review(**{**row, "suggestions": suggestions})
