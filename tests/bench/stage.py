"""One stage, case.received to case.assessed on Kafka: assessment's own processes, then the raw loop."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy.engine import make_url

from deploy.local.folder import LocalFolder
from deploy.local.stack import Stack, StackOptions
from services.assessment.main import create_service
from shared.db.database import service_url
from shared.db.migrations import migrate
from shared.events.codec import encode
from shared.kernel.clock import SandboxClock
from shared.kernel.identifiers import new_id
from shared.messaging import ledger
from shared.messaging.kafka import bootstrap_list, start_producer
from shared.messaging.topics import create_topics, read_topics
from tests.bench.placements import MIDDAY
from tests.support.events import case_received, event

DEADLINE_S = 180.0
WARM_UP_SHARE = 10
"""A tenth of the events passes before the clock starts: processes start, connections open, plans are made."""


async def measure(folder: LocalFolder, events: int, say: Callable[[str], None]) -> dict[str, float]:
    """Events per second of the platform's stage and of the raw one, and their ratio: the median of three pairs."""
    options = StackOptions(folder=folder.part("bench-stage"), with_services=False, with_traces=False)
    async with Stack(options) as stack:
        pairs = []
        for turn in range(3):
            say(f"one stage, turn {turn + 1} of 3: {events} events each")
            ours = await _run(stack, events, folder, ours=True)
            raw = await _run(stack, events, folder, ours=False)
            pairs.append((ours / raw, ours, raw))
    ratio, ours, raw = sorted(pairs)[1]
    return {"stage_events_per_s": ours, "stage_raw_events_per_s": raw, "stage_ratio": ratio}


async def _run(stack: Stack, events: int, folder: LocalFolder, *, ours: bool) -> float:
    name = f"b{new_id().hex[-8:]}"
    url = make_url(stack.database_url).set(database=name).render_as_string(hide_password=False)
    prefix = f"{name}."
    service = create_service()
    await migrate(url, "assessment", Path(service.migrations), service.metadata)
    bootstrap = bootstrap_list(stack.kafka_bootstrap)
    topics = [topic for topic in read_topics() if "assessment" in topic.subscribers or topic.producer == "assessment"]
    await create_topics(bootstrap, topics=topics, prefix=prefix)
    await _fill(bootstrap, prefix + "case.received", events)
    clock = folder.root / "bench-clock"
    SandboxClock.create(clock, MIDDAY)
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "RAW_DATABASE": service_url(url, "assessment").set(drivername="postgresql").render_as_string(False),
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka_bootstrap,
        "TOPIC_PREFIX": prefix,
        "SANDBOX_CLOCK_FILE": str(clock),
        "OTEL_TRACES_SAMPLER": "always_off",
        "LOG_LEVEL": "WARNING",
    }
    if not ours:
        await _make_cursors(environment["RAW_DATABASE"])
    module = "services.assessment" if ours else "tests.bench.raw_stage"
    with _processes(module, environment):
        return await _rate(bootstrap, prefix + "case.assessed", events)


async def _fill(bootstrap: list[str], topic: str, events: int) -> None:
    producer = await start_producer(bootstrap, "bench")
    template = case_received()
    acknowledgements = []
    for _ in range(events):
        announced = event(template.model_copy(update={"case_id": new_id()}))
        headers, value = encode(announced)
        carried = [(name, text.encode()) for name, text in headers.items()]
        acknowledgements.append(await producer.send(topic, value, key=str(announced.key).encode(), headers=carried))
    await asyncio.gather(*acknowledgements)
    await producer.stop()


async def _make_cursors(database: str) -> None:
    connection = await asyncpg.connect(database)
    await ledger.ensure_cursors(connection, {"case.received"}, read_topics()[0].partitions)
    await connection.close()


@contextmanager
def _processes(module: str, environment: dict[str, str]) -> Iterator[None]:
    """The stage's two processes, for as long as they are measured."""
    running = [
        subprocess.Popen([sys.executable, "-m", module, role], env=environment) for role in ("subscriber", "relay")
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


async def _rate(bootstrap: list[str], topic: str, events: int) -> float:
    """Events per second between the warm-up's end and the last acknowledged event."""
    reader = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await reader.start()
    partitions = [TopicPartition(topic, number) for number in range(read_topics()[0].partitions)]
    begun = 0.0
    at_beginning = 0
    deadline = time.perf_counter() + DEADLINE_S
    try:
        while True:
            done: int = sum((await reader.end_offsets(partitions)).values())
            now = time.perf_counter()
            if not begun and done >= events // WARM_UP_SHARE:
                begun, at_beginning = now, done
            if done >= events:
                return (done - at_beginning) / (now - begun)
            if now > deadline:
                raise TimeoutError(f"{done} of {events} events in {DEADLINE_S:.0f} s")
            await asyncio.sleep(0.01)
    finally:
        await reader.stop()
