"""Complaints and disputes as the desk works on them, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, insert, select, update

from services.outreach.adapters.desk_tables import desk_matters, desk_steps
from services.outreach.application.desk_records import LessonLine, Matter, MatterFilter, Step
from shared.db.transaction import Transaction

_FIELDS = tuple(field.name for field in fields(Matter))


class MatterRepository:
    """`Work.matters`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, matter: Matter) -> None:
        await self._transaction.connection.execute(insert(desk_matters).values(_row(matter)))

    async def get(self, matter_id: UUID) -> Matter | None:
        return await self._one(desk_matters.c.matter_id == matter_id)

    async def by_reference(self, reference: str) -> Matter | None:
        return await self._one(desk_matters.c.reference == reference)

    async def save(self, matter: Matter) -> None:
        await self._transaction.connection.execute(
            update(desk_matters).where(desk_matters.c.matter_id == matter.matter_id).values(_row(matter))
        )

    async def find(self, wanted: MatterFilter) -> Sequence[Matter]:
        column = desk_matters.c
        conditions: list[ColumnElement[bool]] = [
            column.closed_at.is_(None) if wanted.is_open else column.closed_at.is_not(None)
        ]
        if wanted.kind is not None:
            conditions.append(column.kind == wanted.kind)
        if wanted.is_overdue:
            conditions += [column.answered_at.is_(None), column.answer_due_at < self._transaction.now]
        if wanted.assigned_to is not None:
            conditions.append(column.assigned_to == wanted.assigned_to)
        if wanted.case_id is not None:
            conditions.append(column.case_id == wanted.case_id)
        order = column.answer_due_at if wanted.is_open else column.closed_at.desc()
        found = await self._transaction.connection.execute(
            select(desk_matters).where(*conditions).order_by(order, column.matter_id).limit(wanted.limit)
        )
        return [_matter(row) for row in found.mappings()]

    async def answered_like(self, case_id: UUID, kind: str, topic: str) -> Matter | None:
        column = desk_matters.c
        found = await self._transaction.connection.execute(
            select(desk_matters)
            .where(
                column.case_id == case_id,
                column.kind == kind,
                column.topic == topic,
                column.answered_at.is_not(None),
                column.outcome != "withdrawn",
            )
            .order_by(column.answered_at.desc())
            .limit(1)
        )
        row = found.mappings().first()
        return _matter(row) if row is not None else None

    async def note(self, step: Step) -> None:
        await self._transaction.connection.execute(
            insert(desk_steps).values({column.name: getattr(step, column.name) for column in desk_steps.c})
        )

    async def steps(self, matter_id: UUID) -> Sequence[Step]:
        found = await self._transaction.connection.execute(
            select(desk_steps).where(desk_steps.c.matter_id == matter_id).order_by(desk_steps.c.step_id)
        )
        return [Step(**row) for row in found.mappings()]

    async def due_reminders(self, limit: int) -> Sequence[Matter]:
        column = desk_matters.c
        found = await self._transaction.connection.execute(
            select(desk_matters)
            .where(column.remind_at <= self._transaction.now)
            .order_by(column.remind_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_matter(row) for row in found.mappings()]

    async def overdue_count(self) -> Mapping[str, int]:
        column = desk_matters.c
        found = await self._transaction.connection.execute(
            select(column.kind, func.count())
            .where(
                column.closed_at.is_(None),
                column.answered_at.is_(None),
                column.answer_due_at < self._transaction.now,
            )
            .group_by(column.kind)
        )
        return {str(kind): int(count) for kind, count in found.all()}

    async def lessons(self) -> Sequence[LessonLine]:
        column = desk_matters.c
        found = await self._transaction.connection.execute(
            select(column.kind, column.root_cause, column.outcome, func.count(), func.max(column.answered_at))
            .where(column.root_cause.is_not(None))
            .group_by(column.kind, column.root_cause, column.outcome)
            .order_by(func.count().desc(), column.root_cause, column.outcome)
        )
        return [LessonLine(*row) for row in found.all()]

    async def _one(self, condition: ColumnElement[bool]) -> Matter | None:
        found = await self._transaction.connection.execute(select(desk_matters).where(condition))
        row = found.mappings().first()
        return _matter(row) if row is not None else None


def _row(matter: Matter) -> dict[str, Any]:
    return {name: getattr(matter, name) for name in _FIELDS} | {"redress": list(matter.redress)}


def _matter(row: RowMapping) -> Matter:
    return Matter(**{**row, "redress": tuple(row["redress"])})
