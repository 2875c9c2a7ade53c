"""The whole local stack as one `async with`: up in the right order, down however the block ends."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from deploy.local.errors import ServerNotOurs, StackError, StackInterrupted
from deploy.local.folder import LocalFolder, RunLock
from deploy.local.kafka import Kafka, count_brokers
from deploy.local.ports import Ports
from deploy.local.postgres import Postgres
from deploy.local.probe import answers
from deploy.local.processes import Command, Process, Registry
from deploy.local.services import SERVICES, Role, api_addresses, command_of, lay_out, migrations
from deploy.local.supervisor import Supervisor
from deploy.local.zipkin import Zipkin

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MIGRATE_WITHIN_SECONDS = 120.0
# Of each topic, where the cluster has as many brokers.
_REPLICAS = 3
_SERVICES_READY_WITHIN_SECONDS = 120.0


def _silent(_: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class StackOptions:
    """What to bring up.

    `services` and `roles` pick which processes run (every address is told all the same; roles None: all), `durable`
    makes PostgreSQL wait for the disk, `keep_data` goes on with the data of the run before, `service_environment` is
    added to what every service process gets, `say` hears one line per step.
    """

    folder: LocalFolder = field(default_factory=LocalFolder.main)
    with_services: bool = True
    with_traces: bool = True
    services: Sequence[str] = SERVICES
    roles: Sequence[str] | None = None
    durable: bool = True
    keep_data: bool = False
    service_environment: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = _silent


class Stack:
    """Servers and services of one folder.

    DATABASE_URL, KAFKA_BOOTSTRAP_SERVERS and OTEL_EXPORTER_OTLP_ENDPOINT in the environment replace our own server of
    that kind. Leaving the block, by its end, an error, Ctrl-C, SIGTERM or SIGHUP, stops everything that was started;
    a signal then shows as StackInterrupted, a process that is gone for good as ProcessFailed.
    """

    def __init__(self, options: StackOptions | None = None) -> None:
        self.options = options or StackOptions()
        self.addresses: dict[str, str] = {}
        self._say = self.options.say
        self._lock = RunLock(self.options.folder.lock_file)
        self._registry = Registry(self.options.folder.registry_file)
        self._ports = Ports(self._say)
        self._supervisor = Supervisor(self._say)
        self._watching: asyncio.Task[Any] | None = None
        self._owner: asyncio.Task[Any] | None = None
        self._cause: StackError | None = None
        self._impatience = 0
        self._kafka: Kafka | None = None
        self._postgres: Postgres | None = None
        self._zipkin: Zipkin | None = None
        self._layout: list[Role] = []
        self._services: dict[str, Process] = {}

    @property
    def database_url(self) -> str:
        """`postgresql://user[:password]@host:port/base`; a service's own database is `<base>_<service>` beside it."""
        return os.environ.get("DATABASE_URL") or self.postgres.url

    @property
    def kafka_bootstrap(self) -> str:
        """`host:port[,host:port...]`"""
        return os.environ.get("KAFKA_BOOTSTRAP_SERVERS") or self.kafka.bootstrap

    @property
    def kafka(self) -> Kafka:
        """Our broker, to be killed, frozen and started again by tests; ServerNotOurs where it is somebody else's."""
        if self._kafka is None:
            raise ServerNotOurs("Kafka was given by KAFKA_BOOTSTRAP_SERVERS")
        return self._kafka

    @property
    def postgres(self) -> Postgres:
        """Our PostgreSQL; ServerNotOurs where it is somebody else's."""
        if self._postgres is None:
            raise ServerNotOurs("PostgreSQL was given by DATABASE_URL")
        return self._postgres

    def process(self, service: str, role: str) -> Process:
        """One service process: `.pid`, `.crash()`, `.freeze()`, `.thaw()`, `.stop()`, `.start()`, `.log_file`."""
        return self._services[f"{service}-{role}"]

    def processes(self) -> dict[str, Process]:
        """Every process that is part of the stack now, by name."""
        servers = [server.process for _, server in self._servers() if server.is_started]
        return {process.name: process for process in servers} | self._services

    def restarts(self, service: str, role: str) -> int:
        """How often the process was started again since the stack came up."""
        return self._supervisor.restarts(f"{service}-{role}")

    async def __aenter__(self) -> Self:
        self._lock.acquire()
        self._owner = asyncio.current_task()
        self._listen(self._interrupted)
        try:
            await self._come_up()
        except BaseException as error:
            await self._go_down()
            if self._cause and isinstance(error, asyncio.CancelledError):
                raise self._as_error() from None
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._go_down()
        if self._cause and (error is None or isinstance(error, asyncio.CancelledError)):
            raise self._as_error() from None

    def plan_services(self) -> dict[str, str]:
        """Reserve the services' ports now; service name -> address of its API, where it will answer."""
        self._layout = self._layout or lay_out(self._ports)
        apis = api_addresses(self._layout)
        self.addresses = apis | self.addresses
        return apis

    async def start_services(self, extra: Mapping[str, str] | None = None) -> None:
        """Make topics and databases, start every role, and return when each says that it is ready.

        Called by the block's start unless `with_services` is false; then by whoever must do something in between.
        """
        self.plan_services()
        common = self.common_environment() | dict(extra or {})
        started_at = time.monotonic()
        wanted = [role for role in self._layout if self._is_wanted(role)]
        apis = [role for role in self._layout if role.role == "api" and role.service in self.options.services]
        runs = [self._run_once(command) for command in migrations(apis, common)]
        await _together(self._make_topics(common), *runs)
        self._say(f"topics and databases are ready ({time.monotonic() - started_at:.1f} s)")
        started_at = time.monotonic()
        await _together(*(self._start_role(role, common) for role in wanted))
        self._say(f"{len(wanted)} service processes are ready ({time.monotonic() - started_at:.1f} s)")
        self._write_state()

    def _is_wanted(self, role: Role) -> bool:
        roles = self.options.roles
        return role.service in self.options.services and (roles is None or role.role in roles)

    async def _come_up(self) -> None:
        folder = self.options.folder
        leftovers = await asyncio.to_thread(self._registry.end_leftovers)
        if leftovers:
            self._say(f"ended what an earlier run had left: {', '.join(leftovers)}")
        await asyncio.to_thread(shutil.rmtree, folder.logs, True)
        folder.logs.mkdir(parents=True, exist_ok=True)
        folder.state_file.unlink(missing_ok=True)
        if self.options.with_services:
            self.plan_services()
        self._make_servers()
        self._watching = asyncio.create_task(self._supervisor.run())
        self._watching.add_done_callback(self._watcher_ended)
        await _together(*(self._start_server(title, server) for title, server in self._servers()))
        self._write_addresses()
        if self.options.with_services:
            await self.start_services()
        self._write_state()

    def _make_servers(self) -> None:
        folder, options = self.options.folder, self.options
        if not os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
            self._kafka = Kafka(folder, self._registry, self._ports, self._say)
        if not os.environ.get("DATABASE_URL"):
            self._postgres = Postgres(folder, self._registry, self._ports, self._say, durable=options.durable)
        if options.with_traces and not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
            self._zipkin = Zipkin(folder, self._registry, self._ports, self._say)

    def _servers(self) -> list[tuple[str, Kafka | Postgres | Zipkin]]:
        """Our own servers, in the order in which they may be stopped."""
        all_three = (("Zipkin", self._zipkin), ("Kafka", self._kafka), ("PostgreSQL", self._postgres))
        return [(title, server) for title, server in all_three if server]

    async def _start_server(self, title: str, server: Kafka | Postgres | Zipkin) -> None:
        started_at = time.monotonic()
        await server.start(keep_data=self.options.keep_data)
        self._supervisor.watch(server.process, may_restart=False)
        self._say(f"{title} is ready (process {server.process.pid}, {time.monotonic() - started_at:.1f} s)")

    async def _make_topics(self, common: Mapping[str, str]) -> None:
        from shared.messaging.topics import create_topics  # servers alone must come up without the product's code

        prefix = common.get("TOPIC_PREFIX") or os.environ.get("TOPIC_PREFIX", "")
        replicas = min(_REPLICAS, await count_brokers(self.kafka_bootstrap))
        await create_topics(self.kafka_bootstrap.split(","), replication_factor=replicas, prefix=prefix)

    async def _run_once(self, command: Command) -> None:
        process = self._make_process(command)
        process.start()
        try:
            if await process.wait_ended(within_seconds=_MIGRATE_WITHIN_SECONDS) != 0:
                raise process.failure("failed")
        finally:
            await process.stop()

    async def _start_role(self, role: Role, common: Mapping[str, str]) -> None:
        process = self._make_process(command_of(role, common))
        self._services[role.name] = process
        process.start()

        async def is_ready() -> bool:
            return await answers(f"{role.url}/ready") and process.listens_on(role.port)

        await process.wait_ready(is_ready, within_seconds=_SERVICES_READY_WITHIN_SECONDS)
        self._supervisor.watch(process, may_restart=True)

    def _make_process(self, command: Command) -> Process:
        return Process(command, self.options.folder.logs / f"{command.name}.log", self._registry)

    def common_environment(self) -> dict[str, str]:
        """What every service process is told."""
        addresses = api_addresses(self._layout)
        given = {
            "DATABASE_URL": self.database_url,
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka_bootstrap,
            "ENVIRONMENT": "sandbox",
            **{f"{name.upper()}_URL": url for name, url in addresses.items()},
        }
        if self._zipkin:
            given |= {"ZIPKIN_ENDPOINT": self._zipkin.spans_url, "TRACES_URL": self._zipkin.url}
        return given | dict(self.options.service_environment)

    def _write_addresses(self) -> None:
        traces = self._zipkin.url if self._zipkin else os.environ.get("TRACES_URL")
        if traces:
            self.addresses["traces"] = traces
        self.addresses["kafka"] = self.kafka_bootstrap
        if self._postgres:
            self.addresses["database"] = self._postgres.url

    def _write_state(self) -> None:
        """For `status`: the addresses without the URL of a database that may carry a password."""
        self.options.folder.state_file.write_text(json.dumps({"pid": os.getpid(), "addresses": self.addresses}))

    def _listen(self, handler: Callable[[int], None]) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            try:
                loop.add_signal_handler(number, handler, number)
            except (ValueError, RuntimeError):
                return  # not the main thread: signals are somebody else's to hear

    def _listen_no_more(self) -> None:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            try:
                loop.remove_signal_handler(number)
            except (ValueError, RuntimeError):
                return

    def _interrupted(self, number: int) -> None:
        self._cause = self._cause or StackInterrupted(number)
        if self._owner:
            self._owner.cancel()

    def _interrupted_again(self, number: int) -> None:
        """Asked again while stopping: say so; the third time, stop asking the processes politely."""
        self._impatience += 1
        self._say("stopping; a moment")
        if self._impatience >= 2:
            for process in self.processes().values():
                process.send(signal.SIGKILL)

    def _watcher_ended(self, task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        broken = error if isinstance(error, StackError) else StackError(f"the watch over processes broke: {error!r}")
        self._cause = self._cause or broken
        if self._owner:
            self._owner.cancel()

    def _as_error(self) -> StackError:
        """Our own cancellation, turned back into what caused it."""
        assert self._cause is not None
        if self._owner and self._owner.cancelling():
            self._owner.uncancel()
        return self._cause

    async def _go_down(self) -> None:
        """Stop everything, even if whoever waits for us is cancelled meanwhile."""
        self._listen(self._interrupted_again)
        stopping = asyncio.create_task(self._stop_all())
        was_cancelled = False
        while not stopping.done():
            try:
                await asyncio.shield(stopping)
            except asyncio.CancelledError:
                was_cancelled = True
        self._listen_no_more()
        stopping.result()
        if was_cancelled and self._cause is None:
            raise asyncio.CancelledError

    async def _stop_all(self) -> None:
        """Services first, since they finish what is in hand with the servers still there."""
        self._supervisor.forget_all()
        if self._watching:
            self._watching.cancel()
        try:
            await _all(process.stop() for process in self._services.values())
            await _all(server.stop() for _, server in self._servers())
        finally:
            self.options.folder.state_file.unlink(missing_ok=True)
            self._ports.release()
            self._lock.release()


async def _together(*work: Coroutine[Any, Any, None]) -> None:
    """All at once; the first failure ends the others and is told alone, the others as notes."""
    try:
        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(each)
    except BaseExceptionGroup as failures:
        first, *others = failures.exceptions
        for other in others:
            first.add_note(f"also: {other}")
        raise first from None


async def _all(stops: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Every one is tried, then the first error is told."""
    results = await asyncio.gather(*stops, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
