"""A dead background task ends the process: a server that answers while its worker is dead is worse than none."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine
from typing import Any

import structlog

EXIT_FAILED = 70
EXIT_ON_PURPOSE = 78
"""The process stopped because going on would do harm; a supervisor must not start it again by itself."""
HARD_STOP_S = 20.0

log = structlog.get_logger("concord.background")


def hard_stop_after(seconds: float = HARD_STOP_S) -> None:
    """End the process for certain: a client's `stop()` or a server's shutdown may never return.

    A thread and not a task, because the loop itself may be what is stuck.
    """
    timer = threading.Timer(seconds, os._exit, (EXIT_FAILED,))
    timer.daemon = True
    timer.start()


async def run_until_signal(work: Coroutine[Any, Any, None], stop: Any) -> None:
    """Run a role's work; SIGTERM and SIGINT call `stop()` once and give it `HARD_STOP_S` to finish what it holds."""
    loop = asyncio.get_running_loop()

    def on_signal(name: str) -> None:
        log.info("role.stopping", signal=name)
        hard_stop_after()
        stop()

    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, on_signal, sig.name)
    await work
