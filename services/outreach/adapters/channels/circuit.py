"""A circuit breaker: a carrier that fails again and again is left alone for a while, and nothing is handed to it."""

from __future__ import annotations

import time

FAILURES_MAX = 3
OPEN_S = 10.0


class Circuit:
    """Opens after some failures in a row; after a pause lets work through again, and one failure opens it anew."""

    def __init__(self, failures_max: int = FAILURES_MAX, open_s: float = OPEN_S) -> None:
        self._failures_max = failures_max
        self._open_s = open_s
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self._open_until

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= self._failures_max:
            self._open_until = time.monotonic() + self._open_s
