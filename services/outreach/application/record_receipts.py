"""Delivery receipts: they come before our own commit, twice and in any order; the highest state stands."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.outreach.application.ports import Resources
from services.outreach.domain.attempt import higher


async def record_receipts(resources: Resources, receipts: Sequence[tuple[UUID, str]]) -> set[UUID]:
    """(attempt, status): answers with the attempts that are known here."""
    highest: dict[UUID, str] = {}
    for attempt_id, status in receipts:
        highest[attempt_id] = higher(highest.get(attempt_id), status)
    async with resources.begin() as work:
        known = await work.attempts.record_receipts(sorted(highest.items()))
        await work.commit()
    return known
