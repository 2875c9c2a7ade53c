"""The inbox of the borrower's pages as a carrier: what it has taken lies in our own database, sealed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import orjson
import structlog

from services.outreach.application.channel_records import NewInboxMessage
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message, Sealer
from services.outreach.application.ports import Work

log = structlog.get_logger("concord.outreach.channels")


class InboxCarrier:
    """A `Carrier`. Commits by itself, as any provider does: what it says it has taken, it has.

    A message counts as sent when it lies there, and as delivered when the person has opened it.
    """

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[Work]], sealer: Sealer) -> None:
        self._begin = begin
        self._sealer = sealer

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        rows = [row for message in messages if (row := self._row(message)) is not None]
        answers = dict.fromkeys((message.attempt_id for message in messages), NOT_ACCEPTED)
        try:
            async with self._begin() as work:
                await work.inbox.put(rows)
                await work.commit()
        except Exception as error:
            # The commit may have come through.
            log.error("inbox.away", messages=len(rows), error=type(error).__name__)
            return answers | dict.fromkeys((row.attempt_id for row in rows), UNCLEAR)
        return answers | dict.fromkeys((row.attempt_id for row in rows), "sent")

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        async with self._begin() as work:
            taken = await work.inbox.has(attempt_ids)
        return {attempt_id: "sent" if attempt_id in taken else NOT_ACCEPTED for attempt_id in attempt_ids}

    def _row(self, message: Message) -> NewInboxMessage | None:
        if message.person_id is None or message.case_id is None:
            return None
        words = orjson.dumps({"subject": message.subject, "text": message.text}).decode()
        sealed = self._sealer.seal(message.person_id, words)
        return NewInboxMessage(
            message.attempt_id, message.case_id, message.person_id, message.language, sealed, message.sent_at
        )
