"""Requests for relief over PostgreSQL: whole as JSON, with the columns that queues and sweeps look for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.adapters import relief_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.relief_ports import Queue, ReliefStep
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.domain.relief.request import OPEN, UNDECIDED, Decision, Evidence, Relief

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

STATE = ("state", "requested_at", "decide_by", "due_at", "is_review_due", "is_overdue", "until_on", "content")
OF_CASE_MAX = 200
STEPS_MAX = 1_000

_IN_QUEUE: dict[Queue, str] = {
    "requested": "state = 'requested'",
    "needs_evidence": "state = 'needs_evidence'",
    "with_lender": "state = 'with_lender'",
    "granted": "state = 'granted'",
    "review_due": "state = 'granted' AND is_review_due",
    "overdue": "state = 'with_lender' AND is_overdue",
}
_MOMENTS = ("requested_at", "decide_by", "due_at", "until", "ended_at")
_DAYS = ("granted_on", "until_on", "review_on")
_IDS = ("relief_id", "case_id", "creditor_id", "plan_id")


class SqlReliefs:
    """`Work.reliefs`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def add(self, relief: Relief) -> None:
        columns = ("relief_id", "case_id", "creditor_id", *STATE)
        row = (relief.relief_id, relief.case_id, relief.creditor_id, *_state(relief))
        await insert_rows(self._driver, tables.reliefs, columns, [row])

    async def save(self, reliefs: Sequence[Relief]) -> None:
        values = [(relief.relief_id, *_state(relief)) for relief in reliefs]
        await update_rows(self._driver, tables.reliefs, ("relief_id",), STATE, values)

    async def record(self, steps: Sequence[ReliefStep]) -> None:
        values = [(s.relief_id, s.step, s.at, s.case_id, s.creditor_id, s.by) for s in steps]
        columns = ("relief_id", "step", "at", "case_id", "creditor_id", "by")
        clause = "ON CONFLICT DO NOTHING"
        await insert_rows(self._driver, tables.relief_steps, columns, values, on_conflict=clause)

    async def steps(self, relief_id: UUID) -> list[ReliefStep]:
        found = await self._driver.fetch(
            "SELECT * FROM relief_steps WHERE relief_id = $1 ORDER BY at LIMIT $2", relief_id, STEPS_MAX
        )
        return [ReliefStep(r["relief_id"], r["case_id"], r["creditor_id"], r["step"], r["by"], r["at"]) for r in found]

    async def of_case(self, case_id: UUID) -> list[Relief]:
        found = await self._driver.fetch(
            "SELECT content FROM reliefs WHERE case_id = $1 ORDER BY requested_at, relief_id LIMIT $2",
            case_id,
            OF_CASE_MAX,
        )
        return [relief_from(row["content"]) for row in found]

    async def find(self, relief_id: UUID) -> Relief:
        row = await self._driver.fetchrow("SELECT content FROM reliefs WHERE relief_id = $1", relief_id)
        if row is None:
            raise NoSuchThing("relief")
        return relief_from(row["content"])

    async def open_of(self, case_ids: Collection[UUID]) -> list[Relief]:
        found = await self._driver.fetch(
            "SELECT content FROM reliefs WHERE case_id = ANY($1::uuid[]) AND state = ANY($2::text[])",
            list(case_ids),
            sorted(OPEN),
        )
        return [relief_from(row["content"]) for row in found]

    async def undecided(self, case_ids: Collection[UUID]) -> dict[UUID, datetime]:
        found = await self._driver.fetch(
            "SELECT case_id, decide_by FROM reliefs WHERE case_id = ANY($1::uuid[]) AND state = ANY($2::text[])",
            list(case_ids),
            sorted(UNDECIDED),
        )
        return {row["case_id"]: row["decide_by"] for row in found}

    async def lock_due(self, limit: int) -> list[UUID]:
        found = await self._driver.fetch(
            "SELECT r.relief_id FROM reliefs r JOIN cases c USING (case_id) WHERE r.due_at <= $1 "
            "ORDER BY r.due_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED",
            self._now,
            limit,
        )
        return [row["relief_id"] for row in found]

    async def queue(
        self, queue: Queue, creditor_id: UUID | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Relief]:
        found = await self._driver.fetch(
            f"SELECT content FROM reliefs WHERE {_IN_QUEUE[queue]} "  # noqa: S608 - one of our own conditions
            "AND ($1::uuid IS NULL OR creditor_id = $1) "
            "AND ($2::timestamptz IS NULL OR (requested_at, relief_id) > ($2, $3)) "
            "ORDER BY requested_at, relief_id LIMIT $4",
            creditor_id,
            *(after or (None, None)),
            limit,
        )
        return [relief_from(row["content"]) for row in found]


def _state(relief: Relief) -> tuple[Any, ...]:
    return (
        relief.state,
        relief.requested_at,
        relief.decide_by,
        relief.due_at,
        relief.is_review_due,
        relief.is_overdue,
        relief.until_on,
        # The driver's identifiers are a subclass of UUID, which orjson leaves to `default`.
        orjson.dumps(asdict(relief), default=str).decode(),
    )


def relief_from(stored: Mapping[str, Any]) -> Relief:
    """The request as it was stored."""
    values = dict(stored)
    values |= {name: datetime.fromisoformat(text) for name in _MOMENTS if (text := stored[name]) is not None}
    values |= {name: date.fromisoformat(text) for name in _DAYS if (text := stored[name]) is not None}
    values |= {name: UUID(text) for name in _IDS if (text := stored[name]) is not None}
    values["evidence"] = tuple(Evidence(UUID(e["file_id"]), e["kind"], e["digest"]) for e in stored["evidence"])
    if (decision := stored["decision"]) is not None:
        lists = {name: tuple(decision[name]) for name in ("reasons", "alternatives")}
        values["decision"] = Decision(**{**decision, **lists})
    return Relief(**values)
