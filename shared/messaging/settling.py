"""What happens to the fresh events of a batch in its transaction: sequence, facts, handlers, and who must wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from opentelemetry import trace

from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.codec import InvalidEvent, decode
from shared.events.envelope import Event
from shared.messaging import ledger
from shared.messaging.record import Record
from shared.messaging.subscription import AnySubscription, OnQuarantine
from shared.messaging.topics import dead_letter_topic
from shared.tracing import names
from shared.tracing.propagation import format_traceparent, is_sampled, start_child

PASSES_MAX = 32
"""How often one batch may find more to do because a fact became known; more means that facts wait in a circle."""

_tracer = trace.get_tracer("concord.subscriber")

AnyEvent = Event[EventBody]


@dataclass(slots=True)
class Tally:
    """What became of a batch, for the metrics."""

    handled: int = 0
    duplicates: int = 0
    held: int = 0
    quarantined: int = 0
    dead_letters: int = 0


@dataclass(frozen=True, slots=True)
class _Item:
    record: Record
    event: AnyEvent
    waiting_id: int | None = None

    @property
    def place(self) -> tuple[str, str]:
        # `_read` has made sure that this is the event's own key.
        return self.record.topic, self.record.key or ""


class Settling:
    """The fresh events of one batch on their way to the handlers. Made for one transaction and thrown away."""

    def __init__(
        self,
        transaction: Transaction,
        connection: ledger.Connection,
        service: str,
        subscriptions: Sequence[AnySubscription],
        on_quarantine: OnQuarantine | None,
    ) -> None:
        self.tally = Tally()
        self._transaction = transaction
        self._connection = connection
        self._service = service
        self._subscriptions = subscriptions
        self._on_quarantine = on_quarantine
        self._positions: dict[tuple[str, str], int] = {}
        self._moved: set[tuple[str, str]] = set()
        self._quarantined: set[str] = set()
        self._facts: set[tuple[str, str]] = set()
        self._new_facts: set[tuple[str, str]] = set()
        self._early: list[_Item] = []
        self._without_fact: list[_Item] = []
        self._held: list[tuple[Record, ledger.Reason, str]] = []
        self._done_waiting: list[int] = []

    async def settle(self, records: Sequence[Record]) -> None:
        """Handle what can be handled now and keep the rest in the database. Raises what a handler raises."""
        keyed = [record for record in records if record.key is not None]
        self._bury([record for record in records if record.key is None])
        if keyed:
            await self._load(keyed)
            ready: list[_Item] = []
            for record in keyed:
                if (item := await self._read(record)) is not None:
                    self._in_sequence(item, ready)
            self._close_gaps(ready)
            await self._dispatch(ready)
        await self._write()

    async def set_aside(self, record: Record, reason: str, attempts: int) -> None:
        """Quarantine the record's case, with this record at the head of its queue."""
        self._quarantined.add(record.key or "")
        self._held.append((record, "quarantine", ""))
        self.tally.quarantined += 1
        await ledger.add_quarantine(self._connection, record, reason, attempts)
        if self._on_quarantine is not None and record.key is not None:
            await self._on_quarantine(self._transaction, record.key, reason)

    async def finish_setting_aside(self) -> None:
        await self._write()

    def _bury(self, records: Sequence[Record]) -> None:
        """What belongs to no case goes to the dead letters, with where it came from."""
        for record in records:
            headers = {
                **record.headers,
                "dead-reason": "no readable key",
                "dead-subscriber": self._service,
                "dead-topic": record.topic,
                "dead-partition": str(record.partition),
                "dead-offset": str(record.offset),
            }
            topic = dead_letter_topic(record.topic, self._service)
            self._transaction.outbox.add_dead_letter(topic, "", headers, record.value)
            self.tally.dead_letters += 1

    async def _load(self, records: Sequence[Record]) -> None:
        keys = sorted({record.key for record in records if record.key is not None})
        self._quarantined = await ledger.read_quarantined(self._connection, keys)
        waiting = await ledger.read_waiting(self._connection, keys)
        places = {(r.topic, r.key or "") for r in records} | {(w.record.topic, w.record.key or "") for w in waiting}
        ordered = sorted(places)
        self._positions = await ledger.read_positions(
            self._connection, [topic for topic, _ in ordered], [key for _, key in ordered]
        )
        if any(subscription.needs for subscription in self._subscriptions):
            self._facts = await ledger.read_facts(self._connection, keys)
        for entry in waiting:
            # It was read once when it began to wait, so it can be read again.
            item = _Item(entry.record, decode(entry.record.headers, entry.record.value), entry.id)
            (self._early if entry.reason == "gap" else self._without_fact).append(item)

    async def _read(self, record: Record) -> _Item | None:
        if record.key in self._quarantined:
            self._held.append((record, "quarantine", ""))
            return None
        try:
            event = decode(record.headers, record.value)
            if event.event_type != record.topic or str(event.key) != record.key:
                raise InvalidEvent("the record lies in the wrong topic or under the wrong key")
        except InvalidEvent as error:
            await self.set_aside(record, str(error), 1)
            return None
        return _Item(record, event)

    def _in_sequence(self, item: _Item, ready: list[_Item]) -> None:
        last = self._positions.get(item.place, 0)
        if item.event.sequence == last + 1:
            self._positions[item.place] = item.event.sequence
            self._moved.add(item.place)
            self._no_longer_waits(item)
            ready.append(item)
        elif item.event.sequence > last:
            self._early.append(item)
        else:
            self._no_longer_waits(item)
            self.tally.duplicates += 1

    def _close_gaps(self, ready: list[_Item]) -> None:
        """Events that came too early, in this batch or before it, whose turn has come."""
        early, self._early = sorted(self._early, key=lambda item: item.event.sequence), []
        for item in early:
            if item.place[1] in self._quarantined:
                self._early.append(item)
            else:
                self._in_sequence(item, ready)

    async def _dispatch(self, ready: list[_Item]) -> None:
        """Call the handlers in the order of the subscription table, again while new facts set more events free."""
        for _ in range(PASSES_MAX):
            by_topic: dict[str, list[_Item]] = defaultdict(list)
            for item in ready:
                by_topic[item.record.topic].append(item)
            for subscription in self._subscriptions:
                await self._hand_over(subscription, by_topic.get(subscription.topic, []))
            ready = self._set_free()
            if not ready:
                return
        raise RuntimeError("facts wait for each other in a circle")

    async def _hand_over(self, subscription: AnySubscription, items: list[_Item]) -> None:
        runnable: list[_Item] = []
        blocked: set[str] = {item.place[1] for item in self._without_fact if item.record.topic == subscription.topic}
        for item in items:
            key = item.place[1]
            if key not in blocked and all((fact, key) in self._facts for fact in subscription.needs):
                runnable.append(item)
            else:
                self._without_fact.append(item)
                blocked.add(key)
        if not runnable:
            return
        with _process_spans(subscription.topic, [item.event for item in runnable]) as events:
            await subscription.handler(self._transaction, events)
        self.tally.handled += len(runnable)
        for item in runnable:
            self._no_longer_waits(item)
        if subscription.provides is not None:
            provided = {(subscription.provides, item.place[1]) for item in runnable} - self._facts
            self._new_facts |= provided
            self._facts |= provided

    def _set_free(self) -> list[_Item]:
        needs = {subscription.topic: subscription.needs for subscription in self._subscriptions}
        free: list[_Item] = []
        still: list[_Item] = []
        for item in self._without_fact:
            known = all((fact, item.place[1]) in self._facts for fact in needs.get(item.record.topic, ()))
            (free if known and item.place[1] not in self._quarantined else still).append(item)
        self._without_fact = still
        return free

    def _no_longer_waits(self, item: _Item) -> None:
        if item.waiting_id is not None:
            self._done_waiting.append(item.waiting_id)

    async def _write(self) -> None:
        for item in self._early:
            if item.waiting_id is None:
                self._held.append((item.record, "gap", str(self._positions.get(item.place, 0) + 1)))
        for item in self._without_fact:
            # One whose gap has closed waits on, now for a fact: its old row goes and a new one comes.
            if item.waiting_id is None or item.waiting_id in self._done_waiting:
                self._held.append((item.record, "fact", self._missing(item)))
        if self._done_waiting:
            await ledger.remove_waiting(self._connection, self._done_waiting)
        if self._held:
            await ledger.add_waiting(self._connection, self._held)
            self.tally.held += len(self._held)
        if self._moved:
            await ledger.write_positions(self._connection, {place: self._positions[place] for place in self._moved})
        if self._new_facts:
            await ledger.write_facts(self._connection, self._new_facts)

    def _missing(self, item: _Item) -> str:
        needs: frozenset[str] = next(
            (s.needs for s in self._subscriptions if s.topic == item.record.topic), frozenset()
        )
        return ",".join(sorted(fact for fact in needs if (fact, item.place[1]) not in self._facts))


