"""The inbox in the borrower's pages: what was written to them there, and that they have seen it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.outreach.application.ports import Resources
from shared.kernel.refusal import NotFound

SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class ShownMessage:
    message_id: UUID
    case_id: UUID
    language: str
    subject: str
    text: str
    sent_at: datetime
    read_at: datetime | None


async def show_inbox(resources: Resources, person_id: UUID) -> list[ShownMessage]:
    """The newest first, at most a hundred. Empty after erasure."""
    async with resources.begin() as work:
        lines = await work.inbox.of_person(person_id, SHOWN_MAX)
    shown = []
    for line in lines:
        words = json.loads(resources.sealer.open(person_id, line.sealed))
        shown.append(
            ShownMessage(
                line.attempt_id,
                line.case_id,
                line.language,
                words["subject"],
                words["text"],
                line.sent_at,
                line.read_at,
            )
        )
    return shown


async def note_read(resources: Resources, person_id: UUID, message_id: UUID) -> None:
    """The person has seen it: that proves the delivery. Twice is once."""
    async with resources.begin() as work:
        if not await work.inbox.mark_read(person_id, message_id, work.now):
            raise NotFound("message_unknown", "this person has no such message")
        await work.attempts.record_receipts([(message_id, "delivered")])
        await work.commit()
