"""A real Apache Kafka on this machine: one node that is broker and KRaft controller at once."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.folder import LocalFolder
from deploy.local.jars import bring_jars
from deploy.local.java import Java, find_java
from deploy.local.ports import HOST, Ports
from deploy.local.probe import is_open
from deploy.local.processes import Command, Process, Registry

LOCK = Path(__file__).with_name("kafka.lock")
PREFERRED_PORT = 29592

_READY_WITHIN_SECONDS = 60.0
_FORMAT_WITHIN_SECONDS = 60.0
_ASK_WITHIN_SECONDS = 3.0

_LOGGING = """\
Configuration:
  status: error
  Appenders: {Console: {name: STDOUT, target: SYSTEM_OUT, PatternLayout: {pattern: "[%d] %p %m (%c)%n"}}}
  Loggers:
    Root: {level: WARN, AppenderRef: {ref: STDOUT}}
    Logger: [{name: kafka.server.KafkaRaftServer, level: INFO}]
"""


class Kafka:
    """One broker with its data folder. Formatted once; killed, frozen and started again it keeps data and ports."""

    def __init__(self, folder: LocalFolder, registry: Registry, ports: Ports, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._registry = registry
        self._say = say
        self._home = folder.root / "kafka"
        self._port = ports.take(PREFERRED_PORT, "Kafka")
        self._controller_port = ports.take(PREFERRED_PORT + 1, "Kafka's controller")
        self._process: Process | None = None

    @property
    def bootstrap(self) -> str:
        return f"{HOST}:{self._port}"

    @property
    def is_started(self) -> bool:
        return self._process is not None

    @property
    def process(self) -> Process:
        assert self._process is not None, "Kafka was not started"
        return self._process

    async def start(self, *, keep_data: bool = False) -> None:
        """Bring the jars, format the data folder where it is new, start, and return when the broker serves."""
        jars = await bring_jars("Kafka", LOCK, folder=self._folder, registry=self._registry, say=self._say)
        java = await asyncio.to_thread(find_java)
        await asyncio.to_thread(self._prepare, keep_data)
        arguments = _java_arguments(java, self._home / "log4j2.yaml", jars)
        if not (self._data / "meta.properties").exists():
            await self._format(arguments)
        argv = (*arguments, "kafka.Kafka", str(self._properties))
        self._process = self._make_process("kafka", argv)
        await self.start_again()

    async def start_again(self) -> None:
        """Start the same broker after stop() or kill(), and return when it serves."""
        self.process.start()
        await self.process.wait_ready(self.is_ready, within_seconds=_READY_WITHIN_SECONDS)

    async def is_ready(self) -> bool:
        """True when the cluster lists its broker: after a crash the port opens while the broker is still fenced."""
        if not await is_open(HOST, self._port):
            return False
        try:
            async with asyncio.timeout(_ASK_WITHIN_SECONDS):
                return await count_brokers(self.bootstrap) > 0
        except (KafkaError, OSError, TimeoutError):
            return False

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()

    @property
    def _data(self) -> Path:
        return self._home / "data"

    @property
    def _properties(self) -> Path:
        return self._home / "server.properties"

    def _prepare(self, keep_data: bool) -> None:
        if not keep_data:
            shutil.rmtree(self._data, ignore_errors=True)
        self._home.mkdir(parents=True, exist_ok=True)
        (self._home / "log4j2.yaml").write_text(_LOGGING)
        self._properties.write_text(_server_properties(self._port, self._controller_port, self._data))

    async def _format(self, arguments: tuple[str, ...]) -> None:
        # A cluster id must not begin with a dash, or the tool reads it as an option.
        cluster = "c" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]
        argv = (*arguments, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._properties))
        process = self._make_process("kafka-format", argv)
        process.start()
        try:
            if await process.wait_ended(within_seconds=_FORMAT_WITHIN_SECONDS) != 0:
                raise process.failure("could not format the data folder")
        finally:
            await process.stop()

    def _make_process(self, name: str, argv: tuple[str, ...]) -> Process:
        command = Command(name, argv, os.environ, self._home, stop_within_seconds=15)
        return Process(command, self._folder.logs / f"{name}.log", self._registry)


def _java_arguments(java: Java, logging_file: Path, jars: list[Path]) -> tuple[str, ...]:
    """A small broker that starts fast: one garbage collector thread, the quick compiler only."""
    return (
        str(java.path),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        *java.flags,
        f"-Dlog4j2.configurationFile={logging_file.as_uri()}",
        "-cp",
        os.pathsep.join(str(jar) for jar in jars),
    )


def _server_properties(port: int, controller_port: int, data: Path) -> str:
    values = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{HOST}:{controller_port}",
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
        "auto.create.topics.enable": "false",
        "num.partitions": 3,
        "message.max.bytes": 1_048_588,
        "log.retention.hours": 168,
        "log.segment.bytes": 67_108_864,
        "offsets.topic.num.partitions": 4,
        "offsets.topic.replication.factor": 1,
        "transaction.state.log.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "group.initial.rebalance.delay.ms": 0,
        # A subscriber that was killed in a test is missed within a second, not within six.
        "group.min.session.timeout.ms": 1000,
        # A broker that was killed waits until its own old session has run out: three seconds instead of nine.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 500,
        "num.network.threads": 2,
        "num.io.threads": 2,
        "num.recovery.threads.per.data.dir": 1,
        "background.threads": 2,
        "log.cleaner.threads": 1,
        "log.cleaner.dedupe.buffer.size": 4_194_304,
        "log.cleaner.backoff.ms": 1000,
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


async def count_brokers(bootstrap: str) -> int:
    """How many brokers the cluster lists now; a KafkaError where none answers."""
    with _quiet_client():
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=10_000)
        try:
            await admin.start()
            return len((await admin.describe_cluster())["brokers"])
        finally:
            await admin.close()


@contextmanager
def _quiet_client() -> Iterator[None]:
    """While we ask a broker that may not be there yet, its absence is no news."""
    logger = logging.getLogger("aiokafka")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
