"""One service with two subscribers and two relays as processes, and the world that speaks to it."""

from __future__ import annotations

import asyncio
import random
import signal
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import psutil
from aiokafka.errors import KafkaError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from shared.db.database import Database, open_database, service_url
from shared.kernel.clock import SystemClock
from shared.messaging.record import Record
from shared.messaging.topics import Topic, create_topics
from shared.outbox.relay import replay
from tests.conformance import checkers, stand_in
from tests.conformance.checkers import Evidence
from tests.conformance.lives import STORIES, Said, interleaved, lives
from tests.conformance.processes import Member, Nursery
from tests.conformance.subjects import Templates, announced, create_service, heard, own_news
from tests.conformance.topic_log import PARTITIONS
from tests.conformance.wire import end_offsets, read_topics
from tests.conformance.worker import WORLD
from tests.support.databases import drop_database
from tests.support.servers import Servers

AWAY = (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError)
"""How it looks when a server is away."""
FROZEN_FOR_S = 5.0
"""Longer than the session and the idle transaction of `worker.py` may last: whoever thaws is a zombie."""


@dataclass
class Site:
    """Where one service runs. `name` is what the worker builds: a service, or the stand-in."""

    name: str
    prefix: str
    url: str
    world_url: str
    bootstrap: list[str]
    database: Database
    members: list[Member]
    world: Member
    numbers: random.Random
    heard: set[str]
    announced: set[str]
    said: list[Said] = field(default_factory=list)
    is_armed: bool = False
    frozen: dict[int, float] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def service(self) -> str:
        return create_service(self.name).name

    @property
    def everybody(self) -> list[Member]:
        return [*self.members, self.world]

    def playing(self, role: str) -> list[Member]:
        return [member for member in self.members if member.role == role]

    async def make_topics(self) -> None:
        service = self.service
        topics = [Topic(name, PARTITIONS, 86_400_000, WORLD, (service,)) for name in sorted(self.heard)]
        own = own_news(self.name)
        topics += [
            Topic(name, PARTITIONS, 86_400_000, service, (service,) if name in own else ())
            for name in sorted(self.announced)
        ]
        await create_topics(self.bootstrap, topics=topics, prefix=self.prefix)

    def start(self) -> None:
        for member in self.everybody:
            member.start()

    async def feed(self, count: int = len(STORIES)) -> list[Said]:
        """The world says what happens to some more cases: rows of its outbox, as of any other. Not to be cancelled."""
        said = interleaved(self.numbers.randrange(2**32), lives(self.numbers.randrange(2**32), count), self.heard)
        rows = [
            (
                one.event.event_id,
                one.record.topic,
                str(one.event.key),
                one.event.sequence,
                orjson.dumps(one.record.headers).decode(),
                one.record.value,
            )
            for one in said
        ]
        columns = ["event_id", "topic", "key", "sequence", "headers", "value"]
        while True:
            try:
                connection = await asyncpg.connect(_plain(self.world_url, WORLD), timeout=5)
                try:
                    await connection.copy_records_to_table("outbox", columns=columns, records=rows)
                finally:
                    await connection.close()
                break
            except asyncpg.UniqueViolationError:
                break  # committed, although the answer was lost
            except AWAY:
                await asyncio.sleep(0.3)
        self.said += said
        return said

    async def count_effects(self) -> int:
        return int((await self.rows("SELECT count(*) AS n FROM conformance_effects"))[0]["n"])

    async def rows(self, sql: str) -> list[Any]:
        async with self.database.transaction() as transaction:
            return list(await (await transaction.driver()).fetch(sql))

    async def is_all_told(self) -> bool:
        """What the world says is on Kafka."""
        connection = await asyncpg.connect(_plain(self.world_url, WORLD), timeout=5)
        try:
            return not await connection.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        finally:
            await connection.close()

    async def is_drained(self) -> bool:
        """Everything that was said is handled, and everything that was announced is published."""
        effects = await self.count_effects()
        if effects < len(self.said):
            return False
        unpublished = await self.rows("SELECT count(*) AS n FROM outbox WHERE published_at IS NULL")
        return not unpublished[0]["n"]

    async def has_read_all(self) -> bool:
        """The cursors stand at the ends of the topics."""
        ends = await end_offsets(self.bootstrap, self.prefix, self.heard)
        return not checkers.cursors_are_at(await checkers.gather(self.database), ends)

    async def gather(self) -> tuple[Evidence, list[Record]]:
        """What lies in the database and on Kafka now."""
        wire = await read_topics(self.bootstrap, self.prefix, self.heard | self.announced)
        return await checkers.gather(self.database), wire

    async def replay(self) -> None:
        """Kafka has lost everything: say it all again."""
        for url, service in ((self.url, self.service), (self.world_url, WORLD)):
            await replay(service_url(url, service), "2000-01-01T00:00:00Z")

    def thaw_the_frozen(self) -> None:
        """SIGCONT for whoever has stood still for long, whether a signal or a fault point stopped it."""
        now = time.monotonic()
        for member in self.everybody:
            pid = member.pid
            if pid is None or not _is_stopped(pid):
                continue
            since = self.frozen.setdefault(pid, now)
            if now - since > FROZEN_FOR_S:
                self.seen["zombie " + member.role] += 1
                self.frozen.pop(pid, None)
                member.send(signal.SIGCONT)

    def arm(self, role: str) -> str:
        """The fault points of a process that starts now: every second one dies or freezes at an exact place."""
        if not self.is_armed or self.numbers.random() < 0.5:
            return ""
        place, action = self.numbers.choice(POINTS[role])
        return f"{place}={action}@{self.numbers.randrange(1, 6)}"

    async def close(self) -> None:
        await self.database.close()
        for url, service in ((self.url, self.service), (self.world_url, WORLD)):
            await drop_database(url, service)


