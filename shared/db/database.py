"""One database of one service: its engine, its roles, its time limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import orjson
from sqlalchemy import MetaData
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.db.transaction import Transaction
from shared.kernel.clock import Clock

DatabaseRole = Literal["concord_api", "concord_worker"]
"""`concord_api` sees one tenant at a time (row-level security); `concord_worker` works for all of them."""

CONSTRAINT_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

COMMAND_TIMEOUT_S = 30.0
SERVER_SETTINGS = {
    # A process frozen inside a transaction holds rows; these let the others wait seconds, not for ever.
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "5s",
    "statement_timeout": "25s",
    "tcp_keepalives_idle": "10",
    "jit": "off",
}


def new_metadata() -> MetaData:
    """Metadata whose constraints have names that migrations can rely on."""
    return MetaData(naming_convention=CONSTRAINT_NAMES)


def service_url(database_url: str, service: str) -> URL:
    """The address of a service's own database: `DATABASE_URL` names the server and the first part of the name."""
    url = make_url(database_url)
    return url.set(drivername="postgresql+asyncpg", database=f"{url.database or 'concord'}_{service}")


class Database:
    """Opens transactions. Knows no table."""

    def __init__(self, engine: AsyncEngine, clock: Clock, producer: str) -> None:
        self.engine = engine
        self._clock = clock
        self._producer = producer

    @asynccontextmanager
    async def transaction(self, *, tenant: str | None = None) -> AsyncIterator[Transaction]:
        """A transaction that rolls back unless `commit()` was called.

        `tenant` is the creditor whose rows may be seen; None sees no tenant's rows in the role `concord_api`.
        """
        async with self.engine.connect() as connection:
            transaction = Transaction(connection, self._clock, self._producer)
            await transaction.begin(tenant)
            try:
                yield transaction
            finally:
                await transaction.rollback_unless_committed()

    async def close(self) -> None:
        await self.engine.dispose()


def open_database(
    database_url: str, service: str, clock: Clock, *, role: DatabaseRole, pool_size: int = 5, application: str = ""
) -> Database:
    """Make the engine of one process. Nothing connects yet."""
    engine = create_async_engine(
        service_url(database_url, service),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        # Reads follow other services' commits within one transaction's statements, so the usual level is right.
        isolation_level="READ COMMITTED",
        # Every JSON column of every batch is parsed: several times faster than the standard library's parser.
        json_deserializer=orjson.loads,
        connect_args={
            "command_timeout": COMMAND_TIMEOUT_S,
            "timeout": 10,
            "server_settings": {**SERVER_SETTINGS, "role": role, "application_name": application or service},
        },
    )
    return Database(engine, clock, service)
