"""Delivery receipts: they come before our own commit, twice and in any order; the highest state stands."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.outreach.application.ports import Resources
from services.outreach.domain.attempt import higher


async def record_receipts(resources: Resources, receipts: Sequence[tuple[UUID, str]]) -> set[UUID]:
    """(attempt, status): answers with the attempts that are known here."""
    async with resources.begin() as work:
        known = await work.attempts.record_receipts(highest_of(receipts))
        await work.validations.look_again(failures(receipts))
        await work.commit()
    return known


def highest_of(receipts: Sequence[tuple[UUID, str]]) -> list[tuple[UUID, str]]:
    """One receipt for each attempt, in the order of the attempts so that two batches never lock crosswise."""
    highest: dict[UUID, str] = {}
    for attempt_id, status in receipts:
        highest[attempt_id] = higher(highest.get(attempt_id), status)
    return sorted(highest.items())


def failures(receipts: Sequence[tuple[UUID, str]]) -> list[UUID]:
    """Attempts that came back: a notice among them was not provided."""
    return [attempt_id for attempt_id, status in receipts if status == "failed"]
