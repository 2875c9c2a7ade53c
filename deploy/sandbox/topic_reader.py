"""Reads every record of every topic from its beginning: what any downstream system could see of the run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from aiokafka import TopicPartition

from shared.messaging.kafka import START_TIMEOUT_S, new_subscriber_client, stop_bounded
from shared.messaging.topics import Topic

READ_WITHIN_SECONDS = 120.0
_POLL_RECORDS = 5_000


@dataclass(frozen=True, slots=True)
class Heard:
    """One record: its raw parts, and what its headers and body say."""

    topic: str
    key: str
    headers: Mapping[str, str]
    value: bytes
    body: Mapping[str, Any]

    @property
    def event_id(self) -> str:
        return self.headers["ce_id"]

    @property
    def occurred_at(self) -> datetime:
        return datetime.fromisoformat(self.headers["ce_time"])

    @property
    def sequence(self) -> int:
        return int(self.headers["ce_sequence"])


async def read_everything(bootstrap: list[str], topics: Sequence[Topic]) -> tuple[list[Heard], int]:
    """Every event of the topics, and the number of dead letters. Raises TimeoutError."""
    partitions = [TopicPartition(topic.name, n) for topic in topics for n in range(topic.partitions)]
    dead = [TopicPartition(name, 0) for topic in topics for name in topic.dead_letter_names]
    client = new_subscriber_client(bootstrap, "sandbox-reader", "sandbox-reader")
    # The client knows the leaders of assigned partitions alone, so the dead letters are assigned to be counted.
    client.assign([*partitions, *dead])
    await asyncio.wait_for(client.start(), START_TIMEOUT_S)
    try:
        async with asyncio.timeout(READ_WITHIN_SECONDS):
            dead_letters = sum((await client.end_offsets(dead)).values())
            left = {p: end for p, end in (await client.end_offsets(partitions)).items() if end}
            for partition in partitions:
                client.seek(partition, 0)
            heard: list[Heard] = []
            while left:
                polled = await client.getmany(timeout_ms=500, max_records=_POLL_RECORDS)
                for partition, records in polled.items():
                    if partition not in left:
                        continue
                    heard += (_heard(record) for record in records)
                    if records and records[-1].offset + 1 >= left.get(partition, 0):
                        left.pop(partition, None)
        return heard, dead_letters
    finally:
        await stop_bounded(client)


def _heard(record: Any) -> Heard:
    return Heard(
        topic=record.topic,
        key=(record.key or b"").decode(),
        headers={name: value.decode() for name, value in record.headers},
        value=record.value,
        body=orjson.loads(record.value),
    )
