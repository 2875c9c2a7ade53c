"""Calls of the platform's other services, signed with the secret that all services share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import orjson

from shared.kernel.clock import Clock
from shared.service.signatures import sign

KEY_ID = "service:negotiation"
TIMEOUT_S = 5.0


class SignedCalls:
    """One client for the life of the process. `url` is what the client's own base address does not say."""

    def __init__(
        self, client: httpx.AsyncClient, secret: bytes, clock: Clock, url: str = "", timeout_s: float = TIMEOUT_S
    ) -> None:
        self._client = client
        self._secret = secret
        self._clock = clock
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s

    async def send(self, method: str, path: str, document: Mapping[str, Any] | None = None) -> httpx.Response:
        """Whatever was answered. `path` has its query, as the signature covers it. Raises `httpx.HTTPError`."""
        body = orjson.dumps(document) if document is not None else b""
        headers = sign(self._secret, key_id=KEY_ID, at=self._clock.now(), method=method, path=path, body=body)
        if document is not None:
            headers["content-type"] = "application/json"
        return await self._client.request(
            method, self._url + path, content=body, headers=headers, timeout=self._timeout_s
        )
