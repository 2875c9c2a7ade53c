"""Starts, watches, hurts and restarts the processes of a fault run, as a small supervisor would."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
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
    is_wanted: bool = True
    _ended: Ending | None = None
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.is_wanted = True
        self._task = asyncio.create_task(self._keep_alive())

    async def _keep_alive(self) -> None:
        wait = RESTART_FIRST_S
        while self.is_wanted:
            environment = {**self.environment, "FAULT_POINTS": self.arm()}
            started = asyncio.get_running_loop().time()
            self.pid, self._ended = await self.nursery.start(self.argv, environment, self.log)
            status = await asyncio.shield(self._ended)
            self.pid = None
            self.statuses[status] += 1
            if status == EXIT_ON_PURPOSE:
                self.is_wanted = False
            has_run = asyncio.get_running_loop().time() - started > 10
            wait = RESTART_FIRST_S if has_run else min(RESTART_MAX_S, wait * 2)
            if self.is_wanted:
                await asyncio.sleep(wait)

    def send(self, number: int) -> bool:
        """Send a signal to the process that runs now; False where none does."""
        if self.pid is None or (self._ended is not None and self._ended.done()):
            return False
        os.kill(self.pid, number)
        return True

    async def end(self, number: int = signal.SIGTERM, *, within_s: float = 25.0) -> int | None:
        """Stop for good; answers with the exit status, None where nothing ran."""
        self.is_wanted = False
        ended = self._ended
        self.send(signal.SIGCONT)
        self.send(number)
        status = None
        if ended is not None:
            status = await asyncio.wait_for(asyncio.shield(ended), within_s)
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        return status
