"""The subscriber: poll, hand the batch over, and never believe Kafka's offsets over the database's.

A rebalance of aiokafka does not wait for the handler: the same record may be in the hands of several members at once.
The cursor rows are the fence, so here nothing is locked, and a late batch changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from shared.messaging import ledger, metrics
from shared.messaging.backoff import Backoff, is_transient
from shared.messaging.batch import BatchHandler
from shared.messaging.failure_limit import FailureLimit
from shared.messaging.kafka import START_TIMEOUT_S, new_subscriber_client, stop_bounded
from shared.messaging.record import Record, readable_key
from shared.messaging.settling import Tally
from shared.messaging.topics import prefixed

BATCH_RECORDS_MAX = 500
POLL_TIMEOUT_MS = 200
KAFKA_COMMIT_EVERY_S = 1.0
KAFKA_COMMIT_TIMEOUT_S = 3.0
WATCHDOG_EVERY_S = 15.0
SILENCE_MAX_S = 60.0
"""Lag, and no record for so long: the client is stuck (aiokafka #876, #712, #718), and only a new process helps."""

log = structlog.get_logger("concord.subscriber")


class SubscriberStuck(Exception):
    """There is lag and nothing arrives. The process ends and is started again."""


class Subscriber:
    """One group member of one service. `run()` returns after `stop()` was asked for and the batch in hand is done."""

    def __init__(
        self, handler: BatchHandler, bootstrap: list[str], *, partitions: int, client_id: str, prefix: str = ""
    ) -> None:
        self._handler = handler
        self._partitions = partitions
        self._prefix = prefix
        self._client = new_subscriber_client(bootstrap, prefix + handler.service, client_id)
        self._seeker = _Seeker(handler, self._client, prefix)
        self._limit = FailureLimit(handler.database)
        self._stopping = asyncio.Event()
        self._last_record_at = time.monotonic()
        self._last_commit_at = 0.0
        self._positions: dict[TopicPartition, int] = {}

    def stop(self) -> None:
        """Ask for the end: nothing new is polled, the batch in hand is finished."""
        self._stopping.set()

    async def run(self) -> None:
        await self._ensure_cursors()
        await self._limit.check()
        self._client.subscribe(sorted(prefixed(self._prefix, self._handler.topics)), listener=self._seeker)
        await asyncio.wait_for(self._client.start(), START_TIMEOUT_S)
        watchdog = asyncio.create_task(self._watch())
        try:
            while not self._stopping.is_set():
                if watchdog.done():
                    watchdog.result()
                if self._seeker.is_lost and not await self._patiently(self._seeker.seek):
                    break
                polled = await self._client.getmany(timeout_ms=POLL_TIMEOUT_MS, max_records=BATCH_RECORDS_MAX)
                if polled:
                    self._last_record_at = time.monotonic()
                    fresh = self._seeker.drop_the_known(polled)
                    records = [_record(r, self._prefix) for batch in fresh.values() for r in batch]
                    if records and not await self._patiently(partial(self._handle_or_split, records, attempts=1)):
                        break
                    self._note_positions(fresh)
                await self._commit_to_kafka()
        finally:
            watchdog.cancel()
            await self._commit_to_kafka(at_once=True)
            await stop_bounded(self._client)

    async def _ensure_cursors(self) -> None:
        async with self._handler.database.transaction() as transaction:
            await ledger.ensure_cursors(await transaction.driver(), self._handler.topics, self._partitions)
            await transaction.commit()

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> bool:
        """Wait out what passes by itself. False: it had not passed when the end was asked for, and nothing is done."""
        backoff = Backoff()
        while True:
            try:
                await work()
                return True
            except Exception as error:
                if not is_transient(error) or backoff.is_exhausted():
                    raise
                metrics.RETRIES.inc()
                log.warning("subscriber.transient", error=type(error).__name__, attempt=backoff.attempts)
                if self._stopping.is_set():
                    return False
                await backoff.wait()

    async def _handle_or_split(self, records: Sequence[Record], attempts: int) -> None:
        """Handle a batch; where it fails for good, split it until the bad event is alone, and quarantine that."""
        started = time.perf_counter()
        try:
            tally = await self._handler.handle(records)
        except Exception as error:
            if is_transient(error):
                raise
            if len(records) == 1:
                await self._quarantine(records[0], error, attempts)
                return
            middle = len(records) // 2
            await self._handle_or_split(records[:middle], attempts + 1)
            await self._handle_or_split(records[middle:], attempts + 1)
            return
        metrics.BATCH_SECONDS.observe(time.perf_counter() - started)
        await self._count(tally)

    async def _quarantine(self, record: Record, error: Exception, attempts: int) -> None:
        if record.key is None:
            raise error
        # The type and place of the failure, never its text: it may quote what it was given.
        reason = f"{type(error).__name__} in handler"
        tally = await self._handler.quarantine(record, reason, attempts)
        log.error(
            "subscriber.quarantined",
            key=record.key,
            topic=record.topic,
            offset=record.offset,
            reason=reason,
            exc_info=error,
        )
        await self._count(tally)

    async def _count(self, tally: Tally) -> None:
        metrics.HANDLED.inc(tally.handled)
        metrics.DUPLICATES.inc(tally.duplicates)
        metrics.DEAD_LETTERS.inc(tally.dead_letters)
        self._limit.add(tally.handled)
        if tally.quarantined:
            await self._limit.check()

    def _note_positions(self, polled: dict[TopicPartition, list[ConsumerRecord]]) -> None:
        for partition, batch in polled.items():
            if batch:
                self._positions[partition] = batch[-1].offset + 1

    async def _commit_to_kafka(self, *, at_once: bool = False) -> None:
        """Tell Kafka, for its lag figures alone. Bounded: `commit()` itself retries for ever."""
        now = time.monotonic()
        if not self._positions or (now - self._last_commit_at < KAFKA_COMMIT_EVERY_S and not at_once):
            return
        self._last_commit_at = now
        mine = self._client.assignment()
        offsets = {partition: offset for partition, offset in self._positions.items() if partition in mine}
        self._positions.clear()
        if offsets:
            with contextlib.suppress(KafkaError, TimeoutError, ValueError):
                await asyncio.wait_for(self._client.commit(offsets), KAFKA_COMMIT_TIMEOUT_S)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCHDOG_EVERY_S)
            lag = await self._lag()
            metrics.LAG.set(lag)
            if lag > 0 and time.monotonic() - self._last_record_at > SILENCE_MAX_S:
                raise SubscriberStuck(f"{lag} records behind and nothing for {SILENCE_MAX_S:.0f} s")

    async def _lag(self) -> int:
        assigned = self._client.assignment()
        if not assigned:
            return 0
        try:
            ends = await asyncio.wait_for(self._client.end_offsets(list(assigned)), 5)
            async with self._handler.database.transaction() as transaction:
                pairs = [self._seeker.place(p) for p in assigned]
                cursors = await ledger.read_cursors(await transaction.driver(), pairs)
        except Exception as error:
            if not is_transient(error):
                raise
            return 0
        return sum(max(0, end - cursors.get(self._seeker.place(p), (0, None))[0]) for p, end in ends.items())


class _Seeker(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
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
        if _record(batch[0], self._prefix).fingerprint == fingerprint:
            return batch[1:]
        self._lost.add(partition)
        self._made_anew.add(partition)
        return []


def _record(record: ConsumerRecord, prefix: str) -> Record:
    return Record(
        topic=record.topic.removeprefix(prefix),
        partition=record.partition,
        offset=record.offset,
        key=readable_key(record.key),
        headers={name: value.decode("utf-8", "replace") for name, value in record.headers if value is not None},
        value=record.value or b"",
    )
