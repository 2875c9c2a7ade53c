"""Publish the signed list of yesterday's codes, once, and never change it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from services.outreach.application.content_records import IssuedCode
from services.outreach.application.ports import Resources
from shared.kernel.genuine.code import commitment_of

CODES_MAX = 2_000_000
"""Of one day. More would have to be published in parts."""
SETTLING_TIME = timedelta(hours=1)
"""What was worded before midnight may leave after it."""


async def publish_code_lists(resources: Resources) -> int:
    """The earliest day without a list; answers with the number of its codes. The slow hashes run in a thread."""
    async with resources.begin() as work:
        day = await work.sent_texts.unlisted_day((work.now - SETTLING_TIME).date())
        if day is None:
            return 0
        issued = await work.sent_texts.issued_on(day, CODES_MAX)
    entries = await asyncio.to_thread(_entries, issued, day)
    document = resources.content.genuineness.sign_list(day, entries)
    async with resources.begin() as work:
        await work.sent_texts.publish(day, document, work.now)
        await work.commit()
    return max(1, len(issued))


def _entries(issued: Sequence[IssuedCode], day: date) -> dict[str, str]:
    return {commitment_of(entry.code, day): entry.text_digest.hex() for entry in issued}
