"""The office of negotiation, on a database of its own for every test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.integration.negotiation.office import Office, open_office
from tests.support.databases import ServiceDatabases


@pytest.fixture
async def office(service_database: Callable[[str], Awaitable[ServiceDatabases]]) -> AsyncIterator[Office]:
    async with open_office(await service_database("negotiation")) as opened:
        yield opened
