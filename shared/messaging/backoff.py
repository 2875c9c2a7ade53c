"""Which failures pass by themselves, and how long to wait for them."""

from __future__ import annotations

import asyncio
import random

import asyncpg
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

WAIT_FIRST_S = 0.2
WAIT_MAX_S = 30.0
GIVE_UP_AFTER_S = 300.0
"""After five minutes of the same trouble the process ends, so that its supervisor and its alerts see it."""

_TRANSIENT_SQLSTATE_CLASSES = (
    "08",  # connection exception
    "25006",  # read-only transaction: a standby, or a full disk's emergency brake
    "25P03",  # cut off while idle in a transaction: this process was frozen, and its work belongs to another by now
    "25P04",  # the transaction took too long
    "40",  # rollback: serialisation failure, deadlock
    "53",  # insufficient resources
    "55P03",  # lock not available
    "57",  # operator intervention: shutdown, cancelled, statement timeout
    "58",  # system error
)

_TRANSIENT_TYPES = (
    ConnectionError,
    TimeoutError,
    PoolTimeout,
    OSError,
    KafkaError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a session cut off in the middle of a statement may show as this
)


def is_transient(error: BaseException) -> bool:
    """True where trying the same again may succeed: a server is away, slow, or two transactions met."""
    if isinstance(error, DBAPIError):
        sqlstate = getattr(error.orig, "sqlstate", None)
        if sqlstate is not None:
            return str(sqlstate).startswith(_TRANSIENT_SQLSTATE_CLASSES)
        return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate or "").startswith(_TRANSIENT_SQLSTATE_CLASSES)
    return isinstance(error, _TRANSIENT_TYPES)


class Backoff:
    """Waits that double up to a limit, with full jitter so that processes do not come back in step."""

    def __init__(self) -> None:
        self._attempt = 0
        self._since: float | None = None

    @property
    def attempts(self) -> int:
        return self._attempt

    def reset(self) -> None:
        self._attempt, self._since = 0, None

    def is_exhausted(self, after_s: float = GIVE_UP_AFTER_S) -> bool:
        return self._since is not None and asyncio.get_running_loop().time() - self._since > after_s

    async def wait(self) -> None:
        if self._since is None:
            self._since = asyncio.get_running_loop().time()
        ceiling = min(WAIT_MAX_S, WAIT_FIRST_S * 2**self._attempt)
        self._attempt = min(self._attempt + 1, 16)
        await asyncio.sleep(random.uniform(WAIT_FIRST_S / 2, ceiling))  # noqa: S311 - jitter, not a secret
