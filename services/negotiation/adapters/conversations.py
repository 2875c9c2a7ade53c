"""Grants and the log of conversations over PostgreSQL; signatures with Ed25519 (RFC 8032) over RFC 8785."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.negotiation.adapters import conversation_tables as tables
from services.negotiation.adapters.arrays import insert_rows
from services.negotiation.application.conversation_ports import LoggedMessage
from services.negotiation.domain.conversation import MESSAGES_MAX, SIGNED, Grant

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

_KEY_ID_LENGTH = 16

_MESSAGE_COLUMNS = (
    "case_id",
    "position",
    "creditor_id",
    "message_id",
    "grant_id",
    "in_reply_to",
    "document",
    "hash",
    "said_at",
)


class SqlConversations:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add_grant(self, grant: Grant, token_hash: bytes) -> None:
        await self._driver.execute(
            "INSERT INTO grants (grant_id, case_id, creditor_id, token_hash, holder, scopes, public_key, given_at,"
            " expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            grant.grant_id,
            grant.case_id,
            grant.creditor_id,
            token_hash,
            grant.holder,
            list(grant.scopes),
            grant.public_key,
            grant.given_at,
            grant.expires_at,
        )

    async def grant_by_token(self, case_id: UUID, token_hash: bytes) -> Grant | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM grants WHERE case_id = $1 AND token_hash = $2", case_id, token_hash
        )
        return _grant_from(row) if row is not None else None

    async def grants(self, case_id: UUID) -> list[Grant]:
        rows = await self._driver.fetch(
            "SELECT * FROM grants WHERE case_id = $1 ORDER BY given_at DESC, grant_id DESC LIMIT 200", case_id
        )
        return [_grant_from(row) for row in rows]

    async def revoke_grant(self, case_id: UUID, grant_id: UUID, at: datetime) -> bool:
        revoked = await self._driver.fetchval(
            "UPDATE grants SET revoked_at = $3 WHERE case_id = $1 AND grant_id = $2 AND revoked_at IS NULL"
            " AND expires_at > $3 RETURNING grant_id",
            case_id,
            grant_id,
            at,
        )
        return revoked is not None

    async def newest(self, case_id: UUID) -> LoggedMessage | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM conversation_messages WHERE case_id = $1 ORDER BY position DESC LIMIT 1", case_id
        )
        return _message_from(row) if row is not None else None

    async def find(self, case_id: UUID, message_id: UUID) -> LoggedMessage | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM conversation_messages WHERE case_id = $1 AND message_id = $2", case_id, message_id
        )
        return _message_from(row) if row is not None else None

    async def answers(self, case_id: UUID, message_id: UUID) -> list[LoggedMessage]:
        rows = await self._driver.fetch(
            "SELECT * FROM conversation_messages WHERE case_id = $1 AND in_reply_to = $2 ORDER BY position LIMIT $3",
            case_id,
            message_id,
            MESSAGES_MAX,
        )
        return [_message_from(row) for row in rows]

    async def read(self, case_id: UUID, *, after_position: int, limit: int) -> list[LoggedMessage]:
        rows = await self._driver.fetch(
            "SELECT * FROM conversation_messages WHERE case_id = $1 AND position > $2 ORDER BY position LIMIT $3",
            case_id,
            after_position,
            limit,
        )
        return [_message_from(row) for row in rows]

    async def append(self, messages: Sequence[LoggedMessage]) -> None:
        rows = [tuple(getattr(message, name) for name in _MESSAGE_COLUMNS) for message in messages]
        await insert_rows(self._driver, tables.conversation_messages, _MESSAGE_COLUMNS, rows)


class Ed25519Pen:
    """The agency's signature under its messages. `secret`: any text; the key follows from it."""

    def __init__(self, secret: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(SIGNED + secret.encode()).digest())
        self.public_key = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.key_id = key_id_of(self.public_key)

    def sign(self, message: Mapping[str, Any]) -> bytes:
        value = self._private.sign(SIGNED + rfc8785.dumps(dict(message)))
        return rfc8785.dumps({"message": dict(message), "signature": {"key_id": self.key_id, "value": _text(value)}})


def key_id_of(public_key: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key).hexdigest()[:_KEY_ID_LENGTH]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _grant_from(row: Mapping[str, Any]) -> Grant:
    return Grant(
        grant_id=row["grant_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        holder=row["holder"],
        scopes=tuple(row["scopes"]),
        public_key=row["public_key"],
        given_at=row["given_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )


def _message_from(row: Mapping[str, Any]) -> LoggedMessage:
    return LoggedMessage(**{name: row[name] for name in _MESSAGE_COLUMNS})
