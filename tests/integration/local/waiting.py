"""Waits for a condition, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


async def eventually(is_so: Callable[[], object], *, within_seconds: float = 20) -> None:
    """Return when the condition holds; AssertionError at the deadline."""
    deadline = time.monotonic() + within_seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {within_seconds:g} seconds")
        await asyncio.sleep(0.02)
