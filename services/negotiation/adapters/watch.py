"""The watch over PostgreSQL: when to look, what was seen, and the runs of the playbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.adapters import watch_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.watch_ports import SeenSignal
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.watch.playbook import Run
from services.negotiation.domain.watch.slippage import Promise, Signal

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

PROMISES_MAX = 24
"""Of one case: what somebody promised before that says nothing any more."""
SIGNALS_MAX = 1_000

RUN_STATE = ("is_awaited", "steps", "ended_by", "ended_at")


class SqlWatch:
    """`Work.watch`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def look(self, cases: Sequence[CaseFile], at: Mapping[UUID, datetime | None] | None = None) -> None:
        places = {case.case_id: self._now if at is None else at.get(case.case_id) for case in cases}
        over = [case_id for case_id, moment in places.items() if moment is None]
        if over:
            await self._driver.execute("DELETE FROM case_watches WHERE case_id = ANY($1::uuid[])", over)
        values = [(c.case_id, c.creditor_id, places[c.case_id]) for c in cases if places[c.case_id] is not None]
        columns = ("case_id", "creditor_id", "look_at")
        clause = "ON CONFLICT (case_id) DO UPDATE SET look_at = excluded.look_at"
        await insert_rows(self._driver, tables.case_watches, columns, values, on_conflict=clause)

    async def lock_due(self, limit: int) -> list[UUID]:
        found = await self._driver.fetch(
            "SELECT c.case_id FROM case_watches w JOIN cases c USING (case_id) WHERE w.look_at <= $1 "
            "ORDER BY w.look_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED",
            self._now,
            limit,
        )
        return [row["case_id"] for row in found]

    async def seen(self, case_ids: Collection[UUID]) -> set[tuple[UUID, str, int]]:
        found = await self._driver.fetch(
            "SELECT subject_id, sign, instalment_number FROM slippage_signals WHERE case_id = ANY($1::uuid[])",
            list(case_ids),
        )
        return {(row["subject_id"], row["sign"], row["instalment_number"]) for row in found}

    async def record(self, signals: Sequence[SeenSignal]) -> None:
        values = [(*s.key, s.case_id, s.creditor_id, s.signal.count, s.slipped_at) for s in signals]
        columns = ("subject_id", "sign", "instalment_number", "case_id", "creditor_id", "count", "slipped_at")
        clause = "ON CONFLICT DO NOTHING"
        await insert_rows(self._driver, tables.slippage_signals, columns, values, on_conflict=clause)

    async def signals(self, case_id: UUID) -> list[SeenSignal]:
        found = await self._driver.fetch(
            "SELECT * FROM slippage_signals WHERE case_id = $1 ORDER BY slipped_at, sign LIMIT $2", case_id, SIGNALS_MAX
        )
        return [_signal_from(row) for row in found]

    async def promise(self, promises: Sequence[Promise]) -> None:
        values = [
            (p.reply_id, p.case_id, p.creditor_id, p.promised_on, p.amount, p.made_on, p.made_at) for p in promises
        ]
        columns = ("reply_id", "case_id", "creditor_id", "promised_on", "amount_minor_units", "made_on", "made_at")
        clause = "ON CONFLICT DO NOTHING"
        await insert_rows(self._driver, tables.promises, columns, values, on_conflict=clause)

    async def promises(self, case_ids: Collection[UUID]) -> dict[UUID, list[Promise]]:
        found = await self._driver.fetch(
            "SELECT p.* FROM unnest($1::uuid[]) AS n (case_id), LATERAL (SELECT * FROM promises "
            "WHERE promises.case_id = n.case_id ORDER BY made_at DESC, reply_id DESC LIMIT $2) p",
            list(case_ids),
            PROMISES_MAX,
        )
        promises: dict[UUID, list[Promise]] = defaultdict(list)
        for row in found:
            promises[row["case_id"]].append(_promise_from(row))
        return dict(promises)

    async def agreed_at(self, case_ids: Collection[UUID]) -> dict[UUID, list[datetime]]:
        found = await self._driver.fetch(
            "SELECT case_id, agreed_at FROM plans WHERE case_id = ANY($1::uuid[]) "
            "AND status IN ('active', 'defaulted', 'completed') ORDER BY agreed_at",
            list(case_ids),
        )
        agreed: dict[UUID, list[datetime]] = defaultdict(list)
        for row in found:
            agreed[row["case_id"]].append(row["agreed_at"])
        return dict(agreed)

    async def runs(self, plan_ids: Collection[UUID]) -> dict[UUID, Run]:
        found = await self._driver.fetch(
            "SELECT * FROM playbook_runs WHERE plan_id = ANY($1::uuid[]) ORDER BY begun_at, run_id", list(plan_ids)
        )
        return {row["plan_id"]: _run_from(row) for row in found}

    async def add_runs(self, runs: Sequence[Run]) -> None:
        values = [
            (r.run_id, r.plan_id, r.case_id, r.creditor_id, r.begun_at, r.reassess_by, *_run_state(r)) for r in runs
        ]
        columns = ("run_id", "plan_id", "case_id", "creditor_id", "begun_at", "reassess_by", *RUN_STATE)
        await insert_rows(self._driver, tables.playbook_runs, columns, values)

    async def save_runs(self, runs: Sequence[Run]) -> None:
        values = [(run.run_id, *_run_state(run)) for run in runs]
        await update_rows(self._driver, tables.playbook_runs, ("run_id",), RUN_STATE, values)

    async def lock_stalled(self, limit: int) -> list[Run]:
        found = await self._driver.fetch(
            "SELECT r.* FROM playbook_runs r JOIN cases c USING (case_id) WHERE r.is_awaited AND r.reassess_by <= $1 "
            "ORDER BY r.reassess_by LIMIT $2 FOR UPDATE OF c SKIP LOCKED",
            self._now,
            limit,
        )
        return [_run_from(row) for row in found]


def _run_state(run: Run) -> tuple[Any, ...]:
    is_awaited = run.is_running and not run.steps & {"reassessed", "stalled"}
    return is_awaited, orjson.dumps(sorted(run.steps)).decode(), run.ended_by, run.ended_at


def _run_from(row: Any) -> Run:
    return Run(
        run_id=row["run_id"],
        plan_id=row["plan_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        begun_at=row["begun_at"],
        steps=frozenset(row["steps"]),
        ended_by=row["ended_by"],
        ended_at=row["ended_at"],
    )


def _promise_from(row: Any) -> Promise:
    return Promise(
        row["reply_id"],
        row["case_id"],
        row["creditor_id"],
        row["promised_on"],
        row["amount_minor_units"],
        row["made_on"],
        row["made_at"],
    )


def _signal_from(row: Any) -> SeenSignal:
    plan_id = row["subject_id"] if row["subject_id"] != row["case_id"] else None
    signal = Signal(row["sign"], row["instalment_number"] or None, row["count"])
    return SeenSignal(row["case_id"], row["creditor_id"], plan_id, signal, row["slipped_at"])
