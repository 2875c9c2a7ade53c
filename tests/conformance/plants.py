"""Bugs on purpose. A checker that does not catch its bug is no checker; `PLANT=<name>` plants one in a worker.

Each is a mistake that real systems have shipped; the comment says which.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer

from shared.events.body import EventBody
from shared.events.codec import encode
from shared.events.envelope import Event
from shared.messaging import ledger, settling
from shared.messaging.batch import BatchHandler
from shared.messaging.record import Record
from shared.messaging.settling import Settling, Tally
from shared.outbox import outbox
from shared.outbox.relay import BATCH_ROWS_MAX, Relay
from shared.service.faults import fault_point

Patch = tuple[object, str, Any]


class PlantedRefusal(Exception):
    """What a handler of a planted service raises."""


def plant(name: str, setattr_: Callable[[object, str, Any], None] = setattr) -> None:
    """Plant one bug. A test gives `monkeypatch.setattr`, a worker keeps it for its life."""
    for target, attribute, value in PLANTS[name]:
        setattr_(target, attribute, value)


# A subscriber without memory, as most are written: no inbox, no fence, no sequence.
async def _no_inbox(_: ledger.Connection, event_ids: Sequence[UUID]) -> set[UUID]:
    return set(event_ids)


async def _no_fence(_: ledger.Connection, __: Collection[ledger.Partition]) -> dict[ledger.Partition, int]:
    return {}


def _no_sequence(self: Settling, item: settling._Item, ready: list[settling._Item]) -> None:
    self._no_longer_waits(item)
    ready.append(item)


# Order as it comes: duplicates are known, gaps are not (most inboxes).
def _no_gap_check(self: Settling, item: settling._Item, ready: list[settling._Item]) -> None:
    last = self._positions.get(item.place, 0)
    self._positions[item.place] = max(last, item.event.sequence)
    self._moved.add(item.place)
    self._no_longer_waits(item)
    ready.append(item)


# Progress is noted before the work is done (automatic commits): what fails in between is never seen again.
async def _commit_first(self: BatchHandler, records: Sequence[Record]) -> Tally:
    async with self.database.transaction() as transaction:
        connection = await transaction.driver()
        last, fresh = await self._admit(connection, records)
        if last:
            await ledger.move_cursors(connection, last)
        await transaction.commit()
    async with self.database.transaction() as transaction:
        work = self._settling(transaction, await transaction.driver())
        await work.settle(fresh)
        fault_point("subscriber.before_commit")
        await transaction.commit()
    fault_point("subscriber.after_commit")
    return work.tally


# "Even on exception we take the message off the queue."
async def _skip_what_fails(self: BatchHandler, record: Record, reason: str, attempts: int) -> Tally:
    async with self.database.transaction() as transaction:
        connection = await transaction.driver()
        last, _ = await self._admit(connection, [record])
        await ledger.move_cursors(connection, last)
        await transaction.commit()
    return Tally()


# The last that came in is the first that goes out.
async def _release_backwards(
    connection: ledger.Connection, keys: Sequence[str], *, quarantined: bool = False
) -> list[ledger.Waiting]:
    return list(reversed(await _read_waiting(connection, keys, quarantined=quarantined)))


_read_waiting = ledger.read_waiting


# The relay that follows the ids: a row that commits late with a lower id is never seen.
async def _tail_by_id(self: Relay, connection: asyncpg.Connection[Any], producer: AIOKafkaProducer) -> int:
    after = getattr(self, "_last_id", 0)
    rows = await connection.fetch(
        "SELECT id, topic, key, headers, value FROM outbox WHERE id > $1 ORDER BY id LIMIT $2", after, BATCH_ROWS_MAX
    )
    for row in rows:
        await (await self._send(producer, row))
        self._last_id = row["id"]  # type: ignore[attr-defined]  # the bug's own memory
    await connection.execute(
        "UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY($1::bigint[])", [row["id"] for row in rows]
    )
    return len(rows)


# The relay that marks first: what it had in hand when it died is lost.
async def _mark_first(self: Relay, connection: asyncpg.Connection[Any], producer: AIOKafkaProducer) -> int:
    rows = await connection.fetch(
        "UPDATE outbox SET published_at = clock_timestamp() WHERE id IN (SELECT id FROM outbox "
        "WHERE published_at IS NULL ORDER BY id LIMIT $1) RETURNING id, topic, key, headers, value",
        BATCH_ROWS_MAX,
    )
    for row in sorted(rows, key=lambda row: row["id"]):
        await (await self._send(producer, row))
    return len(rows)


# Several relays that share the work by SKIP LOCKED: the one with the later row of a case may be the faster.
async def _skip_locked(self: Relay, connection: asyncpg.Connection[Any], producer: AIOKafkaProducer) -> int:
    async with connection.transaction():
        row = await connection.fetchrow(
            "SELECT id, topic, key, headers, value FROM outbox WHERE published_at IS NULL "
            "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        if row is None:
            return 0
        await (await self._send(producer, row))
        await connection.execute("UPDATE outbox SET published_at = clock_timestamp() WHERE id = $1", row["id"])
    return 1


async def _always_active(self: Relay, _: asyncpg.Connection[Any]) -> bool:
    return True


# The outbox that starts a trace of its own for each row.
def _without_trace(event: Event[EventBody]) -> tuple[dict[str, str], bytes]:
    headers, value = encode(event)
    headers.pop("traceparent", None)
    return headers, value


# A deployment that can handle nothing.
async def _refuse(self: Settling, *_: object) -> None:
    raise PlantedRefusal


# An outbox that counts per process, not per case.
async def _sequence_from_one(self: outbox.Outbox, driver: asyncpg.Connection[Any]) -> list[tuple[Any, ...]]:
    rows = await _event_rows(self, driver)
    return [(*row[:3], 1, *row[4:]) for row in rows]


_event_rows = outbox.Outbox._event_rows

PLANTS: dict[str, list[Patch]] = {
    "no-memory": [
        (ledger, "enter_inbox", _no_inbox),
        (ledger, "lock_cursors", _no_fence),
        (Settling, "_in_sequence", _no_sequence),
    ],
    "no-gap-check": [(Settling, "_in_sequence", _no_gap_check)],
    "commit-first": [(BatchHandler, "handle", _commit_first)],
    "skip-what-fails": [(BatchHandler, "quarantine", _skip_what_fails)],
    "release-backwards": [
        (ledger, "read_waiting", _release_backwards),
        (Settling, "_in_sequence", _no_gap_check),
    ],
    "tail-by-id": [(Relay, "relay_once", _tail_by_id)],
    "mark-first": [(Relay, "relay_once", _mark_first)],
    "skip-locked": [(Relay, "relay_once", _skip_locked), (Relay, "_become_active", _always_active)],
    "no-trace": [(outbox, "encode", _without_trace)],
    "sequence-from-one": [(outbox.Outbox, "_event_rows", _sequence_from_one)],
    "refuse-everything": [(Settling, "_hand_over", _refuse)],
}
