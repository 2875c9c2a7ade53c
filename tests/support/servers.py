"""Kafka and PostgreSQL for a test session: the ones that the environment names, else our own, started once.

The top conftest imports `servers_fixture`, which gives every test the session fixture `servers`; `started_servers()`
is the same as a context manager, for the bench and for scripts.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import pytest

from deploy.local.errors import FolderInUse, ServerNotOurs, StackInterrupted
from deploy.local.folder import LocalFolder, RunLock
from deploy.local.kafka import Kafka
from deploy.local.postgres import Postgres
from deploy.local.processes import Registry
from deploy.local.stack import Stack, StackOptions

_UP_WITHIN_SECONDS = 900.0
_DOWN_WITHIN_SECONDS = 60.0

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the servers are, and the means to hurt them.

    `database_url` names a base database on which a test makes its own; `kafka_bootstrap` is `host:port[,...]`.
    `broker` and `postgres` raise ServerNotOurs where the environment named the server: a fault test skips then.
    All methods here may be awaited from any event loop.
    """

    database_url: str
    kafka_bootstrap: str
    own_kafka: Kafka | None = None
    own_postgres: Postgres | None = None

    @property
    def are_ours(self) -> bool:
        """True if both may be killed, frozen and restarted."""
        return self.own_kafka is not None and self.own_postgres is not None

    @property
    def broker(self) -> Kafka:
        if self.own_kafka is None:
            raise ServerNotOurs("Kafka was given by KAFKA_BOOTSTRAP_SERVERS")
        return self.own_kafka

    @property
    def postgres(self) -> Postgres:
        if self.own_postgres is None:
            raise ServerNotOurs("PostgreSQL was given by DATABASE_URL")
        return self.own_postgres

    async def kill_broker(self) -> None:
        """SIGKILL. It stays away until start_broker()."""
        await self.broker.process.kill()

    async def start_broker(self) -> None:
        """Start the killed or stopped broker again with its data and port; returns when it serves."""
        await self.broker.start_again()

    async def restart_broker(self) -> None:
        """Stop it in order and start it again."""
        await self.broker.stop()
        await self.broker.start_again()

    def freeze_broker(self) -> None:
        """SIGSTOP: connections stay open and nobody answers."""
        self.broker.process.freeze()

    def thaw_broker(self) -> None:
        """SIGCONT; the broker registers anew within about three seconds."""
        self.broker.process.thaw()

    async def kill_postgres(self) -> None:
        """Cut off every session as a power cut would (immediate mode); it stays away until start_postgres()."""
        await self.postgres.process.stop(signal.SIGQUIT)

    async def start_postgres(self) -> None:
        """Start the stopped server again with its data and port; returns when it answers."""
        await self.postgres.start_again()

    async def restart_postgres(self) -> None:
        """Immediate stop, start, recovery; returns when it answers."""
        await self.postgres.restart_immediately()


@contextmanager
def started_servers() -> Iterator[Servers]:
    """Servers until the block ends, however it ends. What earlier sessions left after a `kill -9` is ended first.

    They live in `.local/test-<process id>-<number>`, so that several sessions run side by side; data goes at the end,
    logs stay until the next session.
    """
    database_url, bootstrap = os.environ.get("DATABASE_URL"), os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if database_url and bootstrap:
        yield Servers(database_url, bootstrap)
        return
    main = LocalFolder.main()
    _sweep(main)
    folder = main.part(f"test-{os.getpid()}-{next(_NUMBERS)}")
    options = StackOptions(folder=folder, with_services=False, with_traces=False, durable=False)
    with _termination_as_interrupt(), _in_background(Stack(options)) as stack:
        yield Servers(
            stack.database_url,
            stack.kafka_bootstrap,
            None if bootstrap else stack.kafka,
            None if database_url else stack.postgres,
        )
    for part in ("kafka", "postgres"):
        shutil.rmtree(folder.root / part, ignore_errors=True)


@pytest.fixture(scope="session", name="servers")
def servers_fixture() -> Iterator[Servers]:
    """The session's Kafka and PostgreSQL."""
    with started_servers() as servers:
        yield servers


@contextmanager
def _in_background(stack: Stack) -> Iterator[Stack]:
    """The stack on an event loop of its own in a thread: tests come and go with theirs."""
    is_up, may_go = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    async def live() -> None:
        async with stack:
            is_up.set()
            while True:
                if may_go.is_set():
                    return
                await asyncio.sleep(0.05)

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:
            failures.append(error)
        finally:
            is_up.set()

    thread = threading.Thread(target=run, name="test-servers", daemon=True)
    thread.start()
    try:
        if not is_up.wait(_UP_WITHIN_SECONDS):
            raise TimeoutError("the test servers did not come up")
        if failures:
            raise failures[0]
        yield stack
    finally:
        may_go.set()
        thread.join(_DOWN_WITHIN_SECONDS)
    if failures and not isinstance(failures[0], StackInterrupted):
        raise failures[0]


def _sweep(main: LocalFolder) -> None:
    """End and remove what dead sessions left; one that starts this very moment may not have its lock yet."""
    for root in main.root.glob("test-[0-9]*"):
        if psutil.pid_exists(int(root.name.split("-")[1])):
            continue
        lock = RunLock(root / "run.lock")
        try:
            lock.acquire()
        except FolderInUse:
            continue
        try:
            Registry(root / "pids.json").end_leftovers()
            shutil.rmtree(root, ignore_errors=True)
        finally:
            lock.release()


@contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """SIGTERM ends a test session as Ctrl-C does, with its fixtures; by itself it would leave the servers behind."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
