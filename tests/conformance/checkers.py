"""What must be true after any fault, as functions over what can be observed. Each answers with a list of findings.

An empty list is a pass. None of them trusts the plumbing: effects are judged by the witness rows, events by what the
story said, the wire by what a reader of its own finds there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from shared.db.database import Database
from shared.messaging.record import Record
from shared.outbox.tables import PLUMBING_TABLES
from tests.conformance.lives import Said

FINDINGS_MAX = 5
"""Shown of each kind: a broken run breaks a thousand times, and the first few tell what happened."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One event that a handler was given and whose transaction committed."""

    event_id: UUID
    topic: str
    key: str
    sequence: int
    pid: int = 0


@dataclass(frozen=True, slots=True)
class Announced:
    """One row of the outbox."""

    id: int
    event_id: UUID
    topic: str
    key: str
    sequence: int
    headers: Mapping[str, str]
    is_published: bool


@dataclass
class Evidence:
    """What a run left behind in one service."""

    effects: list[Effect] = field(default_factory=list)
    outbox: list[Announced] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    cursors: dict[tuple[str, int], int] = field(default_factory=dict)


async def gather(database: Database) -> Evidence:
    """Read a service's database."""
    async with database.transaction() as transaction:
        driver = await transaction.driver()
        effects = await driver.fetch("SELECT event_id, topic, key, sequence, pid FROM conformance_effects ORDER BY id")
        outbox = await driver.fetch(
            "SELECT id, event_id, topic, key, sequence, headers::text AS headers, "
            "published_at IS NOT NULL AS published FROM outbox ORDER BY id"
        )
        waiting = await driver.fetch("SELECT reason, topic, key, sequence FROM waiting ORDER BY id")
        quarantined = await driver.fetch("SELECT key FROM quarantine ORDER BY key")
        cursors = await driver.fetch("SELECT topic, partition, next_offset FROM cursors WHERE topic <> ''")
    return Evidence(
        effects=[Effect(r["event_id"], r["topic"], r["key"], r["sequence"], r["pid"]) for r in effects],
        outbox=[
            Announced(
                r["id"],
                r["event_id"],
                r["topic"],
                r["key"],
                r["sequence"],
                orjson.loads(r["headers"]),
                r["published"],
            )
            for r in outbox
        ],
        waiting=[f"{r['reason']} {r['topic']} {r['key']} #{r['sequence']}" for r in waiting],
        quarantined=[r["key"] for r in quarantined],
        cursors={(r["topic"], r["partition"]): r["next_offset"] for r in cursors},
    )


async def count_rows(database: Database) -> dict[str, int]:
    """Rows of each of the service's own tables: what it would look like to somebody who cannot see ids and times."""
    async with database.transaction() as transaction:
        driver = await transaction.driver()
        tables = await driver.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        own = {row["relname"] for row in tables} - {*PLUMBING_TABLES, "alembic_version", "conformance_effects"}
        return {name: await driver.fetchval(f'SELECT count(*) FROM "{name}"') for name in sorted(own)}


def nothing_lost(said: Iterable[Said], effects: Iterable[Effect]) -> list[str]:
    """Every event that was said has an effect."""
    seen = {effect.event_id for effect in effects}
    return _few("lost", [_name(s.place, s.event.sequence) for s in said if s.event.event_id not in seen])


def nothing_doubled(effects: Iterable[Effect]) -> list[str]:
    """No event has two effects."""
    counts = Counter((e.event_id, e.topic, e.key, e.sequence) for e in effects)
    return _few("doubled", [f"{_name((t, k), n)} x{count}" for (_, t, k, n), count in counts.items() if count > 1])


def nothing_invented(said: Iterable[Said], effects: Iterable[Effect]) -> list[str]:
    """No effect without an event."""
    known = {s.event.event_id for s in said}
    return _few("invented", [_name((e.topic, e.key), e.sequence) for e in effects if e.event_id not in known])


def in_order(effects: Iterable[Effect]) -> list[str]:
    """Within a topic and a key, the sequences of the effects rise by one from one."""
    return _rises_by_one("effects out of order", ((e.topic, e.key, e.sequence) for e in effects))


def outbox_is_gapless(outbox: Iterable[Announced]) -> list[str]:
    """Within a topic and a key, the outbox counts 1, 2, 3 in the order of its ids; dead letters are not counted."""
    return _rises_by_one("outbox out of order", ((a.topic, a.key, a.sequence) for a in outbox if a.sequence))


