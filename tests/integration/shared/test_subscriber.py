"""The subscriber on real Kafka: the database says where it is, and one bad event stops nobody else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaTimeoutError
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from shared.kernel.identifiers import new_id
from shared.messaging import failure_limit, kafka, ledger
from shared.messaging import subscriber as subscriber_module
from shared.messaging.failure_limit import TooManyQuarantines
from shared.messaging.kafka import new_subscriber_client
from shared.messaging.record import Record
from tests.integration.shared.toy import HEARD, Toy, open_toy, running, until
from tests.support.events import case_assessed, case_received, event, record
from tests.support.servers import Servers


@pytest.fixture
async def toy(servers: Servers) -> AsyncIterator[Toy]:
    async with open_toy(servers) as opened:
        await opened.make_topics()
        yield opened


def placed(case_id: UUID, sequence: int = 1) -> Record:
    return record(event(case_received(case_id), sequence))


def assessed(case_id: UUID, sequence: int = 1) -> Record:
    return record(event(case_assessed(case_id), sequence))


async def has_handled(toy: Toy, count: int) -> bool:
    return len(await toy.handled()) == count


async def at_the_ends(toy: Toy) -> bool:
    """Whether the cursors stand where Kafka's partitions end."""
    ends = {}
    for one in await toy.on_kafka(HEARD):
        ends[one.topic, one.partition] = one.offset + 1
    rows = await toy.rows("SELECT topic, partition, next_offset FROM cursors WHERE next_offset > 0")
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows} == ends


async def test_a_new_subscriber_begins_with_the_first_event_ever_said(toy: Toy) -> None:
    cases = [new_id() for _ in range(20)]
    await toy.publish([placed(case) for case in cases] + [assessed(case) for case in cases])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 40), what="all 40 events are handled")
    assert await at_the_ends(toy)


async def test_the_databases_cursor_decides_and_not_kafkas(toy: Toy) -> None:
    cases = [new_id() for _ in range(8)]
    await toy.publish([placed(case) for case in cases])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 8), what="the first events are handled")
    # Kafka is told that this group has read nothing, and then that it has read everything.
    await toy.publish([assessed(case) for case in cases])
    client = new_subscriber_client(toy.bootstrap, toy.prefix + "negotiation", "meddler")
    partitions = [TopicPartition(toy.prefix + name, n) for name in HEARD for n in range(4)]
    await client.start()
    client.assign(partitions)
    ends = await client.end_offsets(partitions)
    await client.commit({p: 0 if p.topic.endswith("received") else ends[p] for p in partitions})
    await client.stop()
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 16), what="what Kafka thinks is read is handled")
    assert len({(topic, key) for topic, key, _ in await toy.handled()}) == 16


async def test_a_topic_that_was_made_anew_is_read_from_its_start(toy: Toy) -> None:
    await toy.publish([placed(new_id()) for _ in range(40)])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 40), what="the old topic is read")
    await _make_anew(toy)
    await toy.publish([placed(new_id()) for _ in range(60)])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 100), what="the new topic is read from its start")


async def test_a_topic_made_anew_under_a_running_subscriber_is_read_from_its_start(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await toy.publish([placed(new_id()) for _ in range(80)])
    monkeypatch.setattr(kafka, "METADATA_MAX_AGE_MS", 500)
    subscriber = toy.subscriber()
    async with running(subscriber):
        await until(lambda: has_handled(toy, 80), what="the old topic is read")
        await _make_anew(toy)
        await toy.publish([placed(new_id()) for _ in range(8)])
        await until(lambda: has_handled(toy, 88), within_s=40, what="the new topic is read from its start")


@pytest.mark.parametrize("is_another_topic", [False, True])
async def test_a_client_that_goes_back_by_itself_is_put_where_the_database_says(
    toy: Toy, is_another_topic: bool
) -> None:
    await toy.publish([placed(new_id()) for _ in range(40)])
    subscriber = toy.subscriber()
    async with running(subscriber):
        await until(lambda: has_handled(toy, 40), what="the topic is read")
        if is_another_topic:
            await toy.rows("UPDATE cursors SET last_record = 'a record of the old topic' WHERE next_offset > 0")
        for partition in subscriber._client.assignment():
            subscriber._client.seek(partition, 0)  # as it does when its offset is out of range
        await toy.publish([placed(new_id()) for _ in range(40)])
        await until(lambda: has_handled(toy, 80), what="what is new is handled, and what is known is not")
    assert await at_the_ends(toy)


async def _make_anew(toy: Toy) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=toy.bootstrap)
    await admin.start()
    name = toy.prefix + "case.received"
    await admin.delete_topics([name])

    async def is_gone() -> bool:
        return name not in await admin.list_topics()

    await until(is_gone, what="the topic is deleted")
    await admin.close()
    await toy.make_topics(["case.received"])


@pytest.mark.parametrize(
    "trouble",
    [
        OperationalError("x", None, Exception("gone")),
        asyncpg.DeadlockDetectedError(),
        asyncpg.IdleInTransactionSessionTimeoutError(),
        ConnectionResetError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_passes_by_itself_is_tried_again_and_quarantines_nobody(toy: Toy, trouble: Exception) -> None:
    toy.trouble = [trouble, trouble]
    await toy.publish([placed(new_id())])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 1), what="the event is handled at the third try")
    assert await toy.count("SELECT count(*) FROM quarantine") == 0
    assert len(toy.batches) == 3


