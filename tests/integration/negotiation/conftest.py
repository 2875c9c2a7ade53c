"""The office of negotiation: one migrated database for all tests, emptied before each, with a clock of its own."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.negotiation.adapters.documents import papers
from services.negotiation.adapters.tables import metadata
from shared.db.database import open_database, service_url
from shared.kernel.clock import FrozenClock
from tests.integration.negotiation.cashier import Cashier, open_cashier
from tests.integration.negotiation.office import Office, open_office
from tests.support.databases import MONDAY_MORNING, ServiceDatabases, service_databases
from tests.support.servers import Servers


@pytest.fixture(scope="session")
async def migrated(servers: Servers) -> AsyncIterator[ServiceDatabases]:
    async with service_databases(servers.database_url, f"t{uuid.uuid4().hex[:12]}", "negotiation") as databases:
        yield databases


@pytest.fixture
async def office(migrated: ServiceDatabases, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    # On a busy machine the first paper may take longer than a borrower may be kept waiting.
    monkeypatch.setattr(papers, "MAKING_S_MAX", 60.0)
    await _empty(migrated.url)
    clock = FrozenClock(MONDAY_MORNING)
    api = open_database(migrated.url, "negotiation", clock, role="concord_api")
    worker = open_database(migrated.url, "negotiation", clock, role="concord_worker")
    try:
        async with open_office(ServiceDatabases("negotiation", migrated.url, clock, api, worker)) as opened:
            yield opened
    finally:
        await api.close()
        await worker.close()


@pytest.fixture
async def cashier(office: Office) -> AsyncIterator[Cashier]:
    async with open_cashier(office) as opened:
        yield opened


async def _empty(url: str) -> None:
    """As the server's own administrator with triggers off: the books let nobody else delete from them."""
    address = service_url(url, "negotiation").set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(address)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("; ".join(f"DELETE FROM {table.name}" for table in metadata.sorted_tables))
    finally:
        await connection.close()
