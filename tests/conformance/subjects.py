"""The service under test: its database, its real handlers, and the records it is fed."""

from __future__ import annotations

import importlib
import os
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

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
from tests.conformance import effects, stand_in
from tests.conformance.effects import witnessed
from tests.conformance.lives import MONDAY_MORNING, Said
from tests.conformance.stand_in import STAND_IN
from tests.conformance.topic_log import PARTITIONS, TopicLog, in_batches
from tests.support.databases import drop_database
from tests.support.servers import Servers

SERVICES = ("intake", "assessment", "outreach", "negotiation", "reporting")


def create_service(name: str) -> AnyService:
    """The service as its own main makes it, or the stand-in."""
    if name == STAND_IN:
        return stand_in.create_service()
    service: AnyService = importlib.import_module(f"services.{name}.main").create_service()
    return service


def heard(service: str) -> set[str]:
    """Topics on which the world speaks to a service."""
    if service == STAND_IN:
        return set(stand_in.HEARD)
    return {t.name for t in read_topics() if service in t.subscribers and t.producer != service}


def own_news(service: str) -> set[str]:
    """Topics on which a service hears itself. The world leaves them to it, for they would contradict each other."""
    return {t.name for t in read_topics() if service in t.subscribers and t.producer == service}


def announced(service: str) -> set[str]:
    if service == STAND_IN:
        return set(stand_in.SAID)
    return {topic.name for topic in read_topics() if topic.producer == service}


@dataclass
class Subject:
    """One service in this process, on a database of its own."""

    service: AnyService
    url: str
    database: Database
    handler: BatchHandler
    refused: set[UUID]
    provides: set[str]
    """The topics whose events let other events be handled."""
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
        self._made: dict[str, tuple[str, str]] = {}

    async def copy(self, name: str) -> str:
        """Make a database for the service under a fresh name; answers with the DATABASE_URL that leads to it."""
        if name not in self._made:
            self._made[name] = await self._make(name)
        template, service = self._made[name]
        url = self._fresh()
        target = service_url(url, service).database
        await self._run(self._server.set(database="postgres"), f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
        return url

    async def close(self) -> None:
        for template, service in self._made.values():
            await drop_database(self._url(template.removesuffix(f"_{service}")), service)

    async def _make(self, name: str) -> tuple[str, str]:
        service, url = create_service(name), self._fresh()
        target = service_url(url, service.name)
        if name == STAND_IN:
            await stand_in.create_database(url)
        else:
            await migrate(url, service.name, service.migrations, service.metadata)
            await self._run(target, effects.CREATE_TABLE)
        return str(target.database), service.name

    def _fresh(self) -> str:
        return self._url(f"c{os.getpid()}{uuid.uuid4().hex[:8]}")

    def _url(self, base: str) -> str:
        return self._server.set(database=base).render_as_string(hide_password=False)

    async def _run(self, target: Any, sql: str) -> None:
        url = target.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@asynccontextmanager
async def open_subject(templates: Templates, name: str) -> AsyncIterator[Subject]:
    """A fresh database and the service's real handlers on it, witnessed."""
    url, clock = await templates.copy(name), FrozenClock(MONDAY_MORNING)
    refused: set[UUID] = set()
    service = witnessed(create_service(name), refused)
    database = open_database(url, service.name, clock, role="concord_worker", pool_size=3)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(drop_database, url, service.name)
        stack.push_async_callback(database.close)
        platform = Platform(role="subscriber", clock=clock, database=database)
        resources = await stack.enter_async_context(service.open_resources(platform))
        subscriptions = service.subscriptions(resources)
        handler = BatchHandler(database, service.name, subscriptions, service.on_quarantine(resources))
        async with database.transaction() as transaction:
            await ledger.ensure_cursors(await transaction.driver(), handler.topics, PARTITIONS)
            await transaction.commit()
        provides = {subscription.topic for subscription in subscriptions if subscription.provides is not None}
        yield Subject(service, url, database, handler, refused, provides)


def records_of(said: Iterable[Said]) -> list[Record]:
    return [one.record for one in said]
