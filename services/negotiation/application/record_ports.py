"""What the borrower's pages show and take that outreach keeps: contacts, messages, concerns, preferences, the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

Concern = Literal["complaint", "dispute"]
PROOF_BYTES_MAX = 50_000_000


class RecordAway(ConnectionError):
    """Outreach cannot be asked now; trying again may help."""


@dataclass(frozen=True, slots=True)
class BlockedBy:
    """A rule that did not let a contact leave; `en` and `zh` say it in words."""

    rule: str
    clause: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """One contact, one that was not permitted (`denial`), or one that was taken back in time (`withdrawn`)."""

    at: datetime
    kind: str
    channel: str
    rung: str
    outcome: str | None
    reasons: Sequence[BlockedBy]
    until: datetime | None
    decision_id: UUID


@dataclass(frozen=True, slots=True)
class InboxMessage:
    message_id: UUID
    language: str
    subject: str
    text: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnConcern:
    """A complaint or a dispute of the person's own. `due_at`: when it must be answered."""

    concern_id: UUID
    kind: Concern
    topic: str
    state: str
    received_at: datetime
    due_at: datetime
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the person wants to be reached. Refusals and times as entries, so that each can be taken back by its id."""

    refusals: Sequence[tuple[UUID, str | None]]
    bad_times: Sequence[tuple[UUID, Mapping[str, Any]]]
    representative: tuple[UUID, str] | None
    language: str | None


class OwnRecord(Protocol):
    """All of it raises RecordAway, NoSuchThing where outreach knows nothing, and the refusals that outreach answers."""

    async def contacts(self, case_id: UUID) -> list[ContactEntry]:
        """The newest first."""
        ...

    async def proof(self, case_id: UUID) -> bytes:
        """The case's decisions as the verifier reads them: a zip file."""
        ...

    async def inbox(self, person_id: UUID) -> list[InboxMessage]: ...
    async def note_read(self, person_id: UUID, message_id: UUID) -> None: ...
    async def concerns(self, case_id: UUID) -> list[OwnConcern]: ...
    async def complain(self, case_id: UUID, reference: str, category: str, words: str | None) -> OwnConcern: ...
    async def dispute(self, case_id: UUID, reference: str, ground: str, words: str | None) -> OwnConcern: ...
    async def wishes(self, person_id: UUID) -> Wishes: ...
    async def wish(self, person_id: UUID, entry: Mapping[str, Any]) -> None:
        """One entry of outreach's ledger of preferences, as its API takes it."""
        ...
