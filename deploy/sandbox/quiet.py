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
QUIET_WITHIN_SECONDS = 90.0

_PLUMBING = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1000) t) AS unpublished,
       (SELECT coalesce(max(id), 0) FROM outbox) AS last_id,
       (SELECT json_object_agg(topic || '/' || partition, next_offset) FROM cursors WHERE topic <> '') AS cursors
"""


class NotQuiet(Exception):
    """Something still moves long after it should have stopped; the text names it."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The state of everything at one moment. `busy` names what is not quiet; `mark` changes whenever anything did."""

    busy: tuple[str, ...]
    mark: tuple[int, ...]


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

    async def wait(self, now: datetime, within_seconds: float = QUIET_WITHIN_SECONDS) -> None:
        """Return when two looks in a row saw the same stillness. Raises NotQuiet."""
        deadline = time.monotonic() + within_seconds
        before: Glance | None = None
        while True:
            glance = await self._glance(now)
            if not glance.busy and glance == before:
                return
            if time.monotonic() > deadline:
                raise NotQuiet(f"not quiet after {within_seconds:g} s at {now.isoformat()}: {'; '.join(glance.busy)}")
            before = glance
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _glance(self, now: datetime) -> Glance:
        looks = await asyncio.gather(*(self._look_at(service, now) for service in SERVICES))
        assert self._client is not None
        ends = await self._client.end_offsets(self._partitions)
        self.ends = {f"{p.topic}/{p.partition}": end for p, end in ends.items()}
        busy = [line for _, _, lines in looks for line in lines]
        for service, (_, cursors, _) in zip(SERVICES, looks, strict=True):
            heard = {place: end for place, end in self.ends.items() if place.rpartition("/")[0] in self._heard[service]}
            behind = sum(max(0, end - cursors.get(place, 0)) for place, end in heard.items())
            if behind:
                busy.append(f"{service} is {behind} events behind")
        marks = [last_id for last_id, _, _ in looks] + [sum(cursors.values()) for _, cursors, _ in looks]
        return Glance(tuple(busy), (*marks, sum(self.ends.values())))

    async def _look_at(self, service: str, now: datetime) -> tuple[int, dict[str, int], Sequence[str]]:
        connection = self.connections[service]
        row = await connection.fetchrow(_PLUMBING)
        assert row is not None
        lines = [f"{service} has {row['unpublished']} unpublished events"] if row["unpublished"] else []
        if service in self.due:
            due = await connection.fetch(self.due[service], now)
            lines += [f"{service} has {each['n']} due {each['what']}" for each in due if each["n"]]
        return row["last_id"], _offsets(row["cursors"]), lines


def _offsets(document: str | None) -> dict[str, int]:
    return {} if document is None else {str(place): int(offset) for place, offset in orjson.loads(document).items()}
