"""What every carrier of messages is, and the router that gives each message to the carriers of its channel and market.

An attempt goes to the next carrier only where the one before proved not to have taken it. Which carrier has it is kept
before it is handed over, so that after a crash the right one is asked.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

import structlog

from services.outreach.adapters.channels.line import NOT_NOW
from services.outreach.adapters.channels.routes import Routes
from services.outreach.application.channel_metrics import ANSWERS, FAILOVERS
from services.outreach.application.channel_ports import Asked, HandingOver
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message

SEND_TIMEOUT_S = 20.0
"""A batch that takes longer is unclear. Shorter than the lease, so that nobody else settles while we still send."""

log = structlog.get_logger("concord.outreach.channels")


class Carrier(Protocol):
    """Sends messages of some channels. `send` answers for every message and does not raise for a provider's trouble."""

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]: ...

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        """What became of them, `not_accepted` for what never came; absent: no answer now. None: cannot tell, ever."""
        ...


class Finder(Protocol):
    """A carrier that finds a message by the address it went to."""

    async def find(self, asked: Sequence[Asked]) -> dict[UUID, str]: ...


class Router:
    """`Channels`: all carriers at once, so that a slow one keeps only its own messages waiting.

    `fallback` names the carrier of what no route leads anywhere: the sandbox's simulator. Production has none.
    """

    def __init__(
        self,
        carriers: Mapping[str, Carrier],
        routes: Routes,
        *,
        finders: Mapping[str, Finder] | None = None,
        fallback: str | None = None,
    ) -> None:
        self._carriers = carriers
        self._routes = routes
        self._finders = finders or {}
        self._fallback = fallback

    def finds_by_address(self, provider: str | None) -> bool:
        return provider in self._finders

    async def send(self, messages: Sequence[Message], handing_over: HandingOver) -> dict[UUID, str]:
        by_route: dict[tuple[str, ...], list[Message]] = defaultdict(list)
        for message in messages:
            by_route[self._providers(message.channel, message.market)].append(message)
        first = {message.attempt_id: route[0] for route, batch in by_route.items() if route for message in batch}
        answers = dict.fromkeys((message.attempt_id for message in messages), NOT_ACCEPTED)
        ours = await self._hand_over(first, handing_over)
        sending = []
        for route, batch in by_route.items():
            kept = [message for message in batch if message.attempt_id in ours]
            if kept:
                sending.append(self._send_bounded(route, kept, handing_over, answers))
        await asyncio.gather(*sending)
        return answers

    async def look_up(self, asked: Sequence[Asked]) -> dict[UUID, str]:
        """`unknown` for what cannot be told, ever; absent where there is no answer now."""
        by_provider: dict[str, list[Asked]] = defaultdict(list)
        answers: dict[UUID, str] = {}
        for entry in asked:
            # Older attempts do not say who has them: the first choice of their channel had.
            provider = entry.provider or next(iter(self._providers(entry.channel, "")), None)
            if provider in self._carriers:
                by_provider[str(provider)].append(entry)
            else:
                answers[entry.attempt_id] = "unknown"
        for provider, entries in by_provider.items():
            answers |= await self._look_up(provider, entries)
        return answers

    async def _look_up(self, provider: str, entries: Sequence[Asked]) -> dict[UUID, str]:
        finder = self._finders.get(provider)
        if finder is not None:
            return await finder.find([entry for entry in entries if entry.to is not None])
        known = await self._carriers[provider].look_up([entry.attempt_id for entry in entries])
        return dict.fromkeys((entry.attempt_id for entry in entries), "unknown") if known is None else known

    def _providers(self, channel: str, market: str) -> tuple[str, ...]:
        found = self._routes.of(channel, market, self._carriers.keys())
        if not found and self._fallback is None:
            log.error("channel.no_provider", channel=channel, market=market)
        return found or ((self._fallback,) if self._fallback is not None else ())

    async def _send_bounded(
        self, route: Sequence[str], batch: Sequence[Message], handing_over: HandingOver, answers: dict[UUID, str]
    ) -> None:
        answers.update(dict.fromkeys((message.attempt_id for message in batch), UNCLEAR))
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._send_along(route, batch, handing_over, answers)
        except TimeoutError:
            log.warning("channel.timeout", channel=batch[0].channel, messages=len(batch))

    async def _send_along(
        self, route: Sequence[str], batch: Sequence[Message], handing_over: HandingOver, answers: dict[UUID, str]
    ) -> None:
        for position, provider in enumerate(route):
            said = await self._carriers[provider].send(batch)
            for message in batch:
                answer = said.get(message.attempt_id, UNCLEAR)
                ANSWERS.labels(provider, answer).inc()
                answers[message.attempt_id] = NOT_ACCEPTED if answer == NOT_NOW else answer
            refused = [message for message in batch if said.get(message.attempt_id) == NOT_ACCEPTED]
            if not refused or position + 1 == len(route):
                return
            following = {message.attempt_id: route[position + 1] for message in refused}
            ours = await self._hand_over(following, handing_over)
            batch = [message for message in refused if message.attempt_id in ours]
            if not batch:
                return
            FAILOVERS.labels(provider).inc(len(batch))
            # While the next one has them, nothing is proven any more.
            answers.update(dict.fromkeys((message.attempt_id for message in batch), UNCLEAR))

    async def _hand_over(self, providers: Mapping[UUID, str], handing_over: HandingOver) -> Collection[UUID]:
        if not providers:
            return ()
        try:
            return await handing_over(providers)
        except Exception as error:
            # Not kept, so not handed over. The type alone: a database's text may quote what it was given.
            log.error("channel.not_kept", messages=len(providers), error=type(error).__name__)
            return ()
