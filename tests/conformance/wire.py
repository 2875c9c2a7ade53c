"""Kafka past all plumbing: what lies there, read by a client of no group, and records written straight to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.messaging.kafka import start_producer
from shared.messaging.record import Record, readable_key
from tests.conformance.topic_log import PARTITIONS

WITHIN_S = 30.0


async def read_topics(bootstrap: list[str], prefix: str, names: Iterable[str]) -> list[Record]:
    """All records of topics from the beginning, each partition in the order of its offsets."""
    partitions = [TopicPartition(prefix + name, n) for name in sorted(names) for n in range(PARTITIONS)]
    client = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    await client.start()
    try:
        client.assign(partitions)
        ends = await client.end_offsets(partitions)
        starts = await client.beginning_offsets(partitions)
        for partition in partitions:
            client.seek(partition, starts[partition])
        left = {p for p in partitions if ends[p] > starts[p]}
        found: dict[TopicPartition, list[Record]] = {p: [] for p in partitions}
        deadline = time.monotonic() + WITHIN_S
        while left and time.monotonic() < deadline:
            for partition, records in (await client.getmany(timeout_ms=200)).items():
                found[partition] += [
                    Record(
                        topic=r.topic.removeprefix(prefix),
                        partition=r.partition,
                        offset=r.offset,
                        key=readable_key(r.key),
                        headers={name: value.decode() for name, value in r.headers},
                        value=r.value or b"",
                    )
                    for r in records
                    if r.offset < ends[partition]
                ]
                if records and records[-1].offset + 1 >= ends[partition]:
                    left.discard(partition)
        assert not left, f"could not read {left} to the end"
        return [record for partition in partitions for record in found[partition]]
    finally:
        await client.stop()


async def end_offsets(bootstrap: list[str], prefix: str, names: Iterable[str]) -> dict[tuple[str, int], int]:
    """Where each partition of these topics ends."""
    partitions = [TopicPartition(prefix + name, n) for name in sorted(names) for n in range(PARTITIONS)]
    client = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await client.start()
    try:
        ends = await client.end_offsets(partitions)
    finally:
        await client.stop()
    return {(p.topic.removeprefix(prefix), p.partition): end for p, end in ends.items()}


async def publish(bootstrap: list[str], prefix: str, records: Iterable[Record]) -> None:
    """Write records in order. A record without a key gets none that could be read."""
    producer = await start_producer(bootstrap, "tests")
    try:
        written = [
            await producer.send(
                prefix + record.topic,
                record.value,
                key=record.key.encode() if record.key is not None else b"no identifier",
                headers=[(name, value.encode()) for name, value in record.headers.items()],
            )
            for record in records
        ]
        await asyncio.gather(*written)
    finally:
        await producer.stop()
