"""The negotiation protocol's own rules: who may say what, in which order, and what proves it.

A conversation about one case is a chain of messages. Each names the hash of the one before it (`after`), so that what a
message answers is beyond doubt and neither side can slip one in later; each is signed by who says it. The borrower's
side is the borrower's own software or an adviser, by a grant that the borrower gave; the agency's side is negotiation.
Described for others in docs/negotiation-protocol.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

PROTOCOL = "concord-negotiation/1"
SIGNED = PROTOCOL.encode() + b"\n"
"""Comes before the message in what is signed, so that a signature is never one for anything else."""

Holder = Literal["software", "adviser"]
Scope = Literal["read", "propose", "accept"]
Kind = Literal["ask", "propose", "decline", "accept"]
"""What the borrower's side may say."""
AnswerKind = Literal["offers", "answer", "noted", "agreed", "refusal"]
"""What the agency's side says, always in answer to a message, and always with a reason where it does not say yes."""

SCOPE_FOR: dict[Kind, Scope] = {"ask": "read", "propose": "propose", "decline": "propose", "accept": "accept"}
GRANT_DAYS_MAX = 90
GRANTS_MAX = 10
"""Grants of one case that stand at the same time."""
MESSAGES_MAX = 500
"""Messages of one conversation, both sides together; nobody who negotiates needs more."""
FIRST = "0" * 64
"""What the first message of a conversation comes after."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A borrower's permission for somebody to speak for them. `public_key` is Ed25519, 32 bytes."""

    grant_id: UUID
    case_id: UUID
    creditor_id: UUID
    holder: Holder
    scopes: tuple[Scope, ...]
    public_key: bytes
    given_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def allows(self, kind: Kind) -> bool:
        return SCOPE_FOR[kind] in self.scopes


class Chained(Protocol):
    """A message as it lies in the chain: the RFC 8785 bytes of message and signature, and the hash they lead to."""

    @property
    def document(self) -> bytes: ...
    @property
    def hash(self) -> str: ...


def chain_hash(previous: str, document: bytes) -> str:
    """SHA-256 over the hash before (64 hex digits, ASCII) and the signed message's RFC 8785 bytes."""
    return hashlib.sha256(previous.encode() + document).hexdigest()


def first_break(messages: Sequence[Chained]) -> int | None:
    """The index of the first message whose hash does not follow from those before it; None where all do."""
    previous = FIRST
    for index, message in enumerate(messages):
        if chain_hash(previous, message.document) != message.hash:
            return index
        previous = message.hash
    return None
