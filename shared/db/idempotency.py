"""HTTP idempotency: the same key and the same request get the same answer, whatever happens between."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shared.db.transaction import Transaction
from shared.kernel.refusal import Invalid

KEY_LENGTH_MAX = 255
RETENTION_DAYS = 30


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The first answer to a key."""

    status: int
    response: bytes


def request_hash(*parts: bytes) -> str:
    """SHA-256 over the request as it came, so that a changed byte is another request."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


async def recall_or_reserve(transaction: Transaction, scope: str, key: str, hashed: str) -> StoredAnswer | None:
    """The stored answer to this key, or None after reserving it for this transaction.

    A second request with the same key waits here for the first one's commit (up to the lock timeout), so both get one
    answer. Raises `Invalid` (422) where the key was used for another request.
    """
    driver = await transaction.driver()
    reserved = await driver.fetchval(
        "INSERT INTO idempotency_keys (scope, key, request_hash) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING RETURNING 1",
        scope,
        key,
        hashed,
    )
    if reserved:
        return None
    row = await driver.fetchrow(
        "SELECT request_hash, status, response FROM idempotency_keys WHERE scope = $1 AND key = $2", scope, key
    )
    if row is None or row["request_hash"] != hashed:
        raise Invalid("idempotency_key_reused", "this Idempotency-Key was used for another request")
    return StoredAnswer(status=row["status"], response=row["response"])


async def remember(transaction: Transaction, scope: str, key: str, status: int, response: bytes) -> None:
    """Keep the answer, in the transaction that makes it true."""
    driver = await transaction.driver()
    await driver.execute(
        "UPDATE idempotency_keys SET status = $3, response = $4 WHERE scope = $1 AND key = $2",
        scope,
        key,
        status,
        response,
    )
