"""The relay: unpublished outbox rows to Kafka, in the order of their ids, by the one active relay of a database.

Rules that are easy to break (docs/decisions/0003-one-relay.md has what happened when they were):
- rows are read by state (`published_at IS NULL`), never by `id > last`: ids become visible in commit order;
- one relay is active per database (a session advisory lock), several would overtake each other within a case;
- rows are marked after all acknowledgements: duplicates are allowed, gaps are not;
- any error of the producer ends the process: an idempotent aiokafka producer that lost a batch refuses every later
  send (aiokafka #1017) and may never return (#1101). Starting again is the repair, the inbox absorbs the rest.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import asyncpg
import orjson
import structlog
from aiokafka import AIOKafkaProducer
from opentelemetry import trace
from sqlalchemy.engine import URL

from shared.db import idempotency
from shared.kernel.identifiers import lowest_id_at
from shared.messaging.kafka import start_producer
from shared.outbox import metrics
from shared.service.faults import fault_point
from shared.tracing import names
from shared.tracing.propagation import format_traceparent, is_sampled, start_child

BATCH_ROWS_MAX = 1_000
BATCH_DEADLINE_S = 15.0
IDLE_FIRST_S = 0.002
IDLE_MAX_S = 0.02
STANDBY_S = 0.5
MEASURE_EVERY_S = 2.0
RETENTION_DAYS = 7
"""Published rows stay this long: the source for a replay when Kafka has lost data."""
INBOX_RETENTION_DAYS = 30
"""Longer than any event can come again: a producer's outbox (7 days) and the topics (7 days) together."""
SWEEP_EVERY_S = 300.0
SWEEP_ROWS_MAX = 10_000
LOCK = "concord.relay"

_UNPUBLISHED = """
SELECT id, topic, key, headers, value FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1
"""
_MARK = "UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY($1::bigint[])"
_MEASURE = """
SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS age
FROM outbox WHERE published_at IS NULL
"""
_SWEEP_OUTBOX = """
DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE published_at < clock_timestamp() - make_interval(days => $1) LIMIT $2)
"""
# Event ids are ordered by the time they were made, so the primary key finds the old ones.
_SWEEP_INBOX = """
DELETE FROM inbox WHERE event_id IN (SELECT event_id FROM inbox WHERE event_id < $1 ORDER BY event_id LIMIT $2)
"""
_SWEEP_IDEMPOTENCY_KEYS = """
DELETE FROM idempotency_keys WHERE ctid IN (
    SELECT ctid FROM idempotency_keys WHERE created_at < clock_timestamp() - make_interval(days => $1) LIMIT $2)
"""

log = structlog.get_logger("concord.relay")
_tracer = trace.get_tracer("concord.relay")


class RelayFailed(Exception):
    """The producer or the lock was lost. The process must end without tidying up the producer: `stop()` may hang."""


