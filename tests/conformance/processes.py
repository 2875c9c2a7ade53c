"""Starts, watches, hurts and restarts the processes of a fault run, as a small supervisor would."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shared.service.background import EXIT_ON_PURPOSE

RESTART_FIRST_S = 0.2
RESTART_MAX_S = 2.0
REPLY_WITHIN_S = 30.0


Ending = asyncio.Future[int]
"""The exit status of a process, once it has ended; negative: the signal that ended it."""


class Nursery:
    """The fork server of `worker.py`, seen from the test."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._replies: asyncio.Queue[int] = asyncio.Queue()
        self._ends: dict[int, Ending] = {}
        self._ordering = asyncio.Lock()

    async def start(
        self, argv: Sequence[str], environment: dict[str, str], log: Path
    ) -> tuple[int, asyncio.Future[int]]:
        """Start a process; answers with its id and how it will end."""
        order = json.dumps({"argv": list(argv), "environment": environment, "log": str(log)})
        async with self._ordering:
            assert self._process.stdin is not None
            self._process.stdin.write(order.encode() + b"\n")
            await self._process.stdin.drain()
            pid = await asyncio.wait_for(self._replies.get(), REPLY_WITHIN_S)
        return pid, self._ends[pid]

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            words = json.loads(line)
            if (pid := words.get("started")) is not None:
                self._ends[pid] = asyncio.get_running_loop().create_future()
                self._replies.put_nowait(pid)
            else:
                self._ends[words["ended"]].set_result(words["status"])


@asynccontextmanager
async def open_nursery(services: Sequence[str], log: Path) -> AsyncIterator[Nursery]:
    """A fork server with these services imported; whatever it started dies with it."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.conformance.worker",
            "nursery",
            *services,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
    nursery = Nursery(process)
    listening = asyncio.create_task(nursery.listen())
    try:
        yield nursery
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


@dataclass
class Member:
    """One role of one service that is to run, and is started again when it ends.

    `arm` is asked before each start for the fault points to arm, so that a fault plan may hit exact places.
    """

    name: str
    argv: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    nursery: Nursery
    arm: Callable[[], str] = lambda: ""
    statuses: Counter[int] = field(default_factory=Counter)
    pid: int | None = None
    armed: str = ""
    started_at: float = 0.0
    is_wanted: bool = True
    _is_settled: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: Ending | None = None
    _task: asyncio.Task[None] | None = None

    @property
    def role(self) -> str:
        return self.argv[1]

    def start(self) -> None:
        self.is_wanted = True
        self._is_settled.clear()
        self._task = asyncio.create_task(self._keep_alive())

    async def _keep_alive(self) -> None:
        wait = RESTART_FIRST_S
        while self.is_wanted:
            status = await asyncio.shield(await self._start_once())
            self.pid = None
            self.statuses[status] += 1
            if status == EXIT_ON_PURPOSE:
                self.is_wanted = False
            has_run = time.monotonic() - self.started_at > 10
            wait = RESTART_FIRST_S if has_run else min(RESTART_MAX_S, wait * 2)
            if self.is_wanted:
                await asyncio.sleep(wait)

    async def _start_once(self) -> Ending:
        self._is_settled.clear()
        try:
            self.armed = self.arm()
            environment = {**self.environment, "FAULT_POINTS": self.armed}
            self.pid, self._ended = await self.nursery.start(self.argv, environment, self.log)
            self.started_at = time.monotonic()
            return self._ended
        finally:
            self._is_settled.set()

    def send(self, number: int) -> bool:
        """Send a signal to the process that runs now; False where none does."""
        if self.pid is None or self._ended is None or self._ended.done():
            return False
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            # Dead and reaped already; the news of it is still on its way to `_ended`.
            return False
        return True

    def has_run_for(self, seconds: float) -> bool:
        return self.pid is not None and time.monotonic() - self.started_at > seconds

    async def end(self, number: int = signal.SIGTERM, *, within_s: float = 25.0) -> int | None:
        """Stop for good; answers with the exit status, None where nothing ran."""
        self.is_wanted = False
        if self._task is None:
            return None
        await self._is_settled.wait()  # a process that is being started would escape
        ended = self._ended if self.pid is not None else None
        self.send(number)
        self.send(signal.SIGCONT)
        status = await asyncio.wait_for(asyncio.shield(ended), within_s) if ended is not None else None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task, self.pid = None, None
        return status
