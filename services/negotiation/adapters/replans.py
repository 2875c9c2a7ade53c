"""Decisions about further plans, over PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.adapters import watch_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.watch_ports import ReplanDecision
from services.negotiation.domain.refusals import NoSuchThing

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

STATE = ("state", "decided_at", "decided_by", "reasons")


class SqlReplans:
    """`Work.replans`."""

    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def open(self, decisions: Sequence[ReplanDecision]) -> None:
        values = [
            (d.decision_id, d.case_id, d.creditor_id, d.plan_id, d.reached, d.plans, d.opened_at, *_state(d))
            for d in decisions
        ]
        columns = ("decision_id", "case_id", "creditor_id", "plan_id", "reached", "plans", "opened_at", *STATE)
        clause = "ON CONFLICT (case_id) WHERE state = 'open' DO NOTHING"
        await insert_rows(self._driver, tables.replan_decisions, columns, values, on_conflict=clause)

    async def end(self, decision: ReplanDecision) -> None:
        values = [(decision.decision_id, *_state(decision))]
        await update_rows(self._driver, tables.replan_decisions, ("decision_id",), STATE, values)

    async def open_of(self, case_ids: Collection[UUID]) -> list[ReplanDecision]:
        found = await self._driver.fetch(
            "SELECT * FROM replan_decisions WHERE case_id = ANY($1::uuid[]) AND state = 'open'", list(case_ids)
        )
        return [_decision_from(row) for row in found]

    async def find(self, decision_id: UUID) -> ReplanDecision:
        row = await self._driver.fetchrow("SELECT * FROM replan_decisions WHERE decision_id = $1", decision_id)
        if row is None:
            raise NoSuchThing("decision")
        return _decision_from(row)

    async def queue(self, after: tuple[datetime, UUID] | None, limit: int) -> list[ReplanDecision]:
        found = await self._driver.fetch(
            "SELECT * FROM replan_decisions WHERE state = 'open' "
            "AND ($1::timestamptz IS NULL OR (opened_at, decision_id) > ($1, $2)) "
            "ORDER BY opened_at, decision_id LIMIT $3",
            *(after or (None, None)),
            limit,
        )
        return [_decision_from(row) for row in found]


def _state(decision: ReplanDecision) -> tuple[Any, ...]:
    reasons = orjson.dumps(decision.reasons).decode()
    return decision.state, decision.decided_at, decision.decided_by, reasons


def _decision_from(row: Any) -> ReplanDecision:
    return ReplanDecision(
        decision_id=row["decision_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        plan_id=row["plan_id"],
        reached=row["reached"],
        plans=row["plans"],
        state=row["state"],
        opened_at=row["opened_at"],
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        reasons=tuple(row["reasons"]),
    )