@contextmanager
def _process_spans(topic: str, events: list[AnyEvent]) -> Iterator[list[AnyEvent]]:
    """A span around the handling of each sampled event; what the handler announces continues below it."""
    spans: list[trace.Span] = []
    traced: list[AnyEvent] = []
    for event in events:
        if event.traceparent is None or not is_sampled(event.traceparent):
            traced.append(event)
            continue
        span = _process_span(topic, event, event.traceparent)
        spans.append(span)
        context = span.get_span_context()
        traced.append(replace(event, traceparent=format_traceparent(context)) if context.is_valid else event)
    try:
        yield traced
    except BaseException as error:
        for span in spans:
            # The type alone: an exception's text may quote what it was given.
            span.set_status(trace.StatusCode.ERROR, type(error).__name__)
        raise
    finally:
        for span in spans:
            span.end()


def _process_span(topic: str, event: AnyEvent, traceparent: str) -> trace.Span:
    span = start_child(_tracer, names.SPAN_PROCESS.format(topic=topic), traceparent, trace.SpanKind.CONSUMER)
    attributes: dict[str, Any] = {
        names.MESSAGING_SYSTEM: "kafka",
        names.MESSAGING_DESTINATION: topic,
        names.MESSAGING_OPERATION: "process",
        names.MESSAGING_MESSAGE_ID: str(event.event_id),
    }
    if event.body.key_field == "case_id":
        attributes[names.CASE_ID] = str(event.key)
    span.set_attributes(attributes)
    return span
