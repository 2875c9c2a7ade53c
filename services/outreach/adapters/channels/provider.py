"""A messaging provider over HTTP: text messages, calls, letters. Knows a repetition by the attempt's id."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import orjson

from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message

TIMEOUT_S = 10.0
MESSAGES_MAX = 500
LOOK_UPS_AT_ONCE = 8
STATUSES = frozenset({"sent", "delivered", "conversation", "no_answer", "not_connected", "failed"})


class HttpProvider:
    """`POST /v1/messages`, `GET /v1/messages/{attempt_id}`."""

    def __init__(self, client: httpx.AsyncClient, circuit: Circuit | None = None) -> None:
        self._client = client
        self._circuit = circuit or Circuit()

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        answer: dict[UUID, str] = {}
        for start in range(0, len(messages), MESSAGES_MAX):
            answer |= await self._send(messages[start : start + MESSAGES_MAX])
        return answer

    async def _send(self, batch: Sequence[Message]) -> dict[UUID, str]:
        if self._circuit.is_open:
            return _all(batch, NOT_ACCEPTED)
        try:
            response = await self._client.post(
                "/v1/messages",
                content=orjson.dumps({"messages": [_document(message) for message in batch]}),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT_S,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            self._circuit.failed()
            return _all(batch, NOT_ACCEPTED)
        except httpx.HTTPError:
            # Sent, and no answer: it may have been taken. Only asking tells.
            self._circuit.failed()
            return _all(batch, UNCLEAR)
        if response.status_code in (400, 413, 422, 429, 503):
            # Refused as a whole, before any message was taken.
            self._circuit.failed()
            return _all(batch, NOT_ACCEPTED)
        if response.status_code >= 300:
            self._circuit.failed()
            return _all(batch, UNCLEAR)
        self._circuit.succeeded()
        return _all(batch, UNCLEAR) | _results(response)

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        gate = asyncio.Semaphore(LOOK_UPS_AT_ONCE)

        async def ask(attempt_id: UUID) -> str:
            async with gate:
                try:
                    response = await self._client.get(f"/v1/messages/{attempt_id}", timeout=TIMEOUT_S)
                except httpx.HTTPError:
                    return UNCLEAR
            if response.status_code == 404:
                return NOT_ACCEPTED
            return _status(response.json()) if response.status_code == 200 else UNCLEAR

        return dict(zip(attempt_ids, await asyncio.gather(*map(ask, attempt_ids)), strict=True))


def _all(batch: Sequence[Message], status: str) -> dict[UUID, str]:
    return {message.attempt_id: status for message in batch}


def _document(message: Message) -> dict[str, Any]:
    return {
        "idempotency_key": str(message.attempt_id),
        "channel": message.channel,
        "to": message.to,
        "text": message.text,
        "language": message.language,
        "sent_at": message.sent_at.isoformat(),
    }


def _results(response: httpx.Response) -> dict[UUID, str]:
    try:
        return {UUID(entry["idempotency_key"]): _status(entry) for entry in response.json()["results"]}
    except (ValueError, KeyError, TypeError):
        return {}


def _status(entry: Any) -> str:
    status = entry.get("status") if isinstance(entry, dict) else None
    return status if status in STATUSES else UNCLEAR
