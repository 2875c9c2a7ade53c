"""Forget what getting in has left behind once nothing needs it: wrong answers, visits that are over, used links."""

from __future__ import annotations

from datetime import timedelta

from services.negotiation.application.access_ports import Ages
from services.negotiation.application.ports import Resources

BATCH = 1_000
GUESSES_KEPT = timedelta(days=60)
"""Wrong answers count against their link as long as it lives, which is thirty days."""
SESSIONS_KEPT = timedelta(days=1)
"""A visit ends after twelve hours at the latest."""
LINKS_KEPT = timedelta(days=400)
"""Far longer than a link lives: one that was forgotten opens nothing, because it has expired."""


async def forget_visits(resources: Resources) -> int:
    """One bounded batch, by the machine's clock; how many were forgotten. Looks at a file are kept."""
    now = resources.portal.machine.now()
    ages = Ages(now - GUESSES_KEPT, now - SESSIONS_KEPT, now - LINKS_KEPT)
    async with resources.begin() as work:
        forgotten = await work.access.forget_older(ages, BATCH)
        await work.commit()
    return forgotten
