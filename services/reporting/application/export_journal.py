"""Export the journal: entries as lines that anybody can verify with SHA-256 and a JSON library."""

from __future__ import annotations

from collections.abc import AsyncIterator

from services.reporting.application.ports import Resources
from services.reporting.domain.journal import canonical, sealed
from services.reporting.domain.scope import STAFF

CHUNK_ENTRIES = 2_000
ENTRIES_MAX = 1_000_000


async def export_journal(resources: Resources, *, after: int = 0, limit: int = ENTRIES_MAX) -> AsyncIterator[bytes]:
    """NDJSON: the entry in canonical JSON, with its `hash` as one more field, which the hash does not cover."""
    end = after + min(limit, ENTRIES_MAX)
    while after < end:
        async with resources.read(STAFF) as views:
            chunk = await views.entries_after(after, min(CHUNK_ENTRIES, end - after))
        if not chunk:
            return
        yield b"".join(
            canonical({**sealed(entry.position, entry.fact), "hash": entry.hash.hex()}) + b"\n" for entry in chunk
        )
        after = chunk[-1].position
