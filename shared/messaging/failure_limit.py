"""The limit of quarantines: beyond it the fault is ours, and going on would set aside the whole portfolio."""

from __future__ import annotations

import time
from collections import deque

from shared.db.database import Database

WINDOW_S = 300
CASES_MAX = 50
SHARE_MAX = 0.01
SHARE_APPLIES_FROM = 1_000
"""Handled events in the window from which the share is looked at: one in twenty is no trend."""


class TooManyQuarantines(Exception):
    """More cases went into quarantine in five minutes than bad data explain. The subscriber stops and stays stopped."""


class FailureLimit:
    """Counts handled events here and quarantined cases in the database, where all processes of the service see them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._handled: deque[tuple[float, int]] = deque()

    def add(self, handled: int) -> None:
        now = time.monotonic()
        self._handled.append((now, handled))
        while self._handled and self._handled[0][0] < now - WINDOW_S:
            self._handled.popleft()

    async def check(self) -> None:
        """Raise `TooManyQuarantines` where the limit is passed."""
        async with self._database.transaction() as transaction:
            driver = await transaction.driver()
            cases: int = await driver.fetchval(
                "SELECT count(*) FROM quarantine WHERE since > clock_timestamp() - make_interval(secs => $1)", WINDOW_S
            )
        handled = sum(count for _, count in self._handled)
        if cases >= CASES_MAX or (handled >= SHARE_APPLIES_FROM and cases > handled * SHARE_MAX):
            raise TooManyQuarantines(f"{cases} cases in {WINDOW_S} s, {handled} events handled")
