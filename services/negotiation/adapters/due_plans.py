"""Plans with an instalment that is due, over PostgreSQL: what decides is read, what changes is written, no more.

Thousands fall due in one night, and nearly all of them are broken: a whole case and a whole plan for each would be
most of the sweep's work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.domain.calendar import zones_of
from services.negotiation.domain.terms import Instalment
from services.negotiation.domain.watch.due import DuePlan

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

# Instalments and days of grace never change; the row of the case is locked, so it is as new as the lock. The earlier
# instalments matter where money was taken back.
_LOCK_DUE = """
SELECT i.plan_id, i.number, i.due_on, i.amount_minor_units, earlier.days, earlier.amounts,
       (p.terms ->> 'grace_days')::int AS grace_days,
       c.case_id, c.creditor_id, c.currency, c.jurisdiction, c.time_zones::text AS zones, c.defaults,
       c.plan_id = i.plan_id AND c.plan_status = 'active' AS is_running
FROM instalments i JOIN cases c USING (case_id) JOIN plans p ON p.plan_id = i.plan_id,
LATERAL (
    SELECT array_agg(due_on ORDER BY number) AS days, array_agg(amount_minor_units ORDER BY number) AS amounts
    FROM instalments e WHERE e.plan_id = i.plan_id AND e.number < i.number
) earlier
WHERE i.is_watched AND i.watch_at <= $1 ORDER BY i.watch_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED
"""
# A statement of its own: it sees what was booked until the lock was taken, which the locking one may not.
_RECEIVED = """
SELECT plan_id, received_on, amount_minor_units FROM payments
WHERE case_id = ANY($1::uuid[]) AND plan_id IS NOT NULL AND NOT is_reversed LIMIT $2
"""
_MARK_BROKEN = """
WITH broken AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS broken (case_id, plan_id, defaults)
), counted AS (
    UPDATE cases c SET plan_status = 'defaulted', defaults = broken.defaults + 1 FROM broken
    WHERE c.case_id = broken.case_id
), unwatched AS (
    UPDATE instalments i SET is_watched = false FROM broken WHERE i.plan_id = broken.plan_id AND i.is_watched
)
UPDATE plans p SET status = 'defaulted', ended_at = $4 FROM broken WHERE p.plan_id = broken.plan_id
"""
PAYMENTS_MAX = 100_000


class SqlDuePlans:
    """`Work.due_plans`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def lock(self, limit: int) -> list[DuePlan]:
        found = await self._driver.fetch(_LOCK_DUE, self._now, limit)
        if not found:
            return []
        received = await self._received([row["case_id"] for row in found])
        return [_due_plan(row, tuple(received.get(row["plan_id"], ()))) for row in found]

    async def _received(self, case_ids: Collection[UUID]) -> dict[UUID, list[tuple[date, int]]]:
        received: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
        for plan_id, day, amount in await self._driver.fetch(_RECEIVED, case_ids, PAYMENTS_MAX):
            received[plan_id].append((day, amount))
        return received

    async def mark_broken(self, plans: Sequence[DuePlan]) -> None:
        if plans:
            cases, ids = [plan.case_id for plan in plans], [plan.plan_id for plan in plans]
            await self._driver.execute(_MARK_BROKEN, cases, ids, [plan.defaults for plan in plans], self._now)


def _due_plan(row: Any, received: tuple[tuple[date, int], ...]) -> DuePlan:
    due = Instalment(row["number"], row["due_on"], row["amount_minor_units"])
    earlier: tuple[Instalment, ...] = ()
    if row["days"] is not None:
        together = zip(row["days"], row["amounts"], strict=True)
        earlier = tuple(Instalment(number, day, amount) for number, (day, amount) in enumerate(together, start=1))
    return DuePlan(
        plan_id=row["plan_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        currency=row["currency"],
        zones=_zones(row["zones"], row["jurisdiction"]),
        defaults=row["defaults"],
        is_running=row["is_running"] is True,
        grace_days=row["grace_days"],
        instalments=(*earlier, due),
        received=received,
    )


@lru_cache(maxsize=10_000)
def _zones(stored: str, jurisdiction: str) -> tuple[str, ...]:
    """Few cases differ in these: read once, not per case."""
    return zones_of(orjson.loads(stored), jurisdiction)
