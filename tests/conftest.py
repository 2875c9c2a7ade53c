"""Marks by folder, the servers of the session, migrated databases, and plain tracebacks in logs. No other magic."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import structlog

from tests.support.databases import ServiceDatabases, service_databases
from tests.support.servers import Servers, servers_fixture

__all__ = ["servers_fixture"]

# Where `rich` is installed, structlog draws every variable of every frame: a minute for one failure of an app.
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=True),
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

MARKS = ("unit", "contracts", "integration", "conformance", "e2e")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    root = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(root).parts[0]
        if folder in MARKS:
            item.add_marker(folder)


@pytest.fixture
async def service_database(servers: Servers) -> AsyncIterator[Callable[[str], Awaitable[ServiceDatabases]]]:
    """Make a service's database by its own migrations: `await service_database("intake")`. Dropped after the test."""
    async with AsyncExitStack() as stack:

        async def make(service: str) -> ServiceDatabases:
            base = f"t{uuid.uuid4().hex[:12]}"
            return await stack.enter_async_context(service_databases(servers.database_url, base, service))

        yield make
