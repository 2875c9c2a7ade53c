"""Idempotency of requests that create something: the same key and request get the same answer, whatever happens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from services.negotiation.application.ports import StoredAnswer, Work


async def once(
    work: Work, *, scope: str, key: str, request_hash: str, act: Callable[[], Awaitable[bytes]]
) -> StoredAnswer:
    """Answer with what this key got the first time, or act, remember the answer (status 200) and commit.

    A refusal is not remembered: nothing has become true, so the same key may be tried again.
    """
    known = await work.recall_or_reserve(scope, key, request_hash)
    if known is not None:
        return known
    response = await act()
    await work.remember(scope, key, 200, response)
    await work.commit()
    return StoredAnswer(200, response)
