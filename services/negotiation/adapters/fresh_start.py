"""Corrections and check-ins in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.negotiation.adapters import fresh_start_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.fresh_start_ports import ClearedCase
from services.negotiation.domain.fresh_start.check_ins import CheckIn, CheckInState
from services.negotiation.domain.fresh_start.corrections import Correction, CorrectionState
from services.negotiation.domain.refusals import NoSuchThing

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

Row = Mapping[str, Any]

_FIXED = (
    "correction_id",
    "case_id",
    "creditor_id",
    "jurisdiction",
    "language",
    "outcome",
    "currency",
    "cleared_at",
    "requested_at",
)
_STATE = ("state", "due_at", "attempts", "sent_at", "answer_due_at", "answer", "answered_at")
_CHECK_IN = ("case_id", "days", "creditor_id", "due_on", "cause", "state", "answered_at")


class SqlFreshStarts:
    """`FreshStarts`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def lock_cleared(self, limit: int) -> list[ClearedCase]:
        found = await self._driver.fetch(
            "SELECT c.case_id, c.reason, c.cleared_at FROM clearances c JOIN cases USING (case_id) "
            "WHERE NOT c.is_followed AND c.withdrawn_at IS NULL ORDER BY c.cleared_at LIMIT $1 "
            "FOR UPDATE OF cases SKIP LOCKED",
            limit,
        )
        return [ClearedCase(row["case_id"], row["reason"], row["cleared_at"]) for row in found]

    async def follow(self, corrections: Sequence[Correction], check_ins: Sequence[CheckIn]) -> None:
        columns = (*_FIXED, "waived_minor_units", *_STATE)
        values = [(*(getattr(c, n) for n in _FIXED), c.waived, *(getattr(c, n) for n in _STATE)) for c in corrections]
        await insert_rows(self._driver, tables.corrections, columns, values)
        questions = [tuple(getattr(c, name) for name in _CHECK_IN) for c in check_ins]
        await insert_rows(self._driver, tables.check_ins, _CHECK_IN, questions)
        await self._driver.execute(
            "UPDATE clearances SET is_followed = true WHERE case_id = ANY($1::uuid[])",
            [correction.case_id for correction in corrections],
        )

    async def lock_due(self, state: CorrectionState, limit: int) -> list[Correction]:
        found = await self._driver.fetch(
            "SELECT * FROM corrections WHERE state = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3 "
            "FOR UPDATE SKIP LOCKED",
            state,
            self._now,
            limit,
        )
        return [_correction(row) for row in found]

    async def save(self, corrections: Sequence[Correction]) -> None:
        values = [(c.correction_id, *(getattr(c, name) for name in _STATE)) for c in corrections]
        await update_rows(self._driver, tables.corrections, ("correction_id",), _STATE, values)

    async def find(self, correction_id: UUID) -> Correction:
        row = await self._driver.fetchrow(
            "SELECT * FROM corrections WHERE correction_id = $1 FOR UPDATE", correction_id
        )
        if row is None:
            raise NoSuchThing("correction")
        return _correction(row)

    async def of_case(self, case_id: UUID) -> Correction | None:
        row = await self._driver.fetchrow("SELECT * FROM corrections WHERE case_id = $1", case_id)
        return _correction(row) if row is not None else None

    async def in_state(self, state: CorrectionState, limit: int) -> list[Correction]:
        found = await self._driver.fetch(
            "SELECT * FROM corrections WHERE state = $1 ORDER BY requested_at, correction_id LIMIT $2", state, limit
        )
        return [_correction(row) for row in found]

    async def withdrawn_of(self, case_ids: Collection[UUID]) -> set[UUID]:
        found = await self._driver.fetch(
            "SELECT case_id FROM clearances WHERE case_id = ANY($1::uuid[]) AND withdrawn_at IS NOT NULL",
            list(case_ids),
        )
        return {row["case_id"] for row in found}

    async def check_ins(self, case_id: UUID) -> list[CheckIn]:
        found = await self._driver.fetch("SELECT * FROM check_ins WHERE case_id = $1 ORDER BY days", case_id)
        return [_check_in(row) for row in found]

    async def check_ins_due(self, on: date, state: CheckInState, limit: int) -> list[CheckIn]:
        found = await self._driver.fetch(
            "SELECT q.* FROM check_ins q JOIN clearances c USING (case_id) WHERE q.state = $3 AND q.due_on <= $1 "
            "AND c.withdrawn_at IS NULL ORDER BY q.due_on, q.case_id, q.days LIMIT $2",
            on,
            limit,
            state,
        )
        return [_check_in(row) for row in found]

    async def save_check_in(self, check_in: CheckIn) -> None:
        columns = ("state", "answered_at")
        row = (check_in.case_id, check_in.days, check_in.state, check_in.answered_at)
        await update_rows(self._driver, tables.check_ins, ("case_id", "days"), columns, [row])


def _correction(row: Row) -> Correction:
    return Correction(**{name: row[name] for name in (*_FIXED, *_STATE)}, waived=row["waived_minor_units"])


def _check_in(row: Row) -> CheckIn:
    return CheckIn(**{name: row[name] for name in _CHECK_IN})