class Relay:
    """`run()` works until `stop()`; it raises for anything that is not a clean stop."""

    def __init__(self, url: URL, bootstrap: list[str], *, service: str, prefix: str = "") -> None:
        self._url = url
        self._bootstrap = bootstrap
        self._service = service
        self._prefix = prefix
        self._stopping = asyncio.Event()
        self._measured_at = self._swept_at = 0.0

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        connection = await connect(self._url, f"{self._service}-relay")
        if not await self._become_active(connection):
            return
        metrics.IS_ACTIVE.set(1)
        producer = await start_producer(self._bootstrap, f"{self._service}-relay")
        await self._relay_until_stopped(connection, producer)
        # Everything sent is acknowledged, so there is nothing to flush; a broker that is away must not hold us.
        await asyncio.wait_for(producer.stop(), 5)
        await connection.close(timeout=5)

    async def _become_active(self, connection: asyncpg.Connection[Any]) -> bool:
        while not self._stopping.is_set():
            if await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", LOCK):
                return True
            metrics.IS_ACTIVE.set(0)
            await _wait(self._stopping, STANDBY_S)
        return False

    async def _relay_until_stopped(self, connection: asyncpg.Connection[Any], producer: AIOKafkaProducer) -> None:
        idle = IDLE_FIRST_S
        while not self._stopping.is_set():
            published = await self.relay_once(connection, producer)
            await self._keep_house(connection)
            if published:
                idle = IDLE_FIRST_S
            else:
                await _wait(self._stopping, idle)
                idle = min(IDLE_MAX_S, idle * 2)

    async def relay_once(self, connection: asyncpg.Connection[Any], producer: AIOKafkaProducer) -> int:
        """Publish one batch; answers with its size."""
        rows = await connection.fetch(_UNPUBLISHED, BATCH_ROWS_MAX)
        if not rows:
            return 0
        fault_point("relay.before_send")
        async with asyncio.timeout(BATCH_DEADLINE_S):
            acknowledgements = [await self._send(producer, row) for row in rows]
            await asyncio.gather(*acknowledgements)
        fault_point("relay.after_send")
        await connection.execute(_MARK, [row["id"] for row in rows])
        metrics.PUBLISHED.inc(len(rows))
        return len(rows)

    async def _send(self, producer: AIOKafkaProducer, row: asyncpg.Record) -> asyncio.Future[Any]:
        headers: dict[str, str] = orjson.loads(row["headers"])
        if is_sampled(traceparent := headers.get("traceparent")) and traceparent is not None:
            headers["traceparent"] = _send_span(row["topic"], headers, traceparent)
        future: asyncio.Future[Any] = await producer.send(
            self._prefix + row["topic"],
            row["value"],
            key=row["key"].encode() or None,
            headers=[(name, value.encode()) for name, value in headers.items()],
        )
        return future

    async def _keep_house(self, connection: asyncpg.Connection[Any]) -> None:
        now = time.monotonic()
        if now - self._measured_at > MEASURE_EVERY_S:
            self._measured_at = now
            row = await connection.fetchrow(_MEASURE)
            metrics.UNPUBLISHED.set(row["rows"] if row else 0)
            metrics.OLDEST_AGE.set(row["age"] if row else 0)
        if now - self._swept_at > SWEEP_EVERY_S:
            self._swept_at = now
            await self._sweep(connection)

    async def _sweep(self, connection: asyncpg.Connection[Any]) -> None:
        oldest = lowest_id_at(time.time() - INBOX_RETENTION_DAYS * 86_400)
        await connection.execute(_SWEEP_OUTBOX, RETENTION_DAYS, SWEEP_ROWS_MAX)
        await connection.execute(_SWEEP_INBOX, oldest, SWEEP_ROWS_MAX)
        await connection.execute(_SWEEP_IDEMPOTENCY_KEYS, idempotency.RETENTION_DAYS, SWEEP_ROWS_MAX)


async def replay(url: URL, since: str) -> int:
    """Mark rows published since a moment (ISO 8601, UTC) as unpublished, so that the relay sends them again.

    For the day when Kafka has lost data. Subscribers skip what they have handled.
    """
    connection = await connect(url, "replay")
    try:
        status: str = await connection.execute(
            "UPDATE outbox SET published_at = NULL WHERE published_at >= $1::text::timestamptz", since
        )
        return int(status.rsplit(" ", 1)[-1])
    finally:
        await connection.close()


async def connect(url: URL, application: str) -> asyncpg.Connection[Any]:
    """A session of its own for the relay: the advisory lock lives in it, so no pool may hand it round."""
    return await asyncpg.connect(
        url.set(drivername="postgresql").render_as_string(hide_password=False),
        timeout=10,
        command_timeout=BATCH_DEADLINE_S,
        server_settings={"application_name": application, "role": "concord_worker", "jit": "off"},
    )


def _send_span(topic: str, headers: dict[str, str], traceparent: str) -> str:
    span = start_child(_tracer, names.SPAN_SEND.format(topic=topic), traceparent, trace.SpanKind.PRODUCER)
    span.set_attributes(
        {
            names.MESSAGING_SYSTEM: "kafka",
            names.MESSAGING_DESTINATION: topic,
            names.MESSAGING_OPERATION: "send",
            names.MESSAGING_MESSAGE_ID: headers.get("ce_id", ""),
        }
    )
    span.end()
    context = span.get_span_context()
    return format_traceparent(context) if context.is_valid else traceparent


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
