"""The relay on real Kafka and PostgreSQL: nothing is skipped, nothing marked too early, and only one is active."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from shared.kernel.identifiers import new_id
from shared.messaging.kafka import start_producer
from shared.outbox.relay import connect, replay
from shared.service import faults
from tests.integration.shared.toy import Toy, open_toy, running, until
from tests.support.events import case_assessed
from tests.support.servers import Servers

SAID = "case.assessed"


@pytest.fixture
async def toy(servers: Servers) -> AsyncIterator[Toy]:
    async with open_toy(servers) as opened:
        await opened.make_topics([SAID])
        yield opened


async def announce(connection: asyncpg.Connection[Any], sequence: int, key: str | None = None) -> None:
    """One outbox row, by hand: the tests decide when it commits."""
    event_id, key = new_id(), key or str(new_id())
    await connection.execute(
        "INSERT INTO outbox (event_id, topic, key, sequence, headers, value) VALUES ($1, $2, $3, $4, $5, $6)",
        event_id,
        SAID,
        key,
        sequence,
        f'{{"ce_id":"{event_id}","ce_sequence":"{sequence}"}}',
        b"{}",
    )


async def unpublished(toy: Toy) -> int:
    return await toy.count("SELECT count(*) FROM outbox WHERE published_at IS NULL")


async def test_a_row_that_commits_after_later_rows_were_published_is_published_too(toy: Toy) -> None:
    slow, quick = await toy.connect(), await toy.connect()
    try:
        async with running(toy.relay()):
            transaction = slow.transaction()
            await transaction.start()
            await announce(slow, 1)  # draws the lower id
            await announce(quick, 1)
            await until(lambda: _is_published(toy, 1), what="the quick row is published")
            await transaction.commit()
            await until(lambda: _is_published(toy, 2), what="the row that committed late is published")
    finally:
        await slow.close()
        await quick.close()
    assert len(await toy.on_kafka([SAID])) == 2


async def _is_published(toy: Toy, count: int) -> bool:
    return await toy.count("SELECT count(*) FROM outbox WHERE published_at IS NOT NULL") == count


async def test_one_cases_events_reach_kafka_in_the_order_of_its_commits(toy: Toy) -> None:
    connection, keys = await toy.connect(), [str(new_id()) for _ in range(5)]
    for sequence in range(1, 41):
        for key in keys:
            await announce(connection, sequence, key)
    await connection.close()
    async with running(toy.relay()):
        await until(lambda: _is_published(toy, 200), what="all is published")
    records = await toy.on_kafka([SAID])
    for key in keys:
        assert [r.sequence for r in records if r.key == key] == list(range(1, 41))


async def test_rows_are_marked_only_after_every_acknowledgement(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_armed", {"relay.after_send": ("fail", 1)})
    faults._visits.clear()
    connection = await toy.connect()
    await announce(connection, 1)
    await connection.close()
    relay_connection = await connect(toy.url, "test")
    producer = await start_producer(toy.bootstrap, "test")
    relay = toy.relay()
    try:
        with pytest.raises(faults.InjectedFault):
            await relay.relay_once(relay_connection, producer)
        assert await unpublished(toy) == 1, "marked, although the batch did not come to its end"
        assert await relay.relay_once(relay_connection, producer) == 1
    finally:
        await producer.stop()
        await relay_connection.close()
    records = await toy.on_kafka([SAID])
    assert len(records) == 2, "sent again, for a duplicate is allowed and a gap is not"
    assert records[0].event_id == records[1].event_id


async def test_a_second_relay_stands_by_until_the_first_is_gone(toy: Toy) -> None:
    first, second = toy.relay(), toy.relay()
    connection = await toy.connect()
    async with running(first):
        await until(lambda: _lock_is_held(toy), what="the first relay is active")
        async with running(second) as standing_by:
            for _ in range(10):
                await announce(connection, 1)
            await until(lambda: _is_published(toy, 10), what="ten rows are published")
            assert len(await _holders(toy)) == 1
            first.stop()
            await announce(connection, 1)
            await until(lambda: _is_published(toy, 11), what="the second has taken over")
            assert not standing_by.done()
    await connection.close()
    assert len(await toy.on_kafka([SAID])) == 11, "no row was sent by both"


async def _holders(toy: Toy) -> list[Any]:
    return await toy.rows(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )


async def _lock_is_held(toy: Toy) -> bool:
    return bool(await _holders(toy))


async def test_a_relay_whose_session_was_cut_off_fails_and_the_next_goes_on(toy: Toy) -> None:
    connection, relay = await toy.connect(), toy.relay()
    session = await connect(toy.url, "test")
    producer = await start_producer(toy.bootstrap, "test")
    try:
        assert await relay._become_active(session)
        (holder,) = await _holders(toy)
        await announce(connection, 1)
        await connection.execute("SELECT pg_terminate_backend($1)", holder["pid"])
        with pytest.raises(
            (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, ConnectionError)
        ):
            await relay.relay_once(session, producer)
    finally:
        await producer.stop()
    async with running(toy.relay()):
        await until(lambda: _is_published(toy, 1), what="the next relay publishes")
    await connection.close()


async def test_a_replay_sends_again_what_was_published_since_and_nothing_older(toy: Toy) -> None:
    connection = await toy.connect()
    await announce(connection, 1)
    async with running(toy.relay()):
        await until(lambda: _is_published(toy, 1), what="the old row is published")
    since = (await toy.rows("SELECT clock_timestamp() AS now"))[0]["now"]
    await announce(connection, 1)
    async with running(toy.relay()):
        await until(lambda: _is_published(toy, 2), what="the new row is published")
    await connection.close()
    assert await replay(toy.url, since.isoformat()) == 1
    async with running(toy.relay()):
        await until(lambda: _is_published(toy, 2), what="the new row is published again")
    ids = [record.event_id for record in await toy.on_kafka([SAID])]
    assert sorted(ids.count(event_id) for event_id in set(ids)) == [1, 2]


async def test_an_event_added_in_a_transaction_that_rolls_back_never_goes_out(toy: Toy) -> None:
    body = case_assessed(new_id())
    async with toy.database.transaction() as transaction:
        transaction.outbox._producer = "assessment"
        transaction.outbox.add(body)
        await transaction.outbox.flush()
    async with running(toy.relay()):
        await until(lambda: _lock_is_held(toy), what="the relay is active")
    assert await toy.count("SELECT count(*) FROM outbox") == 0
    assert await toy.on_kafka([SAID]) == []
