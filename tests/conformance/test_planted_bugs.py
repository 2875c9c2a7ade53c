"""Each checker is shown the bug it is for: it finds it, and finds nothing where the bug is not planted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.db.database import service_url
from shared.kernel.identifiers import new_id
from shared.messaging.kafka import start_producer
from shared.messaging.record import Record
from shared.messaging.topics import Topic, create_topics
from shared.outbox.relay import Relay, connect
from shared.service import faults
from shared.service.faults import InjectedFault
from tests.conformance import checkers
from tests.conformance.checkers import Effect, Evidence
from tests.conformance.conftest import OpenSubject
from tests.conformance.lives import Said, by_place, interleaved, lives
from tests.conformance.plants import plant
from tests.conformance.stand_in import NAME, SAID, STAND_IN
from tests.conformance.subjects import Subject, heard, records_of
from tests.conformance.topic_log import PARTITIONS, in_batches
from tests.conformance.wire import read_topics
from tests.support.servers import Servers

Scenario = Callable[[Subject, list[Said]], Awaitable[None]]


def told(count: int = 12) -> list[Said]:
    return interleaved(1, lives(1, count), heard(STAND_IN))


async def everything_twice(subject: Subject, said: list[Said]) -> None:
    await subject.hear(records_of(said))
    await subject.hear(records_of(said))


async def everything_shuffled(subject: Subject, said: list[Said]) -> None:
    await subject.hear(records_of(random.Random(1).sample(said, len(said))))


async def a_crash_before_a_commit(subject: Subject, said: list[Said]) -> None:
    faults._armed, visits = {"subscriber.before_commit": ("fail", 2)}, faults._visits
    visits.clear()
    try:
        for batch in in_batches(subject.log.append(records_of(said)), 1, 8):
            try:
                await subject.handler.handle(batch)
            except InjectedFault:
                await subject.handler.handle(batch)  # the process that comes after reads on from the cursor
    finally:
        faults._armed = {}
        visits.clear()


async def a_case_that_cannot_be_handled_for_a_while(subject: Subject, said: list[Said]) -> None:
    bad = max((events for _, events in by_place(said)), key=len)[0]
    records = subject.log.append(records_of(said))
    for record in records:
        if record.event_id == bad.event.event_id:
            await subject.handler.quarantine(record, "BadCase in handler", 3)
        else:
            await subject.handler.handle([record])
    await subject.handler.release(str(bad.event.key))


@pytest.mark.parametrize(
    ("bug", "scenario", "finding"),
    [
        ("no-memory", everything_twice, "doubled"),
        ("no-gap-check", everything_shuffled, "effects out of order"),
        ("commit-first", a_crash_before_a_commit, "lost"),
        ("skip-what-fails", a_case_that_cannot_be_handled_for_a_while, "lost"),
        ("release-backwards", a_case_that_cannot_be_handled_for_a_while, "effects out of order"),
        ("sequence-from-one", everything_twice, "outbox out of order"),
    ],
)
async def test_a_subscriber_with_the_bug_is_found_out(
    bug: str, scenario: Scenario, finding: str, subject_of: OpenSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = told()
    sound = await subject_of(STAND_IN)
    await scenario(sound, said)
    assert checkers.exactly_once(said, await checkers.gather(sound.database)) == []
    broken = await subject_of(STAND_IN)
    plant(bug, monkeypatch.setattr)
    await scenario(broken, said)
    assert finding in _kinds(checkers.exactly_once(said, await checkers.gather(broken.database)))


async def test_an_outbox_that_drops_the_trace_is_found_out(
    subject_of: OpenSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, sound = told(), await subject_of(STAND_IN)
    await sound.hear(records_of(said))
    assert checkers.one_trace(said, (await checkers.gather(sound.database)).outbox) == []
    broken = await subject_of(STAND_IN)
    plant("no-trace", monkeypatch.setattr)
    await broken.hear(records_of(said))
    assert _kinds(checkers.one_trace(said, (await checkers.gather(broken.database)).outbox)) == {"trace broken"}


@pytest.mark.parametrize("is_planted", [False, True])
async def test_a_relay_that_follows_the_ids_is_found_out(
    is_planted: bool, servers: Servers, subject_of: OpenSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_planted:
        plant("tail-by-id", monkeypatch.setattr)
    async with _Wire.of(servers, await subject_of(STAND_IN)) as wire:
        late = await wire.session()
        transaction = late.transaction()
        await transaction.start()
        await _announce(late, str(new_id()), 1)  # draws the lower id, commits last
        await _announce(wire.connection, str(new_id()), 1)
        await wire.relay.relay_once(wire.connection, wire.producer)
        await transaction.commit()
        await wire.relay.relay_once(wire.connection, wire.producer)
        await late.close()
        findings = _kinds(await wire.published())
    assert findings == ({"not marked", "not on Kafka"} if is_planted else set())


@pytest.mark.parametrize("is_planted", [False, True])
async def test_a_relay_that_marks_before_it_sends_is_found_out(
    is_planted: bool, servers: Servers, subject_of: OpenSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_planted:
        plant("mark-first", monkeypatch.setattr)
    async with _Wire.of(servers, await subject_of(STAND_IN)) as wire:
        await _announce(wire.connection, str(new_id()), 1)
        with pytest.raises(KafkaError):
            await wire.relay.relay_once(wire.connection, _Deaf())
        await wire.relay.relay_once(wire.connection, wire.producer)
        findings = _kinds(await wire.published())
    assert findings == ({"not on Kafka"} if is_planted else set())


@pytest.mark.parametrize("is_planted", [False, True])
async def test_relays_that_share_the_rows_are_found_out(
    is_planted: bool, servers: Servers, subject_of: OpenSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_planted:
        plant("skip-locked", monkeypatch.setattr)
    async with _Wire.of(servers, await subject_of(STAND_IN)) as wire:
        case, second = str(new_id()), await wire.session()
        await _announce(wire.connection, case, 1)
        await _announce(wire.connection, case, 2)
        hesitant = _Hesitant(wire.producer)
        first_relay = asyncio.create_task(wire.relay.relay_once(wire.connection, hesitant))
        await hesitant.is_asked.wait()
        if await wire.relay._become_active(second) if is_planted else await _is_free(second):
            await wire.relay.relay_once(second, wire.producer)
        hesitant.may_send.set()
        await first_relay
        await wire.relay.relay_once(wire.connection, wire.producer)
        await second.close()
        findings = _kinds(checkers.wire_is_in_order(await wire.read()))
    assert findings == ({"wire out of order"} if is_planted else set())


async def _is_free(session: Any) -> bool:
    """Whether a second relay of this database could become active."""
    return bool(await session.fetchval("SELECT pg_try_advisory_lock(hashtext('concord.relay'))"))


def test_effects_without_an_event_and_events_that_wait_are_found_out() -> None:
    said = told()[:1]
    stray = Effect(new_id(), "case.received", str(new_id()), 1)
    assert _kinds(checkers.nothing_invented(said, [stray])) == {"invented"}
    assert _kinds(checkers.nothing_waits(Evidence(waiting=["gap"], quarantined=["key"]))) == {
        "still waits",
        "in quarantine",
    }
    evidence = Evidence(cursors={("case.received", 0): 6})
    assert checkers.cursors_are_at(evidence, {("case.received", 0): 6}) == []
    assert _kinds(checkers.cursors_are_at(evidence, {("case.received", 0): 7})) == {"cursor not at the end"}


def _kinds(findings: Iterable[str]) -> set[str]:
    return {finding.split(" (")[0] for finding in findings}


async def _announce(connection: Any, key: str, sequence: int) -> None:
    event_id = new_id()
    await connection.execute(
        "INSERT INTO outbox (event_id, topic, key, sequence, headers, value) "
        "VALUES ($1, 'case.closed', $2, $3, $4, $5)",
        event_id,
        key,
        sequence,
        f'{{"ce_id":"{event_id}","ce_sequence":"{sequence}"}}',
        b"{}",
    )


class _Deaf:
    """A producer whose broker is gone."""

    async def send(self, *_: object, **__: object) -> None:
        raise KafkaError("nobody answers")


class _Hesitant:
    """A producer that takes its time over the first record."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self.is_asked, self.may_send = asyncio.Event(), asyncio.Event()

    async def send(self, *arguments: object, **named: object) -> Any:
        self.is_asked.set()
        await self.may_send.wait()
        return await self._producer.send(*arguments, **named)


