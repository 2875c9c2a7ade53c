"""The subscriber: poll, hand the batch over, and never believe Kafka's offsets over the database's.

A rebalance of aiokafka does not wait for the handler: the same record may be in the hands of several members at once.
The cursor rows are the fence, so here nothing is locked, and a late batch changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from shared.messaging import ledger, metrics
from shared.messaging.backoff import Backoff, is_transient
from shared.messaging.batch import BatchHandler
from shared.messaging.failure_limit import FailureLimit
from shared.messaging.kafka import START_TIMEOUT_S, new_subscriber_client, stop_bounded
from shared.messaging.record import Record
from shared.messaging.seeker import Seeker, record_of
from shared.messaging.settling import Tally
from shared.messaging.topics import prefixed

BATCH_RECORDS_MAX = 500
POLL_TIMEOUT_MS = 200
KAFKA_COMMIT_EVERY_S = 1.0
KAFKA_COMMIT_TIMEOUT_S = 3.0
WATCHDOG_EVERY_S = 15.0
SILENCE_MAX_S = 60.0
"""Lag, and no record for so long: the client is stuck (aiokafka #876, #712, #718), and only a new process helps."""
CLIENT_TROUBLE_MAX_S = 30.0
"""The client gets no answer for so long: it may never again, though the broker is back, while its heartbeats go on and
keep its partitions from others."""

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
        self._seeker = Seeker(handler, self._client, prefix)
        self._limit = FailureLimit(handler.database)
        self._stopping = asyncio.Event()
        self._last_record_at = time.monotonic()
        self._last_commit_at = 0.0
        self._positions: dict[TopicPartition, int] = {}

    def stop(self) -> None:
        """Ask for the end: nothing new is polled, the batch in hand is finished."""
        self._stopping.set()

    async def run(self) -> None:
        watchdog = asyncio.create_task(self._watch())
        try:
            if not await self._patiently(self._prepare):
                return
            self._client.subscribe(sorted(prefixed(self._prefix, self._handler.topics)), listener=self._seeker)
            await asyncio.wait_for(self._client.start(), START_TIMEOUT_S)
            while not self._stopping.is_set():
                if watchdog.done():
                    watchdog.result()
                if self._seeker.is_lost and not await self._patiently(self._seeker.seek):
                    break
                polled = await self._client.getmany(timeout_ms=POLL_TIMEOUT_MS, max_records=BATCH_RECORDS_MAX)
                if polled:
                    self._last_record_at = time.monotonic()
                    fresh = self._seeker.drop_the_known(polled)
                    records = [record_of(r, self._prefix) for batch in fresh.values() for r in batch]
                    if records and not await self._patiently(partial(self._handle_or_split, records, attempts=1)):
                        break
                    self._note_positions(fresh)
                await self._commit_to_kafka()
        finally:
            watchdog.cancel()
            await self._commit_to_kafka(at_once=True)
            await stop_bounded(self._client)

    async def _prepare(self) -> None:
        async with self._handler.database.transaction() as transaction:
            await ledger.ensure_cursors(await transaction.driver(), self._handler.topics, self._partitions)
            await transaction.commit()
        await self._limit.check()

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
                if isinstance(error, KafkaError) and backoff.is_exhausted(CLIENT_TROUBLE_MAX_S):
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
