"""The sandbox's carrier inside the process: no provider behind it, outcomes drawn from the attempt's id.

It remembers nothing after its process has died, so it cannot be asked: such an attempt ends `unknown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

from services.outreach.application.contact_ports import Message

_OUTCOMES = {
    "email": ("sent",),
    "letter": ("sent",),
    "sms": ("delivered", "delivered", "delivered", "delivered", "failed"),
    "call": ("conversation", "no_answer", "no_answer", "no_answer", "not_connected"),
}


class SimulatedCarrier:
    """Named as what it is; production settings do not open it."""

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        return {message.attempt_id: outcome_of(message.attempt_id, message.channel) for message in messages}

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        return None


def outcome_of(attempt_id: UUID, channel: str) -> str:
    outcomes = _OUTCOMES[channel]
    return outcomes[blake2b(attempt_id.bytes, digest_size=1).digest()[0] % len(outcomes)]
