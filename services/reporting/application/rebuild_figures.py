"""Rebuild the figures: forget them and fold the journal again, while nothing else is recorded."""

from __future__ import annotations

from services.reporting.application.ports import Recording
from services.reporting.application.record_events import count_facts

CHUNK_ENTRIES = 1_000
ENTRIES_MAX = 50_000_000


async def rebuild_figures(recording: Recording) -> int:
    """In the caller's one transaction; answers with the number of entries folded.

    The head stays locked throughout: subscribers wait, and try again. Readers see the old figures until the commit.
    """
    head = await recording.lock_head()
    await recording.forget_figures()
    folded = 0
    while folded < min(head.position, ENTRIES_MAX):
        entries = await recording.entries_after(folded, CHUNK_ENTRIES)
        await count_facts(recording, [entry.fact for entry in entries])
        folded += len(entries)
    return folded
