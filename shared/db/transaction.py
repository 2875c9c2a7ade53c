"""A transaction as the use cases see it: a connection, an outbox, one moment, and an explicit commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.kernel.clock import Clock
from shared.outbox.outbox import Outbox

_BIND_TENANT = text("SELECT set_config('app.tenant', :tenant, true)")


class Transaction:
    """Everything written here becomes so together, or not at all.

    `now` is read once, so that all rows of one transaction carry one moment. Leaving without `commit()` rolls back.
    """

    def __init__(self, connection: AsyncConnection, clock: Clock, producer: str) -> None:
        self.connection = connection
        self.now: datetime = clock.now()
        self.outbox = Outbox(self, producer)
        self._committed = False

    @property
    def is_committed(self) -> bool:
        return self._committed

    async def begin(self, tenant: str | None) -> None:
        # This first statement also opens the transaction: SQLAlchemy begins one at the first execute, and statements
        # sent to the driver before that would commit by themselves.
        await self.connection.execute(_BIND_TENANT, {"tenant": tenant or ""})

    async def driver(self) -> asyncpg.Connection[Any]:
        """The asyncpg connection inside this transaction, for COPY and arrays."""
        raw = await self.connection.get_raw_connection()
        connection: asyncpg.Connection[Any] = raw.driver_connection  # type: ignore[assignment]  # typed Any upstream
        return connection

    async def commit(self) -> None:
        """Write the outbox rows and commit. The only place from which events go out."""
        if self._committed:
            raise RuntimeError("this transaction is committed already")
        await self.outbox.flush()
        await self.connection.commit()
        self._committed = True

    async def rollback_unless_committed(self) -> None:
        if not self._committed:
            await self.connection.rollback()
