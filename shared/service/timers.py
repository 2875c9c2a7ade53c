"""The timers role: sweeps what has become due, each kind in its own loop, in bounded batches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import structlog
from prometheus_client import Counter, Histogram

from shared.messaging.backoff import Backoff, is_transient
from shared.service.service import Timer
from shared.tracing import names

SWEPT = Counter(names.TIMER_SWEPT, "Rows handled because they had become due", ["timer"])
SECONDS = Histogram(names.TIMER_SECONDS, "Seconds of one sweep that found something", ["timer"])

log = structlog.get_logger("concord.timers")


class Timers:
    """Runs every timer until `stop()`; a sweep in hand is finished. A sweep that fails for good ends the process."""

    def __init__(self, timers: Sequence[Timer]) -> None:
        self._timers = timers
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._stopping.wait())
            for timer in self._timers:
                group.create_task(self._run(timer))

    async def _run(self, timer: Timer) -> None:
        backoff = Backoff()
        while not self._stopping.is_set():
            started = time.perf_counter()
            try:
                swept = await timer.sweep()
            except Exception as error:
                if not is_transient(error) or backoff.is_exhausted():
                    raise
                log.warning("timer.transient", timer=timer.name, error=type(error).__name__)
                await backoff.wait()
                continue
            backoff.reset()
            if swept:
                SWEPT.labels(timer.name).inc(swept)
                SECONDS.labels(timer.name).observe(time.perf_counter() - started)
            else:
                await self._idle(timer.idle_s)

    async def _idle(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
