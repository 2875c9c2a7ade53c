"""Where a subscriber reads on after a rebalance: the database says it, and the topic itself is checked against it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.structs import ConsumerRecord

from shared.messaging import ledger
from shared.messaging.batch import BatchHandler
from shared.messaging.kafka import START_TIMEOUT_S
from shared.messaging.record import Record, readable_key

log = structlog.get_logger("concord.subscriber")


class Seeker(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Puts the client where the database says this service is.

    It seeks one record back and looks at what lies there: where that is not the record the cursor was set behind, the
    topic has been made anew (its data were lost, or it was deleted), and reading begins at its start.

    The rebalance only marks partitions as lost; the subscriber's loop seeks before it polls again. In the callback
    itself a failure would be logged away by the client, which reads on from Kafka's own offsets.
    """

    def __init__(self, handler: BatchHandler, client: AIOKafkaConsumer, prefix: str) -> None:
        self._handler = handler
        self._client = client
        self._prefix = prefix
        self._lost: set[TopicPartition] = set()
        self._made_anew: set[TopicPartition] = set()
        self._expected: dict[TopicPartition, tuple[int, str]] = {}
        self._next: dict[TopicPartition, int] = {}

    @property
    def is_lost(self) -> bool:
        """Whether the client stands anywhere else than where the database says."""
        return bool(self._lost)

    def place(self, partition: TopicPartition) -> ledger.Partition:
        return partition.topic.removeprefix(self._prefix), partition.partition

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        return None

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        # A new set and no update: a seek under way belongs to the old assignment and must not empty this one.
        self._lost = set(assigned)
        self._made_anew.clear()

    async def seek(self) -> None:
        """Go to the database's cursors wherever the client is lost."""
        lost = self._lost
        ends = await asyncio.wait_for(self._client.end_offsets(list(lost)), START_TIMEOUT_S)
        async with self._handler.database.transaction() as transaction:
            connection = await transaction.driver()
            cursors = await ledger.read_cursors(connection, [self.place(p) for p in lost])
            anew = {p for p in lost if p in self._made_anew or cursors.get(self.place(p), (0, None))[0] > ends[p]}
            for partition in anew:
                log.error("subscriber.topic_made_anew", topic=partition.topic, partition=partition.partition)
                await ledger.reset_cursor(connection, self.place(partition))
            await transaction.commit()
        for partition in lost & self._client.assignment():
            next_offset, fingerprint = (0, None) if partition in anew else cursors.get(self.place(partition), (0, None))
            self._expected.pop(partition, None)
            if next_offset > 0 and fingerprint is not None:
                next_offset -= 1
                self._expected[partition] = (next_offset, fingerprint)
            self._next[partition] = next_offset
            self._client.seek(partition, next_offset)
        self._made_anew -= anew
        lost.clear()

    def drop_the_known(
        self, polled: dict[TopicPartition, list[ConsumerRecord]]
    ) -> dict[TopicPartition, list[ConsumerRecord]]:
        """Take out what comes from where the client is lost, and the record that was read again to be compared."""
        return {partition: self._fresh(partition, batch) for partition, batch in polled.items() if batch}

    def _fresh(self, partition: TopicPartition, batch: list[ConsumerRecord]) -> list[ConsumerRecord]:
        if partition in self._lost:
            return []
        if batch[0].offset < self._next.get(partition, 0):
            # The client went back without being told to: what it had read up to is not there any more.
            self._lost.add(partition)
            return []
        self._next[partition] = batch[-1].offset + 1
        offset, fingerprint = self._expected.pop(partition, (-1, ""))
        if batch[0].offset != offset:
            return batch
        if record_of(batch[0], self._prefix).fingerprint == fingerprint:
            return batch[1:]
        self._lost.add(partition)
        self._made_anew.add(partition)
        return []


def record_of(record: ConsumerRecord, prefix: str) -> Record:
    return Record(
        topic=record.topic.removeprefix(prefix),
        partition=record.partition,
        offset=record.offset,
        key=readable_key(record.key),
        headers={name: value.decode("utf-8", "replace") for name, value in record.headers if value is not None},
        value=record.value or b"",
    )
