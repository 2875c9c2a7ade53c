"""Verify the journal: recompute the chain and name the first entry that is not as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from services.reporting.application.ports import Resources
from services.reporting.domain.journal import Fault, Head, follow
from services.reporting.domain.scope import STAFF
from shared.kernel.refusal import NotFound

CHUNK_ENTRIES = 2_000
ENTRIES_MAX = 500_000
"""Entries of one call; more are verified by calling again with `after`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`verified` entries behind `after` fit, `end` is the last of them; `is_complete`: that is the chain's head."""

    after: int
    verified: int
    end: Head
    is_complete: bool
    fault: Fault | None

    @property
    def is_intact(self) -> bool:
        return self.fault is None


async def verify_journal(resources: Resources, *, after: int = 0, limit: int = ENTRIES_MAX) -> Verdict:
    """Each chunk is its own short transaction; entries that are appended meanwhile are verified too, or left."""
    head = await _trusted(resources, after)
    start, end = head.position, after + min(limit, ENTRIES_MAX)
    while head.position < end:
        async with resources.read(STAFF) as views:
            written = await views.head()
            wanted = min(CHUNK_ENTRIES, end - head.position, written.position - head.position)
            chunk = await views.entries_after(head.position, wanted) if wanted > 0 else []
        goal = head.position + max(0, wanted)
        head, fault = follow(head, chunk)
        if fault is None and head.position < goal:
            # Nothing follows, so nothing is wrong with what follows: only the head tells that a tail is missing.
            fault = Fault(head.position + 1, None, "cut")
        if fault is None and head.position == written.position and head.hash != written.hash:
            fault = Fault(head.position, None, "changed")
        if fault is not None or head.position >= written.position:
            return Verdict(start, head.position - start, head, is_complete=fault is None, fault=fault)
    return Verdict(start, head.position - start, head, is_complete=False, fault=None)


async def _trusted(resources: Resources, after: int) -> Head:
    """The hash to go on from is the stored one of the entry before: the caller verified up to it."""
    if after == 0:
        return Head()
    async with resources.read(STAFF) as views:
        entries = await views.entries_after(after - 1, 1)
    if not entries or entries[0].position != after:
        raise NotFound("not_found", "the journal has no entry at this position")
    return Head(after, entries[0].hash)
