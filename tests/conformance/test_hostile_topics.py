"""What no producer of ours would say lies in the topics: a service sets it aside, and everybody else's case goes on."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import orjson
import pytest
import structlog.testing

from shared.messaging.record import Record
from shared.messaging.subscriber import Subscriber
from shared.messaging.topics import Topic, create_topics, dead_letter_topic
from tests.conformance import checkers
from tests.conformance.conftest import OpenSubject
from tests.conformance.lives import STORIES, Said, interleaved, lives
from tests.conformance.site import until
from tests.conformance.subjects import SERVICES, Subject, heard, own_news
from tests.conformance.topic_log import PARTITIONS
from tests.conformance.wire import end_offsets, publish
from tests.support.servers import Servers

HANDLED_WITHIN_S = 60.0

pytestmark = pytest.mark.parametrize("service", SERVICES)


@dataclass
class Hostile:
    """A story in which four cases go wrong, each in its own way, and a stray that belongs to no case."""

    said: list[Said]
    failing: Said
    unreadable: Said
    newer: Said
    copied: Said
    records: list[Record]

    @property
    def wrong_keys(self) -> set[str]:
        return {str(one.event.key) for one in (self.failing, self.unreadable, self.newer)}


def hostile_story(seed: int, subject: Subject, service: str) -> Hostile:
    numbers = random.Random(seed)
    said = interleaved(seed, lives(seed, 4 * len(STORIES)), heard(service))
    by_case: dict[str, list[Said]] = {}
    for one in said:
        by_case.setdefault(str(one.event.key), []).append(one)
    cases = numbers.sample([events for events in by_case.values() if len(events) >= 3], 3)
    # What is given up must not be what the rest of the case needs.
    failing, newer = (numbers.choice(events) for events in cases[:2])
    unreadable = numbers.choice([one for one in cases[2] if one.record.topic not in subject.provides])
    untouched = [one for events in by_case.values() if events not in cases for one in events]
    copied = numbers.choice(untouched)
    broken = {
        unreadable.event.event_id: replace(unreadable.record, value=b"\xff not JSON"),
        newer.event.event_id: replace(newer.record, headers={**newer.record.headers, **_newer(newer)}),
    }
    records = [broken.get(one.event.event_id, one.record) for one in said]
    records.insert(numbers.randrange(len(records)), Record(copied.record.topic, 0, 0, None, {}, b"\xff"))
    records += [copied.record] * 1_000
    return Hostile(said, failing, unreadable, newer, copied, records)


def _newer(said: Said) -> dict[str, str]:
    return {"ce_dataschema": f"urn:concord:events:{said.record.topic}:v99"}


@asynccontextmanager
async def _subscribed(subject: Subject, service: str, servers: Servers) -> AsyncIterator[str]:
    """A subscriber of the service on topics of its own; gives their prefix."""
    prefix, bootstrap = f"h{uuid.uuid4().hex[:10]}.", servers.kafka_bootstrap.split(",")
    topics = [Topic(name, PARTITIONS, 3_600_000, "test", (service,)) for name in heard(service) | own_news(service)]
    await create_topics(bootstrap, topics=topics, prefix=prefix)
    subscriber = Subscriber(subject.handler, bootstrap, partitions=PARTITIONS, client_id="hostile", prefix=prefix)
    # Unconfigured, structlog prints a failing handler's locals in colour, which takes longer than the test.
    with structlog.testing.capture_logs():
        running = asyncio.create_task(subscriber.run())
        try:
            yield prefix
        finally:
            subscriber.stop()
            await asyncio.wait_for(running, 25)


async def test_what_cannot_be_handled_is_set_aside_alone_and_in_order(
    service: str, seed: int, servers: Servers, subject_of: OpenSubject
) -> None:
    subject = await subject_of(service)
    story = hostile_story(seed, subject, service)
    subject.refused.add(story.failing.event.key)
    bootstrap = servers.kafka_bootstrap.split(",")
    async with _subscribed(subject, service, servers) as prefix:
        await publish(bootstrap, prefix, story.records)
        ends = await end_offsets(bootstrap, prefix, heard(service))

        async def all_is_read() -> bool:
            return not checkers.cursors_are_at(await checkers.gather(subject.database), ends)

        await until(all_is_read, "the cursors pass everything", within_s=HANDLED_WITHIN_S)
    evidence = await checkers.gather(subject.database)
    others = [one for one in story.said if str(one.event.key) not in story.wrong_keys]
    assert set(evidence.quarantined) == story.wrong_keys
    assert checkers.nothing_lost(others, evidence.effects) == []
    assert checkers.nothing_doubled(evidence.effects) == []
    assert checkers.in_order(evidence.effects) == []
    assert not [e for e in evidence.effects if e.key == str(story.failing.event.key)], "a failed handler left a trace"
    (dead,) = [row for row in evidence.outbox if row.topic.endswith(f".dead.{service}")]
    assert dead.topic == dead_letter_topic(story.copied.record.topic, service)
    assert dead.headers["dead-topic"] == story.copied.record.topic
    assert {"dead-partition", "dead-offset", "dead-reason"} <= set(dead.headers)
    await _put_right(subject, story)


async def _put_right(subject: Subject, story: Hostile) -> None:
    """An operator's morning: the bug is mended, the version is known now, and one record is given up."""
    subject.refused.clear()
    await subject.handler.release(str(story.failing.event.key))
    async with subject.database.transaction() as transaction:
        await (await transaction.driver()).execute(
            "UPDATE waiting SET headers = $1 WHERE key = $2 AND topic = $3 AND sequence = $4",
            orjson.dumps(story.newer.record.headers).decode(),
            str(story.newer.event.key),
            story.newer.record.topic,
            story.newer.event.sequence,
        )
        await transaction.commit()
    await subject.handler.release(str(story.newer.event.key))
    await subject.handler.release(str(story.unreadable.event.key), discard_first=True)
    evidence = await checkers.gather(subject.database)
    given_up = story.unreadable
    handled = [one for one in story.said if one is not given_up]
    assert checkers.nothing_waits(evidence) == []
    assert checkers.nothing_lost(handled, evidence.effects) == []
    assert checkers.nothing_doubled(evidence.effects) == []
    assert checkers.in_order(e for e in evidence.effects if (e.topic, e.key) != given_up.place) == []
    rest = [e.sequence for e in evidence.effects if (e.topic, e.key) == given_up.place]
    assert rest == sorted(rest)
    assert given_up.event.sequence not in rest
    assert checkers.outbox_is_gapless(evidence.outbox) == []
