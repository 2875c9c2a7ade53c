"""Topics in memory: partitions and offsets as Kafka would give them, and the ways in which batches may arrive."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from shared.messaging.record import Record

PARTITIONS = 4


def partition_of(key: str) -> int:
    """One key lies in one partition number of every topic, as with Kafka's own partitioner (not by its rule)."""
    return UUID(key).int % PARTITIONS


class TopicLog:
    """Appends records."""

    def __init__(self) -> None:
        self._ends: dict[tuple[str, int], int] = defaultdict(int)
        self.records: list[Record] = []

    def append(self, records: Iterable[Record]) -> list[Record]:
        appended = []
        for record in records:
            number = partition_of(record.key) if record.key else 0
            place = (record.topic, number)
            appended.append(replace(record, partition=number, offset=self._ends[place]))
            self._ends[place] += 1
        self.records += appended
        return appended


def in_batches(records: Sequence[Record], seed: int, most: int = 60) -> Iterator[list[Record]]:
    """Batches of different sizes, each as a poll gives it: partition after partition, in order within each."""
    numbers = random.Random(seed)
    start = 0
    while start < len(records):
        size = numbers.randrange(1, most)
        batch = records[start : start + size]
        start += size
        yield sorted(batch, key=lambda r: (r.topic, r.partition, r.offset))