class _Wire:
    """A subject's relay with topics, a producer and a session of its own."""

    def __init__(self, servers: Servers, subject: Subject) -> None:
        self._subject = subject
        self._bootstrap = servers.kafka_bootstrap.split(",")
        self._prefix = f"p{new_id().hex[-10:]}."
        self._url = service_url(subject.url, NAME)
        self.relay = Relay(self._url, self._bootstrap, service=NAME, prefix=self._prefix)

    @classmethod
    def of(cls, servers: Servers, subject: Subject) -> _Wire:
        return cls(servers, subject)

    async def __aenter__(self) -> _Wire:
        topics = [Topic(name, PARTITIONS, 3_600_000, NAME, ()) for name in SAID]
        await create_topics(self._bootstrap, topics=topics, prefix=self._prefix)
        self.producer = await start_producer(self._bootstrap, "planted")
        self.connection = await self.session()
        assert await self.relay._become_active(self.connection)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.producer.stop()
        await self.connection.close()

    async def session(self) -> Any:
        return await connect(self._url, "planted")

    async def read(self) -> list[Record]:
        return await read_topics(self._bootstrap, self._prefix, SAID)

    async def published(self) -> list[str]:
        evidence = await checkers.gather(self._subject.database)
        return checkers.everything_is_published(evidence.outbox, await self.read())
