"""How fast and how many at once a provider is given messages: a token bucket, in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The agreed limit. It holds for one process: with several, each has its share of what the provider allows."""

    per_second: float
    burst: int
    at_once: int


class TokenBucket:
    """Full at the start. Who waits has their token already, so that waiting is in order and bounded."""

    def __init__(self, per_second: float, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second, self._burst, self._now = per_second, burst, now
        self._tokens = float(burst)
        self._as_of = now()

    async def take(self, wait_s: float) -> bool:
        """False where no token comes within that time; nothing is taken then."""
        delay = self.delay()
        if delay > wait_s:
            return False
        self._tokens -= 1
        if delay > 0:
            await asyncio.sleep(delay)
        return True

    def delay(self) -> float:
        """How long the next token takes."""
        now = self._now()
        self._tokens = min(self._burst, self._tokens + (now - self._as_of) * self._per_second)
        self._as_of = now
        return max(0.0, (1 - self._tokens) / self._per_second)
