"""/live, /ready, /metrics: the same three addresses in every role of every service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.db.database import Database
from shared.messaging import metrics as subscriber_metrics
from shared.outbox import metrics as outbox_metrics

READY_TIMEOUT_S = 2.0
OUTBOX_AGE_MAX_S = 30.0
OUTBOX_ROWS_MAX = 50_000
MEASURED_FOR_S = 1.0

_BACKLOG = """
SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS age
FROM (SELECT created_at FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 60000) AS unpublished
"""
_WAITING = """
SELECT reason, count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8 AS age
FROM waiting GROUP BY reason
"""


class Backlog:
    """How far the outbox is behind, measured at most once a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._measured_at = 0.0
        self.rows = 0
        self.age_s = 0.0

    async def measure(self) -> None:
        if time.monotonic() - self._measured_at < MEASURED_FOR_S:
            return
        self._measured_at = time.monotonic()
        async with self._database.transaction() as transaction:
            driver = await transaction.driver()
            row = await driver.fetchrow(_BACKLOG)
            waiting = await driver.fetch(_WAITING)
            quarantined = await driver.fetchval("SELECT count(*) FROM quarantine")
        self.rows, self.age_s = (row["rows"], row["age"]) if row else (0, 0.0)
        outbox_metrics.UNPUBLISHED.set(self.rows)
        outbox_metrics.OLDEST_AGE.set(self.age_s)
        subscriber_metrics.QUARANTINED.set(quarantined)
        for reason in ("gap", "fact", "quarantine"):
            entry = next((w for w in waiting if w["reason"] == reason), None)
            subscriber_metrics.WAITING.labels(reason).set(entry["rows"] if entry else 0)
            subscriber_metrics.WAITING_AGE.labels(reason).set(entry["age"] if entry else 0)

    @property
    def is_too_long(self) -> bool:
        return self.rows > OUTBOX_ROWS_MAX or self.age_s > OUTBOX_AGE_MAX_S


def health_router(backlog: Backlog, is_stopping: Callable[[], bool]) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/ready")
    async def ready(response: Response) -> dict[str, object]:
        troubles = ["stopping"] if is_stopping() else []
        troubles += await _troubles(backlog.measure)
        if backlog.is_too_long:
            troubles.append("outbox")
        response.status_code = 503 if troubles else 200
        return {"status": "not ready" if troubles else "ready", "troubles": troubles, "outbox_rows": backlog.rows}

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _troubles(measure: Callable[[], Awaitable[None]]) -> list[str]:
    try:
        await asyncio.wait_for(measure(), READY_TIMEOUT_S)
    except Exception:
        return ["database"]
    return []
