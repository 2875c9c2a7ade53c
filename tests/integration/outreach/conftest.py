"""The outreach desk, on a database of its own for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.integration.outreach.desk import Desk, open_desk
from tests.support.databases import ServiceDatabases


@pytest.fixture
async def desk(service_database: Callable[[str], Awaitable[ServiceDatabases]]) -> AsyncIterator[Desk]:
    async with open_desk(await service_database("outreach")) as opened:
        yield opened
