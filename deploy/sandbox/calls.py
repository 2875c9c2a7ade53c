"""HTTP calls as the outside makes them: signed as a lender or a provider, with a token as staff or a borrower."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from shared.kernel.clock import Clock
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import sign

TIMEOUT_SECONDS = 60.0
TRIES_MAX = 3
"""Every call here may be repeated: by its Idempotency-Key, its reference, or because twice is the same as once."""

PROVIDER_KEY = "provider:sandbox"


class UnexpectedAnswer(Exception):
    """A service refused something that the sandbox thinks is right. `code` is the problem's, where it has one."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        problem = _json_or_empty(response)
        self.code = str(problem.get("code") or problem.get("type") or "")
        request = response.request
        # The first characters tell a developer why; a problem carries no values of the request.
        super().__init__(f"{request.method} {request.url.path} answered {self.status}: {response.text[:800]}")


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key as its owner holds it."""

    key_id: str
    secret: bytes


PROVIDER = Key(PROVIDER_KEY, SANDBOX_SECRET.encode())
STAFF_HEADERS = {"Authorization": f"Bearer {SANDBOX_SECRET}"}


class Caller:
    """One pool of connections for everybody the sandbox plays."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # Asked directly: a proxy of the machine cannot reach its own ports.
        self.client = httpx.AsyncClient(trust_env=False, timeout=TIMEOUT_SECONDS)

    async def close(self) -> None:
        await self.client.aclose()

    async def signed(
        self,
        key: Key,
        url: str,
        body: bytes,
        *,
        method: str = "POST",
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """A call with the key's signature over the raw body."""
        path = httpx.URL(url).raw_path.decode()
        signature = sign(key.secret, key_id=key.key_id, at=self._clock.now(), method=method, path=path, body=body)
        all_headers = {**signature, "Content-Type": content_type, **(headers or {})}
        return await self._answer(method, url, content=body, headers=all_headers)

    async def staff(
        self, url: str, body: Any = None, *, method: str = "POST", headers: Mapping[str, str] | None = None
    ) -> Any:
        """A call of the agency's own people; `headers` may say which of them acts."""
        return await self._answer(method, url, json=body, headers={**STAFF_HEADERS, **(headers or {})})

    async def anybody(self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """A call whose right lies in what it carries."""
        return await self._answer(method, url, json=body, headers=headers)

    async def _answer(self, method: str, url: str, **request: Any) -> Any:
        for tries_left in range(TRIES_MAX - 1, -1, -1):
            try:
                return answer_of(await self.client.request(method, url, **request))
            except httpx.TransportError:
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")


def answer_of(response: httpx.Response) -> Any:
    """The JSON of a successful answer. Raises UnexpectedAnswer."""
    if not response.is_success:
        raise UnexpectedAnswer(response)
    return response.json() if response.content else None


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _json_or_empty(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
