"""Reporting as its subscriber and its API run it, over one migrated database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from services.reporting.application.ports import Resources
from services.reporting.main import create_service
from services.reporting.settings import ReportingSettings
from shared.db.database import service_url
from shared.events.registry import EVENTS
from shared.messaging.batch import BatchHandler
from shared.messaging.record import Record
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.conformance.lives import Life, interleaved
from tests.conformance.topic_log import TopicLog, in_batches
from tests.support.databases import ServiceDatabases

STAFF = {"Authorization": f"Bearer {SANDBOX_SECRET}"}


@dataclass
class Desk:
    """What a test of reporting works with."""

    databases: ServiceDatabases
    handler: BatchHandler
    resources: Resources
    client: httpx.AsyncClient
    app: FastAPI
    log: TopicLog = field(default_factory=TopicLog)

    async def hear(self, told: Sequence[Life], *, seed: int = 1) -> list[Record]:
        """The lives come in side by side, in batches."""
        records = self.log.append(said.record for said in interleaved(seed, told, EVENTS))
        await self.take(records, seed=seed)
        return records

    async def take(self, records: Iterable[Record], *, seed: int = 1) -> None:
        for batch in in_batches(list(records), seed):
            await self.handler.handle(batch)

    async def rows(self, statement: str, *arguments: object) -> list[Any]:
        async with self.databases.worker.transaction() as transaction:
            return list(await (await transaction.driver()).fetch(statement, *arguments))

    async def as_owner(self, *statements: str) -> None:
        """What somebody with every right on the server could do."""
        url = service_url(self.databases.url, "reporting").set(drivername="postgresql")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def get(self, path: str, **headers: str) -> Any:
        answer = await self.client.get(path, headers=headers or STAFF)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def lender(self, creditor_id: UUID) -> dict[str, str]:
        """The header with which this creditor asks."""
        made = await self.client.post("/v1/lender-tokens", json={"creditor_id": str(creditor_id)}, headers=STAFF)
        assert made.status_code == 201, made.text
        return {"Authorization": f"Bearer {made.json()['token']}"}


async def opened(databases: ServiceDatabases, stack: AsyncExitStack) -> Desk:
    """The service on this database, until the stack unwinds."""
    service = create_service(ReportingSettings(traces_url="http://traces.example.org"))
    worker = await stack.enter_async_context(
        service.open_resources(Platform("subscriber", databases.clock, databases.worker))
    )
    platform = Platform("api", databases.clock, databases.api)
    resources = await stack.enter_async_context(service.open_resources(platform))
    app = build_app(service, platform, resources=resources)
    app.state.resources = resources
    transport = httpx.ASGITransport(app=app)
    client = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://reporting"))
    handler = BatchHandler(databases.worker, "reporting", service.subscriptions(worker))
    return Desk(databases, handler, resources, client, app)


@pytest.fixture
async def open_desk(
    service_database: Callable[[str], Awaitable[ServiceDatabases]],
) -> AsyncIterator[Callable[[], Awaitable[Desk]]]:
    """Reporting on a fresh database, as often as it is called."""
    async with AsyncExitStack() as stack:

        async def open_one() -> Desk:
            return await opened(await service_database("reporting"), stack)

        yield open_one


@pytest.fixture
async def desk(open_desk: Callable[[], Awaitable[Desk]]) -> Desk:
    return await open_desk()
