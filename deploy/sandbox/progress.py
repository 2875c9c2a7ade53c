"""Shows how far the run is: one live line for each figure at a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from deploy.sandbox.calendar import Step
from deploy.sandbox.summary import Lang

PLAIN_LINES = 24
"""About so many lines for a whole run where nobody watches live."""

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "day": "day",
        "cases": "cases",
        "contacts": "contacts",
        "denied": "denied",
        "plans": "plans",
        "defaults": "defaults",
        "collected": "collected",
        "rate": "events/s",
        "left": "seconds left",
    },
    "zh": {
        "day": "第几天",
        "cases": "案件",
        "contacts": "联系",
        "denied": "拒绝联系",
        "plans": "方案",
        "defaults": "违约",
        "collected": "回款",
        "rate": "事件/秒",
        "left": "剩余秒数",
    },
}


class Progress:
    """`with`: `say` prints a line, `show` updates the figures after a day of the sandbox."""

    def __init__(self, days: int, lang: Lang, console: Console | None = None) -> None:
        self._days = days
        self._words = WORDS[lang]
        self._console = console or Console(file=sys.stdout, highlight=False)
        self._live = Live(console=self._console, refresh_per_second=4) if self._console.is_terminal else None
        self._every = max(1, days // PLAIN_LINES)
        self._started_at = time.monotonic()

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish()

    def finish(self) -> None:
        """The figures stand as they are; what is said from here on comes below them."""
        if self._live:
            self._live.stop()

    def say(self, line: str) -> None:
        # Not print(): rich writes above the live table.
        self._console.print(line, markup=False, soft_wrap=True)

    def begin(self) -> None:
        """From here the simulated days are timed."""
        self._started_at = time.monotonic()

    def show(self, step: Step, events: Mapping[str, int], collected: Mapping[str, int]) -> None:
        """After the last step of a day; `events` by topic, `collected` by currency in minor units."""
        done = step.day_number + 1
        elapsed = time.monotonic() - self._started_at
        values = {
            "day": f"{done}/{self._days} ({step.day.isoformat()})",
            "cases": str(events.get("case.received", 0)),
            "contacts": str(events.get("contact.attempted", 0)),
            "denied": str(events.get("contact.denied", 0)),
            "plans": str(events.get("plan.agreed", 0)),
            "defaults": str(events.get("default.detected", 0)),
            "collected": ", ".join(f"{units / 100:,.0f} {currency}" for currency, units in sorted(collected.items())),
            "rate": f"{sum(events.values()) / elapsed:,.0f}",
            "left": f"{elapsed / done * (self._days - done):.0f}",
        }
        if self._live:
            self._live.update(self._table(values))
        elif done % self._every == 0 or done == self._days:
            self.say("  ".join(f"{self._words[name]} {value}" for name, value in values.items()))

    def _table(self, values: Mapping[str, str]) -> Table:
        table = Table.grid(padding=(0, 2))
        for name, value in values.items():
            table.add_row(self._words[name], value)
        return table
