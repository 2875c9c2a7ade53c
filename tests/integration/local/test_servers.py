"""What fault tests rely on: the servers can be hurt from a test, and come back with what they had."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.errors import ServerNotOurs
from tests.support.servers import Servers, started_servers


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Our own, whatever the environment names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
        with started_servers() as servers:
            yield servers


@pytest.fixture
async def topic(servers: Servers) -> str:
    name = f"promise.made.{uuid.uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    await admin.close()
    return name


async def _say(servers: Servers, topic: str, text: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=servers.kafka_bootstrap, acks="all") as producer:
        await producer.send_and_wait(topic, text)


async def _heard(servers: Servers, topic: str) -> list[bytes]:
    async with AIOKafkaConsumer(bootstrap_servers=servers.kafka_bootstrap, auto_offset_reset="earliest") as subscriber:
        partition = TopicPartition(topic, 0)
        subscriber.assign([partition])
        end = (await subscriber.end_offsets([partition]))[partition]
        return [(await subscriber.getone(partition)).value for _ in range(end)]


async def test_a_broker_that_was_killed_keeps_every_acknowledged_event(servers: Servers, topic: str) -> None:
    await _say(servers, topic, b"before")

    await servers.kill_broker()
    await servers.start_broker()

    await _say(servers, topic, b"after")
    assert await _heard(servers, topic) == [b"before", b"after"]


async def test_a_frozen_broker_is_silent_and_serves_again_when_thawed(servers: Servers, topic: str) -> None:
    servers.freeze_broker()
    try:
        assert not await servers.broker.is_ready()
    finally:
        servers.thaw_broker()

    await servers.broker.process.wait_ready(servers.broker.is_ready, within_seconds=30)
    await _say(servers, topic, b"after")
    assert await _heard(servers, topic) == [b"after"]


async def test_an_immediate_restart_of_postgresql_cuts_sessions_and_keeps_commits(servers: Servers) -> None:
    session = await asyncpg.connect(servers.database_url)
    await session.execute("CREATE TABLE kept (id int)")
    await session.execute("INSERT INTO kept VALUES (1)")

    await servers.restart_postgres()

    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await session.fetchval("SELECT 1")
    session.terminate()
    again = await asyncpg.connect(servers.database_url)
    assert await again.fetchval("SELECT count(*) FROM kept") == 1
    await again.close()


async def test_given_servers_are_used_and_cannot_be_hurt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ops@db.example.com/harbour")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker.example.com:9092")
    with started_servers() as given:
        assert (given.database_url, given.kafka_bootstrap) == (
            "postgresql://ops@db.example.com/harbour",
            "broker.example.com:9092",
        )
        assert not given.are_ours
        with pytest.raises(ServerNotOurs):
            await given.kill_broker()
        with pytest.raises(ServerNotOurs):
            await given.restart_postgres()
