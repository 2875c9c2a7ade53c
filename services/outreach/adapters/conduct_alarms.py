"""Alarms about critical conduct, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, insert, select, update

from services.outreach.adapters.desk_tables import conduct_alarms
from services.outreach.application.desk_records import Alarm
from shared.db.transaction import Transaction

_FIELDS = tuple(field.name for field in fields(Alarm))


class AlarmRepository:
    """`Work.alarms`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, alarm: Alarm) -> None:
        await self._transaction.connection.execute(insert(conduct_alarms).values(_row(alarm)))

    async def get(self, alarm_id: UUID, *, lock: bool = False) -> Alarm | None:
        wanted = select(conduct_alarms).where(conduct_alarms.c.alarm_id == alarm_id)
        return await self._one(wanted.with_for_update() if lock else wanted)

    async def by_reference(self, reference: str) -> Alarm | None:
        return await self._one(select(conduct_alarms).where(conduct_alarms.c.reference == reference))

    async def save(self, alarm: Alarm) -> None:
        await self._transaction.connection.execute(
            update(conduct_alarms).where(conduct_alarms.c.alarm_id == alarm.alarm_id).values(_row(alarm))
        )

    async def standing_for(self, person_ids: Collection[UUID]) -> set[UUID]:
        column = conduct_alarms.c
        found = await self._transaction.connection.execute(
            select(column.person_id).where(column.person_id.in_(list(person_ids)), column.released_at.is_(None))
        )
        return set(found.scalars())

    async def find(self, *, is_standing: bool, limit: int) -> Sequence[Alarm]:
        released_at = conduct_alarms.c.released_at
        wanted: ColumnElement[bool] = released_at.is_(None) if is_standing else released_at.is_not(None)
        statement = select(conduct_alarms).where(wanted).order_by(conduct_alarms.c.alarm_id.desc()).limit(limit)
        return await self._many(statement)

    async def due_mail(self, limit: int) -> Sequence[Alarm]:
        mail_at = conduct_alarms.c.mail_at
        statement = select(conduct_alarms).where(mail_at <= self._transaction.now).order_by(mail_at).limit(limit)
        return await self._many(statement.with_for_update(skip_locked=True))

    async def take_work_back(self, staff_id: str) -> int:
        driver = await self._transaction.driver()
        status = await driver.execute(
            "UPDATE work_items SET holder = NULL, held_until = NULL, sticky_to = NULL "
            "WHERE done_at IS NULL AND (holder = $1 OR sticky_to = $1)",
            staff_id,
        )
        return int(status.rsplit(" ", 1)[-1])

    async def _one(self, statement: Select[Any]) -> Alarm | None:
        row = (await self._transaction.connection.execute(statement)).mappings().first()
        return Alarm(**row) if row is not None else None

    async def _many(self, statement: Select[Any]) -> list[Alarm]:
        return [Alarm(**row) for row in (await self._transaction.connection.execute(statement)).mappings()]


def _row(alarm: Alarm) -> dict[str, Any]:
    return {name: getattr(alarm, name) for name in _FIELDS}
