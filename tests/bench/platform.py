"""The whole platform, measured from outside: bulk intake, the flow, the quiet system, memory."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import psutil
from aiokafka import AIOKafkaConsumer
from sqlalchemy.engine import make_url

from deploy.local.folder import LocalFolder
from deploy.local.stack import Stack, StackOptions
from shared.kernel.clock import SandboxClock
from shared.kernel.identifiers import new_id
from shared.service.settings import SANDBOX_SECRET
from tests.bench.placements import MIDDAY, bodies, signed_headers

PLACEMENTS = "/v1/placements"
RECORDS_PER_BODY = 1_000
DEADLINE_S = 300.0
WARM_UP_SAMPLES = 10
CREDITOR = {
    "name": "Harbour Credit",
    "licence_number": "BENCH-1",
    "licence_expires_on": "2030-12-31",
    "currency": "USD",
    "jurisdiction": "US",
    "mandate": {
        "discount_max_basis_points": 2_000,
        "term_months_max": 24,
        "instalment_min_minor_units": 2_500,
        "pause_months_max": 3,
        "grace_days": 3,
        "allocation_order": ["fees", "interest", "principal"],
    },
}


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    intake_records: int
    flow_cases: int
    latency_samples: int


@dataclass
class Lender:
    """A lending platform with its key."""

    client: httpx.AsyncClient
    key_id: str
    secret: str

    async def place(self, body: bytes) -> list[UUID]:
        headers = signed_headers(self.key_id, self.secret, MIDDAY, PLACEMENTS, body, str(new_id()))
        answer = await self.client.post(PLACEMENTS, content=body, headers=headers)
        answer.raise_for_status()
        placed = answer.json()
        if placed["rejected"]:
            raise RuntimeError(f"the bench's own records were rejected: {placed['records'][0]}")
        return [UUID(entry["case_id"]) for entry in placed["records"]]


async def measure(folder: LocalFolder, sizes: Sizes, say: Callable[[str], None]) -> dict[str, object]:
    """Run the three measurements on a fresh stack each; durable PostgreSQL, every hundredth trace kept."""
    clock_file = folder.root / "bench-clock"
    SandboxClock.create(clock_file, MIDDAY)
    environment = {
        "SANDBOX_CLOCK_FILE": str(clock_file),
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.01",
        "LOG_LEVEL": "WARNING",
    }
    results: dict[str, object] = {}
    intake_only = StackOptions(
        folder=folder.part("bench-intake"), with_traces=False, services=("intake",), service_environment=environment
    )
    async with Stack(intake_only) as stack, _client(stack) as client:
        say(f"bulk intake: {sizes.intake_records} records")
        results["intake_records_per_s"] = await _intake(await _onboard(client), sizes.intake_records)
    everything = StackOptions(folder=folder.part("bench-all"), with_traces=False, service_environment=environment)
    async with Stack(everything) as stack, _client(stack) as client:
        lender = await _onboard(client)
        say(f"quiet system: {sizes.latency_samples} single placements")
        results |= await _latency(stack, lender, sizes.latency_samples)
        say(f"whole flow: {sizes.flow_cases} cases")
        results["flow_cases_per_s"] = await _flow(stack, lender, sizes.flow_cases)
        results["rss_mb"] = memory_per_process(stack)
    return results


async def _onboard(client: httpx.AsyncClient) -> Lender:
    answer = await client.post("/v1/creditors", json=CREDITOR, headers={"Authorization": f"Bearer {SANDBOX_SECRET}"})
    answer.raise_for_status()
    onboarded = answer.json()
    return Lender(client, onboarded["key_id"], onboarded["secret"])


def _client(stack: Stack) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=stack.addresses["intake"], timeout=120)


async def _intake(lender: Lender, records: int) -> float:
    """Records per second that are verified and durable, from two requests at a time; only intake is running."""
    for body in bodies(10**7, RECORDS_PER_BODY, RECORDS_PER_BODY):
        await lender.place(body)  # warms up: connections, plans, caches
    prepared = list(bodies(0, records, RECORDS_PER_BODY))
    started = time.perf_counter()
    await _in_parallel(prepared, lender.place, width=2)
    return records / (time.perf_counter() - started)


async def _flow(stack: Stack, lender: Lender, cases: int) -> float:
    """From the first byte of the first request until reporting has journalled a first contact decision of each case."""
    journal = await asyncpg.connect(_database(stack, "reporting"))
    prepared = list(bodies(2 * 10**7, cases, 500))
    before = await _decided(journal)
    started = time.perf_counter()
    placing = asyncio.create_task(_in_parallel(prepared, lender.place, width=2))
    while await _decided(journal) - before < cases:
        if time.perf_counter() - started > DEADLINE_S:
            raise TimeoutError(f"{await _decided(journal) - before} of {cases} cases in {DEADLINE_S:.0f} s")
        if placing.done():
            placing.result()
        await asyncio.sleep(0.05)
    elapsed = time.perf_counter() - started
    await placing
    await journal.close()
    return cases / elapsed


async def _latency(stack: Stack, lender: Lender, samples: int) -> dict[str, float]:
    """Milliseconds from the answer to a placement until `contact.attempted` of that case can be read from Kafka."""
    seen: dict[UUID, float] = {}
    reader = await _read_keys(stack, "contact.attempted", seen)
    taken: list[float] = []
    for number in range(samples + WARM_UP_SAMPLES):
        (body,) = bodies(3 * 10**7 + number, 1, 1)
        (case,) = await lender.place(body)
        accepted = time.perf_counter()
        while case not in seen:
            if time.perf_counter() - accepted > 30:
                raise TimeoutError(f"no contact of sample {number} within 30 s")
            await asyncio.sleep(0.001)
        if number >= WARM_UP_SAMPLES:
            taken.append((seen[case] - accepted) * 1_000)
    reader.cancel()
    taken.sort()
    return {
        "latency_p50_ms": taken[len(taken) // 2],
        "latency_p99_ms": taken[min(len(taken) - 1, len(taken) * 99 // 100)],
    }


async def _read_keys(stack: Stack, topic: str, seen: dict[UUID, float]) -> asyncio.Task[None]:
    reader = AIOKafkaConsumer(
        topic, bootstrap_servers=stack.kafka_bootstrap.split(","), auto_offset_reset="latest", fetch_max_wait_ms=50
    )
    await reader.start()

    async def read() -> None:
        try:
            async for message in reader:
                seen.setdefault(UUID(message.key.decode()), time.perf_counter())
        finally:
            await reader.stop()

    return asyncio.create_task(read())


async def _in_parallel(work: list[bytes], do: Callable[[bytes], Awaitable[object]], *, width: int) -> None:
    queue = iter(work)

    async def one() -> None:
        for body in queue:
            await do(body)

    await asyncio.gather(*(one() for _ in range(width)))


def _database(stack: Stack, service: str) -> str:
    url = make_url(stack.database_url)
    return url.set(database=f"{url.database}_{service}").render_as_string(hide_password=False)


async def _decided(journal: asyncpg.Connection[asyncpg.Record]) -> int:
    count: int = await journal.fetchval(
        "SELECT coalesce(sum(events), 0) FROM topics WHERE topic IN ('contact.attempted', 'contact.denied')"
    )
    return count


def memory_per_process(stack: Stack) -> dict[str, int]:
    """Resident megabytes by process name."""
    return {
        name: psutil.Process(process.pid).memory_info().rss // 2**20
        for name, process in sorted(stack.processes().items())
        if process.pid is not None
    }


def save(results: dict[str, object], path: Path) -> None:
    path.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", encoding="utf-8")
