"""The service under test: its database, its real handlers, and the records it is fed."""

from __future__ import annotations

import importlib
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from shared.db.database import Database, open_database, service_url
from shared.db.migrations import migrate
from shared.kernel.clock import FrozenClock
from shared.messaging import ledger
from shared.messaging.batch import BatchHandler
from shared.messaging.record import Record
from shared.messaging.topics import read_topics
from shared.service.service import AnyService, Platform
from tests.conformance import effects
from tests.conformance.effects import witnessed
from tests.conformance.lives import MONDAY_MORNING, Said
from tests.conformance.topic_log import PARTITIONS, TopicLog, in_batches
from tests.support.databases import drop_database
from tests.support.servers import Servers

SERVICES = ("intake", "assessment", "outreach", "negotiation", "reporting")
NOON = FrozenClock(MONDAY_MORNING)


def heard(service: str) -> set[str]:
    return {topic.name for topic in read_topics() if service in topic.subscribers}


def announced(service: str) -> set[str]:
    return {topic.name for topic in read_topics() if topic.producer == service}


@dataclass
class Subject:
    """One service in this process, on a database of its own."""

    service: AnyService
    url: str
    database: Database
    handler: BatchHandler
    log: TopicLog = field(default_factory=TopicLog)

    @property
    def topics(self) -> set[str]:
        return self.handler.topics

    async def hear(self, records: Iterable[Record], *, seed: int = 1) -> None:
        """The records arrive, in batches of different sizes."""
        await self.take(self.log.append(records), seed=seed)

    async def take(self, records: Sequence[Record], *, seed: int = 1) -> None:
        """Records that lie in the log already come (again)."""
        for batch in in_batches(records, seed):
            await self.handler.handle(batch)

    async def rows(self, sql: str, *arguments: object) -> list[Any]:
        async with self.database.transaction() as transaction:
            return list(await (await transaction.driver()).fetch(sql, *arguments))


class Templates:
    """A migrated database for each service, made once; a test's own database is a copy of it."""

    def __init__(self, servers: Servers) -> None:
        self._server = make_url(servers.database_url)
        self._made: dict[str, str] = {}

    async def copy(self, service: str, base: str) -> str:
        """Make the database of `service` under the base name; answers with its DATABASE_URL."""
        template = self._made.get(service) or await self._make(service)
        target = service_url(self._url(base), service).database
        await self._admin(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
        return self._url(base)

    async def close(self) -> None:
        for service in self._made:
            await drop_database(self._url(self._base(service)), service)

    async def _make(self, service: str) -> str:
        described = importlib.import_module(f"services.{service}.main").create_service()
        url = self._url(self._base(service))
        await migrate(url, service, described.migrations, described.metadata)
        target = service_url(url, service)
        connection = await asyncpg.connect(_plain(target.render_as_string(hide_password=False)))
        try:
            await effects.create_table(connection)
        finally:
            await connection.close()
        self._made[service] = str(target.database)
        return self._made[service]

    def _base(self, service: str) -> str:
        return f"tpl{id(self):x}"[:20]

    def _url(self, base: str) -> str:
        return self._server.set(database=base).render_as_string(hide_password=False)

    async def _admin(self, sql: str) -> None:
        connection = await asyncpg.connect(_plain(self._url("postgres")))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@asynccontextmanager
async def open_subject(templates: Templates, name: str) -> AsyncIterator[Subject]:
    """A fresh database and the service's real handlers on it, witnessed."""
    base = f"c{uuid.uuid4().hex[:12]}"
    url = await templates.copy(name, base)
    service = witnessed(importlib.import_module(f"services.{name}.main").create_service())
    database = open_database(url, name, NOON, role="concord_worker", pool_size=3)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(drop_database, url, name)
        stack.push_async_callback(database.close)
        platform = Platform(role="subscriber", clock=NOON, database=database)
        resources = await stack.enter_async_context(service.open_resources(platform))
        handler = BatchHandler(database, name, service.subscriptions(resources), service.on_quarantine(resources))
        async with database.transaction() as transaction:
            await ledger.ensure_cursors(await transaction.driver(), handler.topics, PARTITIONS)
            await transaction.commit()
        yield Subject(service, url, database, handler)


def records_of(said: Iterable[Said]) -> list[Record]:
    return [one.record for one in said]


def known_services() -> list[str]:
    """The services that are there; a suite over none proves nothing, so the suite also asks for all five."""
    root = Path(__file__).parents[2] / "services"
    return [name for name in SERVICES if (root / name / "main.py").exists()]
