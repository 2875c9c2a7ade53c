"""What conversations over the protocol need of the outside: grants, the log of messages, and keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.negotiation.domain.conversation import Grant, Kind
from services.negotiation.domain.counter_offers import Wish


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message of the borrower's side, read and its signature checked. `document`: its RFC 8785 bytes, signed."""

    message_id: UUID
    after: str
    kind: Kind
    document: bytes
    wish: Wish | None = None
    offer_id: UUID | None = None
    terms_hash: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """A message as it was said. `grant_id` is None for the agency's; `in_reply_to` is None for the borrower's."""

    case_id: UUID
    creditor_id: UUID
    position: int
    message_id: UUID
    grant_id: UUID | None
    in_reply_to: UUID | None
    document: bytes
    hash: str
    said_at: datetime


class Conversations(Protocol):
    """`work.conversations`. The caller holds the lock of the case."""

    async def add_grant(self, grant: Grant, token_hash: bytes) -> None: ...
    async def grant_by_token(self, case_id: UUID, token_hash: bytes) -> Grant | None: ...
    async def grants(self, case_id: UUID) -> list[Grant]:
        """All of the case, newest first, those that have ended included."""
        ...

    async def revoke_grant(self, case_id: UUID, grant_id: UUID, at: datetime) -> bool:
        """False where there is none that stands."""
        ...

    async def newest(self, case_id: UUID) -> LoggedMessage | None: ...
    async def find(self, case_id: UUID, message_id: UUID) -> LoggedMessage | None: ...
    async def answers(self, case_id: UUID, message_id: UUID) -> list[LoggedMessage]: ...
    async def read(self, case_id: UUID, *, after_position: int, limit: int) -> list[LoggedMessage]: ...
    async def append(self, messages: Sequence[LoggedMessage]) -> None: ...


class AgencysPen(Protocol):
    """Signs what the agency says."""

    @property
    def key_id(self) -> str: ...
    @property
    def public_key(self) -> bytes: ...

    def sign(self, message: Mapping[str, Any]) -> bytes:
        """The RFC 8785 bytes of the message with its signature."""
        ...
