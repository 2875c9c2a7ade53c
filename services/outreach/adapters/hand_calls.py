"""Calls by hand and their notes in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import RowMapping, insert, select, update

from services.outreach.adapters.workbench_tables import call_notes, hand_calls
from services.outreach.application.workbench_records import HandCall, KeptNote
from services.outreach.domain.call_note import CallNote, Promise
from shared.db.transaction import Transaction


class HandCallRepository:
    """`Work.calls`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, call: HandCall) -> None:
        values = {column.name: getattr(call, column.name) for column in hand_calls.c}
        await self._transaction.connection.execute(insert(hand_calls).values(values))

    async def get(self, attempt_id: UUID, *, lock: bool = False) -> HandCall | None:
        statement = select(hand_calls).where(hand_calls.c.attempt_id == attempt_id)
        found = await self._transaction.connection.execute(statement.with_for_update() if lock else statement)
        row = found.mappings().first()
        return HandCall(**row) if row is not None else None

    async def under_way(self, person_id: UUID) -> HandCall | None:
        found = await self._transaction.connection.execute(
            select(hand_calls).where(hand_calls.c.person_id == person_id, hand_calls.c.noted_at.is_(None))
        )
        row = found.mappings().first()
        return HandCall(**row) if row is not None else None

    async def among(self, attempt_ids: Collection[UUID]) -> set[UUID]:
        driver = await self._transaction.driver()
        rows: list[asyncpg.Record] = await driver.fetch(
            "SELECT attempt_id FROM hand_calls WHERE attempt_id = ANY($1::uuid[])", list(attempt_ids)
        )
        return {row["attempt_id"] for row in rows}

    async def write_note(self, note: KeptNote) -> None:
        said, promise = note.note, note.note.promise
        values: dict[str, Any] = {
            "attempt_id": note.attempt_id,
            "case_id": note.case_id,
            "person_id": note.person_id,
            "staff_id": note.staff_id,
            "outcome": said.outcome,
            "is_right_party": said.is_right_party,
            "cause": said.cause,
            "feelings": said.feelings,
            "words_sealed": note.words_sealed,
            "promised_on": promise.on if promise else None,
            "promised_minor_units": promise.minor_units if promise else None,
            "next_step": said.next_step,
            "next_at": said.next_at,
            "recording": said.recording,
            "keep_until": note.keep_until,
            "written_at": note.written_at,
            "is_said": note.words_sealed is None and promise is None,
        }
        await self._transaction.connection.execute(insert(call_notes).values(values))
        await self._transaction.connection.execute(
            update(hand_calls).where(hand_calls.c.attempt_id == note.attempt_id).values(noted_at=note.written_at)
        )

    async def note(self, attempt_id: UUID) -> KeptNote | None:
        found = await self._transaction.connection.execute(
            select(call_notes).where(call_notes.c.attempt_id == attempt_id)
        )
        row = found.mappings().first()
        return _note(row) if row is not None else None

    async def unsaid(self, limit: int) -> Sequence[KeptNote]:
        found = await self._transaction.connection.execute(
            select(call_notes)
            .where(~call_notes.c.is_said)
            .order_by(call_notes.c.written_at, call_notes.c.attempt_id)
            .limit(limit)
        )
        return [_note(row) for row in found.mappings()]

    async def mark_said(self, attempt_id: UUID) -> None:
        await self._transaction.connection.execute(
            update(call_notes).where(call_notes.c.attempt_id == attempt_id).values(is_said=True)
        )


def _note(row: RowMapping) -> KeptNote:
    promise = None
    if row["promised_on"] is not None:
        promise = Promise(row["promised_on"], row["promised_minor_units"])
    return KeptNote(
        attempt_id=row["attempt_id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        staff_id=row["staff_id"],
        # The words themselves stay sealed; who has to read them opens `words_sealed`.
        note=CallNote(
            outcome=row["outcome"],
            is_right_party=row["is_right_party"],
            cause=row["cause"],
            feelings=row["feelings"],
            words="",
            promise=promise,
            is_confirmed_back=promise is not None,
            next_step=row["next_step"],
            next_at=row["next_at"],
            recording=row["recording"],
        ),
        words_sealed=row["words_sealed"],
        keep_until=row["keep_until"],
        written_at=row["written_at"],
    )
