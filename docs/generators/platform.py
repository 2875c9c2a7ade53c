"""What the five services say of themselves: their subscription tables, apps and tables, without any server."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from shared.db.database import Database, open_database
from shared.kernel.clock import SystemClock
from shared.messaging.topics import Topic, read_topics
from shared.service.app import build_app
from shared.service.service import AnyService, Platform

SERVICES = ("intake", "assessment", "outreach", "negotiation", "reporting")
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
"""An address at which nothing is asked: engines are made here and never connect."""


@dataclass(frozen=True)
class DescribedService:
    """One service: what it hears, its HTTP interface, its own tables."""

    name: str
    service: AnyService
    hears: frozenset[str]
    openapi: dict[str, Any]


@dataclass(frozen=True)
class DescribedPlatform:
    """All services and the declared topics."""

    services: tuple[DescribedService, ...]
    topics: tuple[Topic, ...]

    def subscribers(self, event_type: str) -> list[str]:
        """By the subscription tables, in the order of the flow."""
        return [described.name for described in self.services if event_type in described.hears]


def describe_platform() -> DescribedPlatform:
    """Build every service as its roles do and look at it. Reads nothing but code and files."""
    return DescribedPlatform(
        services=tuple(asyncio.run(_describe(name)) for name in SERVICES), topics=tuple(read_topics())
    )


async def _describe(name: str) -> DescribedService:
    service: AnyService = importlib.import_module(f"services.{name}.main").create_service()
    async with _database(name) as database:
        platform = Platform("subscriber", SystemClock(), database)
        async with service.open_resources(platform) as resources:
            hears = frozenset(subscription.topic for subscription in service.subscriptions(resources))
        app = build_app(service, Platform("api", SystemClock(), database))
    return DescribedService(name, service, hears, app.openapi())


@asynccontextmanager
async def _database(name: str) -> AsyncIterator[Database]:
    database = open_database(NOWHERE, name, SystemClock(), role="concord_worker")
    try:
        yield database
    finally:
        await database.close()
