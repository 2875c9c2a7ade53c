"""How often somebody may guess: counted in this process, bounded in memory."""

from __future__ import annotations

import time
from collections import OrderedDict

from shared.kernel.refusal import Overloaded

FAILURES_MAX = 5
ALL_FAILURES_MAX = 100
WINDOW_S = 300.0
NAMES_MAX = 10_000


class SignInFailures:
    """Five failures from one address in five minutes, a hundred from all.

    By the machine's clock: a driven business clock would open the window again within seconds.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._all: list[float] = []

    def check(self, who: str) -> None:
        since = time.monotonic() - WINDOW_S
        own = [at for at in self._failures.get(who, ()) if at > since]
        self._all = [at for at in self._all if at > since]
        blocking = own if len(own) >= FAILURES_MAX else self._all if len(self._all) >= ALL_FAILURES_MAX else None
        if blocking is not None:
            wait = int(blocking[0] + WINDOW_S - time.monotonic()) + 1
            raise Overloaded("too_many_sign_ins", "too many wrong sign-ins; try again later", retry_after_s=wait)

    def note_failure(self, who: str) -> None:
        now = time.monotonic()
        own = [at for at in self._failures.pop(who, []) if at > now - WINDOW_S]
        self._failures[who] = [*own, now][-FAILURES_MAX:]
        self._all = [*self._all, now][-ALL_FAILURES_MAX:]
        while len(self._failures) > NAMES_MAX:
            self._failures.popitem(last=False)
