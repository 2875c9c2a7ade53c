"""A provider that takes messages one by one: no faster than agreed, few at once, and left alone while it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import httpx

from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.adapters.channels.pace import Pace, TokenBucket
from services.outreach.application.channel_metrics import HELD_BACK
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message

NOT_NOW = "not_now"
"""Not handed over, and to be tried later by this provider: no reason to go to another one."""
WAIT_S = 2.0
"""What finds no room, or no token, in this time has not been handed over."""
CONNECT_S = 2.0
TIMEOUT_S = 5.0
"""With WAIT_S twice: two providers have time within `carrier.SEND_TIMEOUT_S`."""
TIMEOUTS = httpx.Timeout(TIMEOUT_S, connect=CONNECT_S)
HELD_FOR_NOW = frozenset({401, 403, 429, 503})
"""The account or the provider, not the message: whoever asks next hears the same."""


class Line:
    """The common part of providers. `post` sends one message and answers with its status."""

    def __init__(self, name: str, pace: Pace, circuit: Circuit | None = None) -> None:
        self._name = name
        self._bucket = TokenBucket(pace.per_second, pace.burst)
        self._room = asyncio.Semaphore(pace.at_once)
        self.circuit = circuit or Circuit()

    async def send(self, messages: Sequence[Message], post: Callable[[Message], Awaitable[str]]) -> dict[UUID, str]:
        answers = await asyncio.gather(*(self._send(message, post) for message in messages))
        return {message.attempt_id: answer for message, answer in zip(messages, answers, strict=True)}

    async def ask(self, client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response | str:
        """The answer, or what is known without one."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                response = await client.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            self.circuit.failed()
            return NOT_ACCEPTED
        except (httpx.HTTPError, TimeoutError):
            # Sent, and no answer: it may have been taken.
            self.circuit.failed()
            return UNCLEAR
        if response.status_code in HELD_FOR_NOW:
            self.circuit.failed()
            return NOT_ACCEPTED
        if not (200 <= response.status_code < 300 or 400 <= response.status_code < 500):
            self.circuit.failed()
            return UNCLEAR
        self.circuit.succeeded()
        return response

    async def _send(self, message: Message, post: Callable[[Message], Awaitable[str]]) -> str:
        if self.circuit.is_open:
            return self._held_back("circuit")
        try:
            async with asyncio.timeout(WAIT_S):
                await self._room.acquire()
        except TimeoutError:
            self._held_back("busy")
            return NOT_NOW
        try:
            if not await self._bucket.take(WAIT_S):
                self._held_back("pace")
                return NOT_NOW
            # It may have begun to fail while this one waited.
            return self._held_back("circuit") if self.circuit.is_open else await post(message)
        finally:
            self._room.release()

    def _held_back(self, reason: str) -> str:
        HELD_BACK.labels(self._name, reason).inc()
        return NOT_ACCEPTED
