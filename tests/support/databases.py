"""A service's database for one test: made by the service's migrations, opened in both roles, dropped afterwards."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from shared.db.database import Database, DatabaseRole, open_database, service_url
from shared.db.migrations import migrate
from shared.kernel.clock import Clock, FrozenClock

MONDAY_MORNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A moment at which people may be called in New York (10:00) and, just not any more, in Shanghai (23:00)."""


@dataclass(frozen=True)
class ServiceDatabases:
    """`url` is the DATABASE_URL that a process of the service would be given."""

    service: str
    url: str
    clock: FrozenClock
    api: Database
    worker: Database


@asynccontextmanager
async def service_databases(
    server_url: str, base: str, service: str, clock: FrozenClock | None = None
) -> AsyncIterator[ServiceDatabases]:
    clock = clock or FrozenClock(MONDAY_MORNING)
    url = make_url(server_url).set(database=base).render_as_string(hide_password=False)
    module = importlib.import_module(f"services.{service}.main")
    described = module.create_service()
    await migrate(url, service, Path(described.migrations), described.metadata)
    api = _open(url, service, clock, "concord_api")
    worker = _open(url, service, clock, "concord_worker")
    try:
        yield ServiceDatabases(service, url, clock, api, worker)
    finally:
        await api.close()
        await worker.close()
        await drop_database(url, service)


async def drop_database(url: str, service: str) -> None:
    """Remove the database of a test, whoever may still be connected to it."""
    target = service_url(url, service)
    admin = target.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    connection = await asyncpg.connect(admin)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{target.database}" WITH (FORCE)')
    finally:
        await connection.close()


def _open(url: str, service: str, clock: Clock, role: DatabaseRole) -> Database:
    return open_database(url, service, clock, role=role, pool_size=5)
