"""What every carrier of messages is, and the router that gives each message to the carrier of its channel."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

import structlog

from services.outreach.application.ports import UNCLEAR, Message

SEND_TIMEOUT_S = 20.0
"""A batch that takes longer is unclear. Shorter than the lease, so that nobody else settles while we still send."""

log = structlog.get_logger("concord.outreach.channels")


class Carrier(Protocol):
    """Sends messages of some channels. `send` answers for every message and does not raise for a provider's trouble."""

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]: ...

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        """What became of them, `not_accepted` for what never came; absent: no answer now. None: cannot tell, ever."""
        ...


class Router:
    """`Channels`: all carriers at once, so that a slow one keeps only its own messages waiting."""

    def __init__(self, carriers: Mapping[str, Carrier]) -> None:
        self._carriers = carriers

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        by_channel: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            by_channel[message.channel].append(message)
        answers = await asyncio.gather(*(self._send(channel, batch) for channel, batch in by_channel.items()))
        return {attempt_id: status for answer in answers for attempt_id, status in answer.items()}

    async def look_up(self, channel: str, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        return await self._carriers[channel].look_up(attempt_ids)

    async def _send(self, channel: str, batch: Sequence[Message]) -> dict[UUID, str]:
        answer = dict.fromkeys((message.attempt_id for message in batch), UNCLEAR)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                answer |= await self._carriers[channel].send(batch)
        except TimeoutError:
            log.warning("channel.timeout", channel=channel, messages=len(batch))
        return answer
