"""The same idempotency key gets the same answer: around the use cases whose answer is small and impersonal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from services.intake.application.ports import Resources, Work


@dataclass(frozen=True, slots=True)
class Once:
    """`key` None: the caller did not ask for it."""

    route: str
    key: str | None
    request_hash: str


async def answer_once(
    resources: Resources, tenant: UUID, once: Once, act: Callable[[Work], Awaitable[dict[str, Any]]]
) -> bytes:
    """Act in one transaction and keep the answer (JSON, without anything personal), or repeat the one that was kept."""
    async with resources.units.begin(tenant) as work:
        scope = f"{tenant}:{once.route}"
        if once.key is not None:
            kept = await work.answers.recall_or_reserve(scope, once.key, once.request_hash)
            if kept is not None:
                return kept
        answer = orjson.dumps(await act(work))
        if once.key is not None:
            await work.answers.remember(scope, once.key, answer)
        await work.commit()
    return answer