POINTS = {
    "subscriber": (
        ("subscriber.before_commit", "kill"),
        ("subscriber.before_commit", "stop"),
        ("subscriber.after_commit", "kill"),
        ("subscriber.after_commit", "stop"),
    ),
    "relay": (
        ("relay.before_send", "kill"),
        ("relay.before_send", "stop"),
        ("relay.after_send", "kill"),
        ("relay.after_send", "stop"),
    ),
}


async def open_site(
    name: str, seed: int, *, servers: Servers, templates: Templates, nursery: Nursery, logs: Path, plant: str = ""
) -> Site:
    """Make databases and topics of a site and describe its processes; nothing runs yet."""
    prefix = f"{name}-{uuid.uuid4().hex[:8]}."
    url = await templates.copy(name)
    base = make_url(url).database
    world_url = make_url(url).set(database=f"{base}w").render_as_string(hide_password=False)
    await stand_in.create_database(world_url, WORLD)
    environment = {
        "KAFKA_BOOTSTRAP_SERVERS": servers.kafka_bootstrap,
        "TOPIC_PREFIX": prefix,
        "HTTP_PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    service = create_service(name).name
    database = open_database(url, service, SystemClock(), role="concord_worker", pool_size=2, application="checker")
    site = Site(
        name=name,
        prefix=prefix,
        url=url,
        world_url=world_url,
        bootstrap=servers.kafka_bootstrap.split(","),
        database=database,
        members=[],
        world=Member(
            f"{name}-world",
            (WORLD, "relay"),
            {**environment, "DATABASE_URL": world_url},
            logs / f"{name}-world.log",
            nursery,
        ),
        numbers=random.Random(f"{seed} {name}"),
        heard=heard(name),
        announced=announced(name),
    )
    site.world.arm = _armed(site, "relay")
    for role in ("subscriber", "relay"):
        for number in (1, 2):
            member = Member(
                f"{name}-{role}-{number}",
                (name, role),
                {**environment, "DATABASE_URL": url, "PLANT": plant},
                logs / f"{name}-{role}-{number}.log",
                nursery,
                _armed(site, role),
            )
            site.members.append(member)
    await site.make_topics()
    return site


def _armed(site: Site, role: str) -> Callable[[], str]:
    return lambda: site.arm(role)


async def until(condition: Callable[[], Awaitable[bool]], what: str, *, within_s: float) -> float:
    """Seconds until the condition held; AssertionError when it did not in time. A server may be away meanwhile."""
    began = time.monotonic()
    while True:
        try:
            if await condition():
                return time.monotonic() - began
        except AWAY:
            pass
        if time.monotonic() - began > within_s:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        await asyncio.sleep(0.25)


def _plain(url: str, service: str) -> str:
    return service_url(url, service).set(drivername="postgresql").render_as_string(hide_password=False)


def _is_stopped(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False
