"""Tells when nothing moves any more: no event on its way, no timer due, no message being sent.

It reads the five databases and Kafka's offsets directly, which a tool of the local stack may do and a service may not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.services import SERVICES
from shared.db.database import service_url
from shared.messaging.kafka import START_TIMEOUT_S, new_subscriber_client, stop_bounded
from shared.messaging.topics import Topic, read_topics

LOOK_EVERY_SECONDS = 0.01
STUCK_AFTER_SECONDS = 90.0
"""Without any change: longer than a process takes to be started again, and than a lease to run out."""
QUIET_WITHIN_SECONDS = 1_800.0

_PLUMBING = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1000) t) AS unpublished,
       (SELECT coalesce(max(id), 0) FROM outbox) AS last_id,
       (SELECT count(*) FROM outbox WHERE id > $1) AS new_rows,
       (SELECT json_object_agg(topic || '/' || partition, next_offset) FROM cursors WHERE topic <> '') AS cursors
"""


class NotQuiet(Exception):
    """Something still moves long after it should have stopped; the text names it."""


@dataclass(frozen=True, slots=True)
class Look:
    """One service at one moment. `written` changes whenever an event was written; `busy` names what is not quiet."""

    written: tuple[int, int]
    cursors: Mapping[str, int]
    busy: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """All services at one moment; two that are equal saw the same stillness."""

    busy: tuple[str, ...]
    written: tuple[tuple[int, int], ...]
    read: tuple[int, ...]


@dataclass(slots=True)
class QuietWatch:
    """`async with`: opens a connection to each database and one Kafka client.

    `due` has, for each service that has timers, a query with one parameter, the time now; its row names what is due
    and how much of it.
    """

    database_url: str
    bootstrap: list[str]
    due: Mapping[str, str]
    ends: dict[str, int] = field(default_factory=dict)
    connections: dict[str, asyncpg.Connection[Any]] = field(default_factory=dict)
    topics: Sequence[Topic] = field(default_factory=read_topics)
    _client: AIOKafkaConsumer | None = None
    _partitions: list[TopicPartition] = field(default_factory=list)
    _heard: dict[str, set[str]] = field(default_factory=dict)
    _quiet_at: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SERVICES, 0))
    _ends_as_of: tuple[tuple[int, int], ...] = ()

    async def __aenter__(self) -> Self:
        for service in SERVICES:
            url = service_url(self.database_url, service).set(drivername="postgresql")
            # The services' own role: it sees every tenant, whoever owns the tables.
            self.connections[service] = await asyncpg.connect(
                url.render_as_string(hide_password=False), server_settings={"role": "concord_worker"}
            )
        self._client = new_subscriber_client(self.bootstrap, "sandbox", "sandbox")
        await asyncio.wait_for(self._client.start(), START_TIMEOUT_S)
        self._partitions = [TopicPartition(t.name, n) for t in self.topics for n in range(t.partitions)]
        self._heard = {service: {t.name for t in self.topics if service in t.subscribers} for service in SERVICES}
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await stop_bounded(self._client)
        for connection in self.connections.values():
            connection.terminate()

    @property
    def events(self) -> dict[str, int]:
        """Records on each topic, as of the last look."""
        counts: dict[str, int] = {}
        for partition, end in self.ends.items():
            topic = partition.rpartition("/")[0]
            counts[topic] = counts.get(topic, 0) + end
        return counts

    async def wait(self, now: datetime) -> None:
        """Return when two looks in a row saw the same stillness. Raises NotQuiet."""
        started_at = changed_at = time.monotonic()
        before: Glance | None = None
        while True:
            glance = await self._glance(now)
            if glance != before:
                changed_at = time.monotonic()
            elif not glance.busy:
                self._count_from_here(glance)
                return
            if changed_at - started_at > QUIET_WITHIN_SECONDS or time.monotonic() - changed_at > STUCK_AFTER_SECONDS:
                raise NotQuiet(f"at {now.isoformat()} it does not become quiet: {'; '.join(glance.busy)}")
            before = glance
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _glance(self, now: datetime) -> Glance:
        looks = await asyncio.gather(*(self._look_at(service, now) for service in SERVICES))
        busy = [line for look in looks for line in look.busy]
        written = tuple(look.written for look in looks)
        if not busy:
            await self._read_ends(written)
            for service, look in zip(SERVICES, looks, strict=True):
                behind = sum(
                    max(0, end - look.cursors.get(place, 0))
                    for place, end in self.ends.items()
                    if place.rpartition("/")[0] in self._heard[service]
                )
                if behind:
                    busy.append(f"{service} is {behind} events behind")
        return Glance(tuple(busy), written, tuple(sum(look.cursors.values()) for look in looks))

    def _count_from_here(self, glance: Glance) -> None:
        """Nothing is under way, so what is written from now on has a higher id, and counting it stays cheap."""
        self._quiet_at = {service: last_id for service, (last_id, _) in zip(SERVICES, glance.written, strict=True)}
        self._ends_as_of = tuple((last_id, 0) for last_id, _ in glance.written)

    async def _read_ends(self, written: tuple[tuple[int, int], ...]) -> None:
        """Ask Kafka only when something was written since it was asked: everything written is published by now."""
        if written == self._ends_as_of:
            return
        assert self._client is not None
        ends = await self._client.end_offsets(self._partitions)
        self.ends = {f"{partition.topic}/{partition.partition}": end for partition, end in ends.items()}
        self._ends_as_of = written

    async def _look_at(self, service: str, now: datetime) -> Look:
        connection = self.connections[service]
        row = await connection.fetchrow(_PLUMBING, self._quiet_at[service])
        assert row is not None
        busy = [f"{service} has {row['unpublished']} unpublished events"] if row["unpublished"] else []
        if service in self.due:
            due = await connection.fetch(self.due[service], now)
            busy += [f"{service} has {each['n']} due {each['what']}" for each in due if each["n"]]
        # Counted, because ids become visible in the order of commits: a late one may be lower than the last.
        return Look((row["last_id"], row["new_rows"]), _offsets(row["cursors"]), tuple(busy))


def _offsets(document: str | None) -> dict[str, int]:
    return {} if document is None else {str(place): int(offset) for place, offset in orjson.loads(document).items()}