async def test_splitting_finds_the_one_bad_event_and_the_others_go_on(toy: Toy) -> None:
    cases = [new_id() for _ in range(32)]
    toy.refused = {cases[17]}
    await toy.publish([placed(case) for case in cases] + [assessed(case) for case in cases])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 62), what="the events of the 31 others are handled")
        await until(lambda: at_the_ends(toy), what="the cursors pass the bad event")
    rows = await toy.rows("SELECT key, reason, topic FROM quarantine")
    assert [(r["key"], r["reason"], r["topic"]) for r in rows] == [
        (str(cases[17]), "BadCase in handler", "case.received")
    ]
    assert await toy.count("SELECT count(*) FROM waiting") == 2
    toy.refused = set()
    assert (await toy.handler().release(str(cases[17]))).handled == 2
    assert [e for e in await toy.handled() if e[1] == str(cases[17])] == [
        ("case.received", str(cases[17]), 1),
        ("case.assessed", str(cases[17]), 1),
    ]


async def test_too_many_cases_in_quarantine_stop_the_subscriber(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failure_limit, "CASES_MAX", 5)
    cases = [new_id() for _ in range(12)]
    toy.refused = set(cases)
    await toy.publish([placed(case) for case in cases])
    with pytest.raises(TooManyQuarantines):
        await asyncio.wait_for(toy.subscriber().run(), 20)
    assert await toy.count("SELECT count(*) FROM quarantine") == 5
    again = toy.subscriber()
    with pytest.raises(TooManyQuarantines):  # and it stays stopped
        await asyncio.wait_for(again.run(), 20)
    await again._client.stop()


async def test_a_hundredth_of_a_busy_stream_in_quarantine_stops_the_subscriber(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failure_limit, "SHARE_APPLIES_FROM", 100)
    good, bad = [new_id() for _ in range(150)], [new_id() for _ in range(3)]
    toy.refused = set(bad)
    await toy.publish([placed(case) for case in good])
    subscriber = toy.subscriber()
    task = asyncio.create_task(subscriber.run())
    await until(lambda: has_handled(toy, 150), what="the good events are handled")
    await toy.publish([placed(case) for case in bad])
    with pytest.raises(TooManyQuarantines):
        await asyncio.wait_for(task, 20)
    assert await toy.count("SELECT count(*) FROM quarantine") == 2, "one of 150 is no trend, two are"


async def test_a_record_under_the_wrong_key_is_set_aside_and_not_handled(toy: Toy) -> None:
    case, other = new_id(), new_id()
    await toy.publish([replace(placed(case), key=str(other)), placed(new_id())])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 1), what="the event behind it is handled")
        await until(lambda: at_the_ends(toy), what="the cursors pass it")
    (row,) = await toy.rows("SELECT key, reason FROM quarantine")
    assert (row["key"], row["reason"]) == (str(other), "the record lies in the wrong topic or under the wrong key")


async def test_two_members_share_the_work_and_a_case_keeps_its_order(toy: Toy) -> None:
    cases = [new_id() for _ in range(40)]
    first, second = toy.subscriber(), toy.subscriber()
    async with running(first), running(second):
        for sequence in range(1, 11):
            await toy.publish([placed(case, sequence) for case in cases])
        await until(lambda: has_handled(toy, 400), what="all is handled")
    handled = await toy.handled()
    for case in cases:
        assert [sequence for _, key, sequence in handled if key == str(case)] == list(range(1, 11))


async def test_postgres_may_restart_under_a_running_subscriber(toy: Toy, servers: Servers) -> None:
    if not servers.are_ours:
        pytest.skip("the servers are given by the environment and may not be hurt")
    cases = [new_id() for _ in range(10)]
    async with running(toy.subscriber()) as task:
        for sequence in range(1, 4):
            await toy.publish([placed(case, sequence) for case in cases])
            await servers.restart_postgres()
            await toy.publish([assessed(case, sequence) for case in cases])

        async def all_is_handled() -> bool:
            with contextlib.suppress(SQLAlchemyError, OSError, asyncpg.PostgresError):
                return await has_handled(toy, 60)
            return False

        await until(all_is_handled, what="all is handled")
        assert not task.done(), "a restart of the database is no reason to end"


async def test_a_database_that_goes_away_while_a_subscriber_starts_is_waited_for(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure, troubles = ledger.ensure_cursors, [asyncpg.ConnectionDoesNotExistError("cut off"), ConnectionResetError()]

    async def cut_off_at_first(*arguments: Any) -> None:
        if troubles:
            raise troubles.pop()
        await ensure(*arguments)

    monkeypatch.setattr(ledger, "ensure_cursors", cut_off_at_first)
    await toy.publish([placed(new_id())])
    async with running(toy.subscriber()):
        await until(lambda: has_handled(toy, 1), what="the event is handled")
    assert not troubles


async def test_a_subscriber_that_cannot_start_leaves_no_client_open(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: Any) -> None:
        raise asyncpg.InsufficientPrivilegeError("cursors")

    monkeypatch.setattr(ledger, "ensure_cursors", refused)
    subscriber = toy.subscriber()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await subscriber.run()
    assert subscriber._client._closed


async def test_a_client_that_gets_no_answer_for_long_ends_its_process(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriber_module, "CLIENT_TROUBLE_MAX_S", 0.5)
    subscriber = toy.subscriber()

    async def silence(_: object) -> dict[TopicPartition, int]:
        raise KafkaTimeoutError

    monkeypatch.setattr(subscriber._client, "end_offsets", silence)
    with pytest.raises(KafkaTimeoutError):
        await asyncio.wait_for(subscriber.run(), 20)
