"""A service with two subscriptions on real Kafka and PostgreSQL: it notes what it handled, in order."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import structlog.testing
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db import migrations
from shared.db.database import Database, open_database, service_url
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.case_assessed import CaseAssessed
from shared.events.case_received import CaseReceived
from shared.events.envelope import Event
from shared.kernel.clock import FrozenClock
from shared.kernel.identifiers import new_id
from shared.messaging.batch import BatchHandler
from shared.messaging.record import Record
from shared.messaging.subscriber import Subscriber
from shared.messaging.subscription import Subscription
from shared.messaging.topics import Topic, create_topics
from shared.outbox.relay import Relay
from shared.outbox.tables import create_plumbing_tables
from tests.conformance.wire import publish, read_topics
from tests.support.databases import MONDAY_MORNING, drop_database
from tests.support.servers import Servers

PARTITIONS = 4
HEARD = ("case.received", "case.assessed")
WITHIN_S = 20.0


class BadCase(Exception):
    """A handler's refusal to take an event: a permanent failure."""


@dataclass
class Toy:
    """Negotiation's stand-in. `refused` cases fail for good; `trouble` is raised once per entry before handling."""

    url: URL
    bootstrap: list[str]
    prefix: str
    database: Database
    refused: set[UUID] = field(default_factory=set)
    trouble: list[Exception] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def handler(self) -> BatchHandler:
        return BatchHandler(
            self.database,
            "negotiation",
            [
                Subscription(CaseReceived, self._take, provides="case"),
                Subscription(CaseAssessed, self._take, needs=frozenset({"case"})),
            ],
        )

    async def _take(self, transaction: Transaction, events: Sequence[Event[EventBody]]) -> None:
        self.batches.append(len(events))
        if self.trouble:
            raise self.trouble.pop(0)
        if any(e.key in self.refused for e in events):
            raise BadCase
        driver = await transaction.driver()
        await driver.executemany(
            "INSERT INTO handled (event_id, topic, key, sequence) VALUES ($1, $2, $3, $4)",
            [(e.event_id, e.event_type, str(e.key), e.sequence) for e in events],
        )

    def subscriber(self) -> Subscriber:
        return Subscriber(self.handler(), self.bootstrap, partitions=PARTITIONS, client_id="toy", prefix=self.prefix)

    def relay(self) -> Relay:
        return Relay(self.url, self.bootstrap, service="negotiation", prefix=self.prefix)

    async def make_topics(self, names: Iterable[str] = HEARD) -> None:
        topics = [Topic(name, PARTITIONS, 3_600_000, "intake", ("negotiation",)) for name in names]
        await create_topics(self.bootstrap, topics=topics, prefix=self.prefix)

    async def publish(self, records: Iterable[Record]) -> None:
        """Straight to Kafka, in order, past any outbox."""
        await publish(self.bootstrap, self.prefix, records)

    async def on_kafka(self, names: Iterable[str]) -> list[Record]:
        """What lies in topics, each partition in order."""
        return await read_topics(self.bootstrap, self.prefix, names)

    async def handled(self) -> list[tuple[str, str, int]]:
        rows = await self.rows("SELECT topic, key, sequence FROM handled ORDER BY id")
        return [(row["topic"], row["key"], row["sequence"]) for row in rows]

    async def rows(self, sql: str, *arguments: object) -> list[Any]:
        async with self.database.transaction() as transaction:
            rows = list(await (await transaction.driver()).fetch(sql, *arguments))
            await transaction.commit()
            return rows

    async def count(self, sql: str, *arguments: object) -> int:
        return int((await self.rows(sql, *arguments))[0][0])

    async def connect(self) -> asyncpg.Connection[Any]:
        """A connection of the test's own."""
        return await asyncpg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False))


@asynccontextmanager
async def open_toy(servers: Servers) -> AsyncIterator[Toy]:
    """A fresh database with the plumbing tables and a table `handled`; topics are the test's to make."""
    base = f"t{new_id().hex[-12:]}"
    url = servers.database_url.rsplit("/", 1)[0] + "/" + base
    await _create(url)
    database = open_database(url, "negotiation", FrozenClock(MONDAY_MORNING), role="concord_worker", pool_size=8)
    try:
        # Unconfigured, structlog prints a failing handler's locals in colour, which takes longer than the test.
        with structlog.testing.capture_logs():
            yield Toy(service_url(url, "negotiation"), servers.kafka_bootstrap.split(","), f"{base}.", database)
    finally:
        await database.close()
        await drop_database(url, "negotiation")


async def _create(url: str) -> None:
    target = service_url(url, "negotiation")
    await migrations._create_database(target)
    engine = create_async_engine(target)
    async with engine.begin() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await connection.execute(text("SELECT 1"))
        await driver.execute(migrations._GRANTS)
        await connection.run_sync(lambda sync: create_plumbing_tables(Operations(MigrationContext.configure(sync))))
        await driver.execute(
            "CREATE TABLE handled (id bigserial PRIMARY KEY, event_id uuid, topic text, key text, sequence bigint)"
        )
    await engine.dispose()


async def until(condition: Callable[[], Awaitable[object]], *, within_s: float = WITHIN_S, what: str = "") -> None:
    """Return when the condition holds; an AssertionError with `what` when it does not in time."""
    deadline = time.monotonic() + within_s
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:g} s: {what or condition}")
        await asyncio.sleep(0.02)


@asynccontextmanager
async def running(work: Subscriber | Relay) -> AsyncIterator[asyncio.Task[None]]:
    """The work as a task until the block ends; what it died of is raised there."""
    task = asyncio.create_task(work.run())
    try:
        yield task
    finally:
        work.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, 25)
