"""What the use cases need of providers' reports, of the inbox in the borrower's pages, and of lookups by address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.channel_records import InboxLine, NewInboxMessage

HandingOver = Callable[[Mapping[UUID, str]], Awaitable[Collection[UUID]]]
"""Keeps which provider an attempt is about to be given to; answers with those that are still ours to send.

Called before every handing over, so that after a crash the right provider is asked.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """An attempt of unclear fate. `to` only where the provider finds messages by their address; never logged."""

    attempt_id: UUID
    channel: str
    provider: str | None
    to: str | None
    handed_over_at: datetime


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A provider's report as it came: `target` is path and query, the header names are in lower case."""

    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """What the provider wants to hear so that it does not report again."""

    status: int
    body: bytes = b""
    media_type: str | None = None


class ReportReader(Protocol):
    """Proves that a report comes from the provider, and reads it."""

    @property
    def bytes_max(self) -> int: ...

    def read(self, request: ReportRequest) -> Sequence[tuple[UUID, str]]:
        """(attempt, status), in the order reported. Raises `Unidentified` or `Invalid`."""
        ...

    def taken(self) -> ReportAnswer: ...


class Inbox(Protocol):
    """Messages in the borrower's pages. The text lies sealed under the person's key."""

    async def put(self, messages: Sequence[NewInboxMessage]) -> None:
        """The same attempt again changes nothing."""
        ...

    async def has(self, attempt_ids: Collection[UUID]) -> set[UUID]: ...

    async def of_person(self, person_id: UUID, limit: int) -> list[InboxLine]:
        """The newest first."""
        ...

    async def mark_read(self, person_id: UUID, attempt_id: UUID, at: datetime) -> bool:
        """False where this person has no such message. Read once, it stays read since then."""
        ...


@dataclass(frozen=True)
class WaysBack:
    """How providers, portals and recipients reach us: readers by the provider's name, and the keys they need."""

    readers: Mapping[str, ReportReader]
    service_secret: bytes
    unsubscribe_key: bytes
