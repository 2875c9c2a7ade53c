"""The outbox of one transaction: events become rows that commit with the state they tell of.

There is no other way to publish. Rows are written at commit in one sorted statement, so that every transaction of a
service locks the sequences in the same order.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import orjson

from shared.events.body import EventBody
from shared.events.codec import encode
from shared.events.envelope import Event
from shared.kernel.identifiers import new_id
from shared.tracing.propagation import current_traceparent

if TYPE_CHECKING:
    import asyncpg

# The sequence row is locked from here to the commit, and the outbox id is drawn while it is: so within one case and
# topic the order of ids is the order of commits, which a plain sequence does not promise
# (https://www.postgresql.org/docs/current/functions-sequence.html: nextval is never rolled back or held up).
_TAKE_SEQUENCES = """
INSERT INTO outbox_sequences AS s (topic, key, last)
SELECT topic, key, n FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t (topic, key, n) ORDER BY topic, key
ON CONFLICT (topic, key) DO UPDATE SET last = s.last + excluded.last
RETURNING topic, key, last
"""
COLUMNS = ("event_id", "topic", "key", "sequence", "headers", "value")


class _Surroundings(Protocol):
    now: datetime

    async def driver(self) -> asyncpg.Connection[Any]: ...


class Cause(Protocol):
    """What an event is announced because of: an event, or what a row has kept of one that led to work done later."""

    @property
    def event_id(self) -> UUID: ...

    @property
    def correlation_id(self) -> UUID: ...

    @property
    def traceparent(self) -> str | None: ...


class Outbox:
    """Collects the events of one transaction."""

    def __init__(self, transaction: _Surroundings, producer: str) -> None:
        self._transaction = transaction
        self._producer = producer
        self._pending: list[tuple[UUID, EventBody, Cause | None, str | None]] = []
        self._dead: list[tuple[str, str, dict[str, str], bytes]] = []

    def add(self, body: EventBody, *, caused_by: Cause | None = None, traceparent: str | None = None) -> UUID:
        """Announce a fact when this transaction commits; answers with the id the event will have.

        `caused_by` is the event that is being handled, if any: causation, correlation and trace follow from it.
        """
        if body.producer != self._producer:
            raise ValueError(f"{body.event_type} is {body.producer}'s to say, not {self._producer}'s")
        event_id = new_id()
        self._pending.append((event_id, body, caused_by, traceparent))
        return event_id

    def add_dead_letter(self, topic: str, key: str, headers: dict[str, str], value: bytes) -> None:
        """Set aside a record that cannot even be assigned to a case. For the subscriber loop alone."""
        self._dead.append((topic, key, headers, value))

    async def flush(self) -> None:
        """Write what was added. Called by `Transaction.commit`."""
        if not self._pending and not self._dead:
            return
        driver = await self._transaction.driver()
        rows = [*await self._event_rows(driver), *self._dead_letter_rows()]
        await driver.copy_records_to_table("outbox", columns=COLUMNS, records=rows)
        self._pending, self._dead = [], []

    async def _event_rows(self, driver: asyncpg.Connection[Any]) -> list[tuple[Any, ...]]:
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for _, body, _, _ in self._pending:
            counts[body.event_type, str(body.key)] += 1
        if not counts:
            return []
        topics, keys = zip(*counts, strict=True)
        taken = await driver.fetch(_TAKE_SEQUENCES, topics, keys, list(counts.values()))
        following = {(row["topic"], row["key"]): row["last"] - counts[row["topic"], row["key"]] for row in taken}
        here = current_traceparent()
        rows = []
        for event_id, body, cause, traceparent in self._pending:
            key = str(body.key)
            following[body.event_type, key] += 1
            event = Event(
                event_id=event_id,
                body=body,
                occurred_at=self._transaction.now,
                sequence=following[body.event_type, key],
                correlation_id=cause.correlation_id if cause else event_id,
                causation_id=cause.event_id if cause else None,
                traceparent=traceparent or (cause.traceparent if cause else here),
            )
            headers, value = encode(event)
            rows.append((event_id, body.event_type, key, event.sequence, orjson.dumps(headers).decode(), value))
        return rows

    def _dead_letter_rows(self) -> list[tuple[Any, ...]]:
        return [
            (new_id(), topic, key, 0, orjson.dumps(headers).decode(), value)
            for topic, key, headers, value in self._dead
        ]
