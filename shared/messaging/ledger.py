"""The subscriber's own rows: cursors, inbox, positions, facts, waiting events, quarantine. SQL only, in bulk.

Everything here runs on the driver's connection inside the batch's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import orjson

from shared.messaging.record import Record

if TYPE_CHECKING:
    import asyncpg

    # Generic for the type checker alone; at run time the class takes no parameter.
    Connection = asyncpg.Connection[Any]

Partition = tuple[str, int]
Reason = Literal["gap", "fact", "quarantine"]

LANE = ""
"""The cursor row with this topic is the lock of a partition number across all topics.

One case sits in one partition number of every topic. After a rebalance two processes may hold the same number of
different topics for a while; without one lock for both, an event that starts to wait for a fact and the fact itself
would miss each other.
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is kept in the database until what it waits for is there."""

    id: int
    reason: Reason
    waits_for: str
    record: Record


async def ensure_cursors(connection: Connection, topics: Collection[str], partitions: int) -> None:
    """Make the cursor rows, lane locks included, so that they can be locked."""
    pairs = [(topic, number) for topic in [LANE, *sorted(topics)] for number in range(partitions)]
    await connection.executemany(
        "INSERT INTO cursors (topic, partition, next_offset) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING", pairs
    )


async def lock_cursors(connection: Connection, partitions: Collection[Partition]) -> dict[Partition, int]:
    """Lock lanes and cursors in one order and answer with the next offset of each: the fence against zombies."""
    rows = await connection.fetch(
        "SELECT topic, partition, next_offset FROM cursors "
        "WHERE partition = ANY($1::int[]) AND topic = ANY($2::text[]) ORDER BY partition, topic FOR UPDATE",
        sorted({number for _, number in partitions}),
        [LANE, *sorted({topic for topic, _ in partitions})],
    )
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def read_cursors(
    connection: Connection, partitions: Iterable[Partition]
) -> dict[Partition, tuple[int, str | None]]:
    rows = await connection.fetch("SELECT topic, partition, next_offset, last_record FROM cursors")
    wanted = set(partitions)
    return {
        (row["topic"], row["partition"]): (row["next_offset"], row["last_record"])
        for row in rows
        if (row["topic"], row["partition"]) in wanted
    }


async def move_cursors(connection: Connection, last: Mapping[Partition, Record]) -> None:
    """Set each cursor behind the last record of its partition."""
    await connection.execute(
        "UPDATE cursors c SET next_offset = n.next_offset, last_record = n.last_record "
        "FROM unnest($1::text[], $2::int[], $3::bigint[], $4::text[]) "
        "AS n (topic, partition, next_offset, last_record) "
        "WHERE c.topic = n.topic AND c.partition = n.partition",
        [topic for topic, _ in last],
        [number for _, number in last],
        [record.offset + 1 for record in last.values()],
        [record.fingerprint for record in last.values()],
    )


async def reset_cursor(connection: Connection, partition: Partition) -> None:
    """Begin again: the topic was made anew, or its data are lost. The inbox still knows what has been handled."""
    await connection.execute(
        "UPDATE cursors SET next_offset = 0, last_record = NULL WHERE topic = $1 AND partition = $2", *partition
    )


async def enter_inbox(connection: Connection, event_ids: Sequence[UUID]) -> set[UUID]:
    """Enter events; answers with those that were not in yet. The primary key is the judge."""
    rows = await connection.fetch(
        "INSERT INTO inbox (event_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id", event_ids
    )
    return {row["event_id"] for row in rows}


async def read_quarantined(connection: Connection, keys: Sequence[str]) -> set[str]:
    """The keys in quarantine. Waits for a release in progress, so that no event slips past it."""
    rows = await connection.fetch("SELECT key FROM quarantine WHERE key = ANY($1::text[]) FOR SHARE", keys)
    return {row["key"] for row in rows}


async def read_positions(
    connection: Connection, topics: Sequence[str], keys: Sequence[str]
) -> dict[tuple[str, str], int]:
    rows = await connection.fetch(
        "SELECT p.topic, p.key, p.last_sequence FROM unnest($1::text[], $2::text[]) AS w (topic, key) "
        "JOIN positions p USING (topic, key)",
        topics,
        keys,
    )
    return {(row["topic"], row["key"]): row["last_sequence"] for row in rows}


async def write_positions(connection: Connection, positions: Mapping[tuple[str, str], int]) -> None:
    await connection.execute(
        "INSERT INTO positions (topic, key, last_sequence) "
        "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t (a, b, c) ORDER BY a, b "
        "ON CONFLICT (topic, key) DO UPDATE SET last_sequence = excluded.last_sequence",
        [topic for topic, _ in positions],
        [key for _, key in positions],
        list(positions.values()),
    )


async def read_facts(connection: Connection, keys: Sequence[str]) -> set[tuple[str, str]]:
    rows = await connection.fetch("SELECT fact, key FROM known_facts WHERE key = ANY($1::text[])", keys)
    return {(row["fact"], row["key"]) for row in rows}


async def write_facts(connection: Connection, facts: Collection[tuple[str, str]]) -> None:
    ordered = sorted(facts)
    await connection.execute(
        "INSERT INTO known_facts (fact, key) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING",
        [fact for fact, _ in ordered],
        [key for _, key in ordered],
    )


async def read_waiting(connection: Connection, keys: Sequence[str], *, quarantined: bool = False) -> list[Waiting]:
    """What waits for these keys, oldest first: either all that waits in quarantine, or all that does not."""
    rows = await connection.fetch(
        "SELECT * FROM waiting WHERE key = ANY($1::text[]) AND (reason = 'quarantine') = $2 ORDER BY id",
        keys,
        quarantined,
    )
    return [waiting_from_row(row) for row in rows]


def waiting_from_row(row: Mapping[str, Any]) -> Waiting:
    record = Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        key=row["key"],
        headers=orjson.loads(row["headers"]),
        value=row["value"],
    )
    return Waiting(id=row["id"], reason=row["reason"], waits_for=row["waits_for"], record=record)


async def add_waiting(connection: Connection, held: Sequence[tuple[Record, Reason, str]]) -> None:
    await connection.executemany(
        'INSERT INTO waiting (reason, waits_for, key, topic, partition, "offset", sequence, headers, value) '
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            (
                reason,
                waits_for,
                r.key,
                r.topic,
                r.partition,
                r.offset,
                r.sequence,
                orjson.dumps(r.headers).decode(),
                r.value,
            )
            for r, reason, waits_for in held
        ],
    )


async def remove_waiting(connection: Connection, ids: Sequence[int]) -> None:
    await connection.execute("DELETE FROM waiting WHERE id = ANY($1::bigint[])", ids)


async def add_quarantine(connection: Connection, record: Record, reason: str, attempts: int) -> None:
    await connection.execute(
        'INSERT INTO quarantine (key, reason, topic, partition, "offset", attempts, traceparent) '
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (key) DO NOTHING",
        record.key,
        reason[:500],
        record.topic,
        record.partition,
        record.offset,
        attempts,
        record.headers.get("traceparent"),
    )
