"""The timers process itself, killed with SIGKILL at each dangerous place and started again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.kernel.clock import SandboxClock
from tests.integration.outreach.desk import Desk, open_desk
from tests.integration.outreach.outside import Outside, serve_outside
from tests.support.databases import ServiceDatabases

ROOT = Path(__file__).resolve().parents[3]
DEADLINE_S = 40.0


@asynccontextmanager
async def timers_process(
    desk: Desk, outside: Outside, clock_file: Path, fault: str = ""
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {
        **os.environ,
        "DATABASE_URL": desk.databases.url,
        "INTAKE_URL": outside.url,
        "SIMULATOR_URL": outside.url,
        "SANDBOX_CLOCK_FILE": str(clock_file),
        "FAULT_POINTS": fault,
        "LEASE_S": "1",
        "LOG_LEVEL": "ERROR",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.outreach", "timers", cwd=ROOT, env=environment
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not await condition():  # noqa: ASYNC110 - another process changes the database
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("place", "sent_before_death"),
    [("outreach.after_reserve", 0), ("outreach.before_provider", 0), ("outreach.after_provider", 1)],
)
async def test_a_killed_process_sends_once_and_everything_is_counted(
    service_database: Callable[[str], Awaitable[ServiceDatabases]], tmp_path: Path, place: str, sent_before_death: int
) -> None:
    databases = await service_database("outreach")
    clock_file = tmp_path / "clock"
    SandboxClock.create(clock_file, databases.clock.now())
    driven = SandboxClock(clock_file, writable=True)
    async with open_desk(databases) as desk, serve_outside(driven) as outside:
        await desk.open_case(strategy="plan_rescue")  # a text message first: a provider that can be asked
        async with timers_process(desk, outside, clock_file, f"{place}=kill") as process:
            assert await asyncio.wait_for(process.wait(), DEADLINE_S) == -9
        (attempt,) = await desk.attempts()
        assert attempt["counts"] is True
        assert sum(outside.deliveries.values()) == sent_before_death

        now = desk.now

        async def settled() -> bool:
            # What was proven not sent is due again minutes later by the business clock.
            await desk.run("UPDATE contact_plans SET due_at = $1 WHERE attempt_id IS NOT NULL AND due_at > $1", now)
            return [attempt["state"] for attempt in await desk.attempts()] == ["settled"]

        async with timers_process(desk, outside, clock_file):
            await until(settled)
        assert dict(outside.deliveries) == {str(attempt["attempt_id"]): 1}
        (attempted,) = await desk.said("contact.attempted")
        assert (attempted["attempt_id"], attempted["outcome"]) == (str(attempt["attempt_id"]), "delivered")
        assert len(await desk.attempts()) == 1