def everything_is_published(outbox: Sequence[Announced], wire: Sequence[Record]) -> list[str]:
    """Each outbox row is marked, and lies on Kafka."""
    there = {record.event_id for record in wire}
    events = [a for a in outbox if a.sequence]
    return [
        *_few("not marked", [_name((a.topic, a.key), a.sequence) for a in outbox if not a.is_published]),
        *_few("not on Kafka", [_name((a.topic, a.key), a.sequence) for a in events if a.event_id not in there]),
    ]


def wire_is_in_order(wire: Sequence[Record]) -> list[str]:
    """On Kafka, counting each event where it appears first, a case's events of one topic rise by one from one.

    `wire` has the records of each partition in the order of their offsets.
    """
    seen: set[UUID] = set()
    first: list[tuple[str, str, int]] = []
    for record in wire:
        if record.key is not None and record.event_id is not None and record.event_id not in seen:
            seen.add(record.event_id)
            first.append((record.topic, record.key, record.sequence))
    return _rises_by_one("wire out of order", first)


def nothing_waits(evidence: Evidence) -> list[str]:
    """No event is parked and no case is in quarantine."""
    return [*_few("still waits", evidence.waiting), *_few("in quarantine", evidence.quarantined)]


def cursors_are_at(evidence: Evidence, ends: Mapping[tuple[str, int], int]) -> list[str]:
    """Each cursor stands at its partition's end."""
    return _few(
        "cursor not at the end",
        [
            f"{topic}[{number}] {evidence.cursors.get((topic, number))} of {end}"
            for (topic, number), end in ends.items()
            if evidence.cursors.get((topic, number)) != end
        ],
    )


def one_trace(said: Iterable[Said], outbox: Iterable[Announced], wire: Iterable[Record] = ()) -> list[str]:
    """What a handler announced continues the trace of the event it handled, in the outbox and on Kafka."""
    traces = {str(s.event.event_id): _trace(s.record.headers) for s in said}
    broken = []
    for row in outbox:
        cause = row.headers.get("ce_causationid")
        if cause in traces and _trace(row.headers) != traces[cause]:
            broken.append(f"outbox {_name((row.topic, row.key), row.sequence)}")
    written = {row.event_id: _trace(row.headers) for row in outbox}
    broken += [
        f"wire {_name((record.topic, record.key or ''), record.sequence)}"
        for record in wire
        if record.event_id in written and _trace(record.headers) != written[record.event_id]
    ]
    return _few("trace broken", broken)


def has_causes(outbox: Iterable[Announced]) -> list[str]:
    """What the handlers announced says which event it follows from."""
    return _few(
        "no cause", [_name((a.topic, a.key), a.sequence) for a in outbox if a.sequence and not _cause(a.headers)]
    )


def exactly_once(said: Sequence[Said], evidence: Evidence) -> list[str]:
    """All that the subscriber promises, for events that may all be handled."""
    return [
        *nothing_lost(said, evidence.effects),
        *nothing_doubled(evidence.effects),
        *nothing_invented(said, evidence.effects),
        *in_order(evidence.effects),
        *outbox_is_gapless(evidence.outbox),
        *nothing_waits(evidence),
    ]


def _cause(headers: Mapping[str, str]) -> str | None:
    return headers.get("ce_causationid")


def _trace(headers: Mapping[str, str]) -> str:
    return headers.get("traceparent", "--").split("-")[1]


def _rises_by_one(kind: str, steps: Iterable[tuple[str, str, int]]) -> list[str]:
    last: dict[tuple[str, str], int] = defaultdict(int)
    breaks = []
    for topic, key, sequence in steps:
        if sequence != last[topic, key] + 1:
            breaks.append(f"{_name((topic, key), sequence)} after #{last[topic, key]}")
        last[topic, key] = max(last[topic, key], sequence)
    return _few(kind, breaks)


def _name(place: tuple[str, str], sequence: int) -> str:
    return f"{place[0]} {place[1]} #{sequence}"


def _few(kind: str, what: Sequence[Any]) -> list[str]:
    if not what:
        return []
    more = f" and {len(what) - FINDINGS_MAX} more" if len(what) > FINDINGS_MAX else ""
    return [f"{kind} ({len(what)}): {'; '.join(map(str, what[:FINDINGS_MAX]))}{more}"]
