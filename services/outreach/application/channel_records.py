"""What the inbox is kept as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewInboxMessage:
    """`sealed`: subject and text as JSON, under the person's key."""

    attempt_id: UUID
    case_id: UUID
    person_id: UUID
    language: str
    sealed: bytes
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class InboxLine:
    attempt_id: UUID
    case_id: UUID
    language: str
    sealed: bytes
    sent_at: datetime
    read_at: datetime | None
