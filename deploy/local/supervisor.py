"""Watches the stack's processes: starts services again after a pause, and ends the stack where that cannot help."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from deploy.local.errors import ProcessFailed
from deploy.local.processes import Process

STOPPED_ON_PURPOSE = 78

_LOOK_EVERY_SECONDS = 0.1
_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
_STEADY_AFTER_SECONDS = 10.0
# More than two minutes of trying at the longest pause: longer than any broker restart, shorter than a forgotten bug.
_TRIES_MAX = 30


@dataclass(slots=True)
class Watched:
    """A process under watch. `restarts` counts since the start, `quick_ends` since it last ran steadily."""

    process: Process
    may_restart: bool
    restarts: int = 0
    quick_ends: int = 0
    started_at: float = 0.0
    start_again_at: float | None = None


class Supervisor:
    """Looks at every process ten times a second.

    A service that ends is started again, since the relay dies on purpose at any broker error; code 78 means that it
    stopped itself and wants a person to look. A server that ends takes the stack down.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._watched: dict[str, Watched] = {}

    def watch(self, process: Process, *, may_restart: bool) -> None:
        self._watched[process.name] = Watched(process, may_restart, started_at=time.monotonic())

    def forget_all(self) -> None:
        """From now on an end is only an end; called before everything is stopped."""
        self._watched.clear()

    def restarts(self, name: str) -> int:
        return self._watched[name].restarts

    async def run(self) -> NoReturn:
        """Until cancelled; ProcessFailed when the stack cannot go on."""
        while True:
            self.look()
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    def look(self) -> None:
        """One look at every process: start again what is due, tell what is gone for good."""
        for watched in list(self._watched.values()):
            self._look_at(watched)

    def _look_at(self, watched: Watched) -> None:
        process, now = watched.process, time.monotonic()
        if not process.is_wanted or process.is_running:
            return
        if watched.start_again_at is not None:
            if now >= watched.start_again_at:
                process.start()
                watched.start_again_at, watched.started_at = None, now
                watched.restarts += 1
            return
        if not watched.may_restart:
            raise process.failure(f"ended with code {process.exit_code} while it was needed")
        if process.exit_code == STOPPED_ON_PURPOSE:
            process.is_wanted = False
            self._say(f"{process.name} stopped itself and waits for a person; see {process.log_file}")
            return
        watched.start_again_at = now + self._pause(watched, now)

    def _pause(self, watched: Watched, now: float) -> float:
        process = watched.process
        is_steady = now - watched.started_at >= _STEADY_AFTER_SECONDS
        watched.quick_ends = 1 if is_steady else watched.quick_ends + 1
        if watched.quick_ends > _TRIES_MAX:
            raise _gave_up(process)
        pause: float = min(_FIRST_PAUSE_SECONDS * 2.0 ** (watched.quick_ends - 1), _LONGEST_PAUSE_SECONDS)
        self._say(f"{process.name} ended with code {process.exit_code}; starting it again in {pause:g} s")
        return pause


def _gave_up(process: Process) -> ProcessFailed:
    return process.failure(f"ended {_TRIES_MAX + 1} times in a row, last with code {process.exit_code}")
