"""The one factory of Kafka clients. Nothing else in Concord constructs them; a test looks for it.

Each setting answers a known trap of aiokafka 0.14 (github.com/aio-libs/aiokafka, issue numbers behind #):
- `acks=all`, idempotence: the defaults are acks=1 and none.
- no `transactional_id`: it speaks EndTxn v0, so a late commit can hit the next transaction (#1134, #1151, KIP-890).
- `enable_auto_commit=False`, `auto_offset_reset=earliest`: the defaults commit what was never handled and skip what
  came before; our offsets live in the database.
- no `group_instance_id`: static members are not fenced and take each other's partitions for ever (#1186).
- no deserialisers: one that raises is an endless loop on one record; decoding is the handler's work.
- `start()` under a deadline: it may never return, nor raise (#759); `stop()` bounded: it waits for brokers that are
  gone (#773, #1101).
"""

from __future__ import annotations

import asyncio
import contextlib

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.coordinator.assignors.range import RangePartitionAssignor

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 5.0
SESSION_TIMEOUT_MS = 10_000
HEARTBEAT_INTERVAL_MS = 2_000
REQUEST_TIMEOUT_MS = 10_000
MAX_POLL_INTERVAL_MS = 120_000
"""A batch takes a third of this at most; a subscriber that is slower is out of the group."""
METADATA_MAX_AGE_MS = 15_000
"""How long a topic that was made (anew) may go unseen by a subscriber that runs."""
FETCH_WAIT_MS = 40
"""How long a fetch waits for news. Short, because aiokafka asks a broker one question at a time and leaves out the
partitions whose records are still being handled: what comes for those waits until the question under way is over."""
FETCH_BYTES_MAX = 8 * 1024 * 1024
RECORD_BYTES_MAX = 1024 * 1024


def bootstrap_list(servers: str) -> list[str]:
    """aiokafka takes a joined string for one odd host name, so it gets a list."""
    return [server.strip() for server in servers.split(",") if server.strip()]


async def start_producer(bootstrap: list[str], client_id: str) -> AIOKafkaProducer:
    """An idempotent producer, started. One process, one producer; any error on it ends the process (see the relay)."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        max_batch_size=256 * 1024,
        max_request_size=RECORD_BYTES_MAX,
        linger_ms=0,
        compression_type=None,
    )
    await asyncio.wait_for(producer.start(), START_TIMEOUT_S)
    return producer


def new_subscriber_client(bootstrap: list[str], group: str, client_id: str) -> AIOKafkaConsumer:
    """A group member that commits nothing by itself. Not started, not subscribed."""
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        group_id=group,
        client_id=client_id,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=HEARTBEAT_INTERVAL_MS,
        request_timeout_ms=REQUEST_TIMEOUT_MS + 1_000,
        max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        fetch_max_bytes=FETCH_BYTES_MAX,
        max_partition_fetch_bytes=RECORD_BYTES_MAX,
        fetch_max_wait_ms=FETCH_WAIT_MS,
        metadata_max_age_ms=METADATA_MAX_AGE_MS,
        # Range puts partition n of every topic into the same member's hands, as the keys of one case are.
        partition_assignment_strategy=(RangePartitionAssignor,),
    )


async def stop_bounded(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Stop a client, or give up on it: the process ends anyway."""
    with contextlib.suppress(TimeoutError, Exception):
        await asyncio.wait_for(client.stop(), STOP_TIMEOUT_S)
