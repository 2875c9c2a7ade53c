"""Signals, counters, budgets and overrides in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

import asyncpg
import orjson

from services.outreach.adapters.harm_tables import harm_overrides
from services.outreach.application.harm_records import BudgetChange, Override
from services.outreach.domain.gate.canonical import canonical
from services.outreach.domain.harm_budget import Standing
from shared.db.transaction import Transaction

# Each signal once, into the day when it happened; a late one into its own day. The trials that it answers are judged
# again, for it may have come after they were.
_COUNT = """
WITH found AS (
    SELECT kind, source_id FROM contact_signals WHERE NOT is_counted ORDER BY at LIMIT $1 FOR UPDATE SKIP LOCKED),
counted AS (
    UPDATE contact_signals s SET is_counted = true FROM found f
    WHERE s.kind = f.kind AND s.source_id = f.source_id RETURNING s.*),
summed AS (
    INSERT INTO harm_counters AS c (strategy, on_day, kind, n)
    SELECT strategy, (at AT TIME ZONE 'UTC')::date, kind, count(*) FROM counted GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (strategy, on_day, kind) DO UPDATE SET n = c.n + excluded.n),
woken AS (
    UPDATE arm_pulls p SET judge_at = $2 FROM counted s
    WHERE s.kind <> 'contact' AND p.case_id = s.case_id
      AND s.at >= p.made_at AND s.at < p.made_at + make_interval(days => $3)),
begun AS (
    INSERT INTO harm_budgets (strategy, state, since_on)
    SELECT DISTINCT strategy, 'ok', ($2::timestamptz AT TIME ZONE 'UTC')::date FROM counted ORDER BY 1
    ON CONFLICT DO NOTHING)
SELECT count(*) FROM counted
"""
_NOTE_PAYMENTS = """
INSERT INTO contact_signals (kind, source_id, case_id, person_id, strategy, at)
SELECT 'payment', t.payment_id, c.case_id, c.person_id, coalesce(c.strategy, 'none'), t.at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS t (payment_id, case_id, at) JOIN cases c USING (case_id)
ORDER BY t.payment_id ON CONFLICT DO NOTHING
"""
_STANDINGS = "SELECT strategy, state, since_on, counted_from FROM harm_budgets ORDER BY strategy"
_EFFECTIVE = """
SELECT strategy, CASE WHEN override_until > $1 THEN override_state ELSE state END AS state FROM harm_budgets
"""
_CHANGE = "UPDATE harm_budgets SET state = $2, since_on = $3, counted_from = $4 WHERE strategy = $1"
_KEEP_CHANGE = """
INSERT INTO harm_budget_changes (change_id, strategy, before, after, counted, changed_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_UNTOLD = """
SELECT * FROM harm_budget_changes WHERE told_at IS NULL ORDER BY changed_at LIMIT $1 FOR UPDATE SKIP LOCKED
"""
_OVERRIDE = "SELECT * FROM harm_overrides WHERE override_id = $1"
_LOCK_OVERRIDE = "SELECT * FROM harm_overrides WHERE override_id = $1 FOR UPDATE"
_LET_STAND = """
INSERT INTO harm_budgets AS b (strategy, state, since_on, override_id, override_state, override_until)
VALUES ($1, 'ok', $2, $3, $4, $5)
ON CONFLICT (strategy) DO UPDATE SET override_id = excluded.override_id, override_state = excluded.override_state,
    override_until = excluded.override_until
"""


class HarmBudgetRepository:
    """`Work.harm`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def count(self, limit: int, response_days: int) -> int:
        driver = await self._transaction.driver()
        return int(await driver.fetchval(_COUNT, limit, self._transaction.now, response_days))

    async def note_payments(self, payments: Sequence[tuple[UUID, UUID, datetime]]) -> None:
        if payments:
            driver = await self._transaction.driver()
            await driver.execute(_NOTE_PAYMENTS, *(list(column) for column in zip(*payments, strict=True)))

    async def lock(self) -> dict[str, Standing]:
        return await self._standings(_STANDINGS + " FOR UPDATE")

    async def standings(self) -> dict[str, Standing]:
        return await self._standings(_STANDINGS)

    async def _standings(self, statement: str) -> dict[str, Standing]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(statement)
        return {row["strategy"]: Standing(row["state"], row["since_on"], row["counted_from"]) for row in rows}

    async def counted(self, since_on: date) -> dict[tuple[str, date], dict[str, int]]:
        driver = await self._transaction.driver()
        found: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
        for row in await driver.fetch("SELECT * FROM harm_counters WHERE on_day >= $1", since_on):
            found[row["strategy"], row["on_day"]][row["kind"]] = row["n"]
        return found

    async def change(self, change: BudgetChange) -> None:
        driver = await self._transaction.driver()
        after = change.after
        await driver.execute(_CHANGE, change.strategy, after.state, after.since_on, after.counted_from)
        await driver.execute(
            _KEEP_CHANGE,
            change.change_id,
            change.strategy,
            change.before,
            after.state,
            canonical(dict(change.counted)),
            change.changed_at,
        )

    async def untold(self, limit: int) -> list[BudgetChange]:
        driver = await self._transaction.driver()
        return [_change(row) for row in await driver.fetch(_UNTOLD, limit)]

    async def mark_told(self, change_ids: Collection[UUID], at: datetime) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE harm_budget_changes SET told_at = $2 WHERE change_id = ANY($1::uuid[])", list(change_ids), at
        )

    async def effective(self) -> dict[str, str]:
        driver = await self._transaction.driver()
        return {row["strategy"]: row["state"] for row in await driver.fetch(_EFFECTIVE, self._transaction.now)}

    async def propose(self, override: Override) -> None:
        connection = self._transaction.connection
        await connection.execute(harm_overrides.insert().values(**asdict(override)))

    async def override(self, override_id: UUID, *, lock: bool = False) -> Override | None:
        driver = await self._transaction.driver()
        row = await driver.fetchrow(_LOCK_OVERRIDE if lock else _OVERRIDE, override_id)
        return Override(**dict(row)) if row is not None else None

    async def approve(self, override: Override) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE harm_overrides SET approved_by = $2, approved_at = $3 WHERE override_id = $1",
            override.override_id,
            override.approved_by,
            override.approved_at,
        )
        today = self._transaction.now.date()
        await driver.execute(_LET_STAND, override.strategy, today, override.override_id, override.state, override.until)

    async def overrides(self) -> dict[str, Override]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT o.* FROM harm_budgets b JOIN harm_overrides o USING (override_id) WHERE b.override_until > $1",
            self._transaction.now,
        )
        return {row["strategy"]: Override(**dict(row)) for row in rows}


def _change(row: asyncpg.Record) -> BudgetChange:
    return BudgetChange(
        change_id=row["change_id"],
        strategy=row["strategy"],
        before=row["before"],
        after=Standing(row["after"], row["changed_at"].date()),
        counted=orjson.loads(row["counted"]),
        changed_at=row["changed_at"],
    )
