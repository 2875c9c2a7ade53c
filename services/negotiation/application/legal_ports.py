"""What the legal track needs of storage and of outreach, and the records that pass between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from services.negotiation.domain.legal.entries import Entry
from services.negotiation.domain.legal.file import LegalFile
from shared.service.sign_in_limit import SignInFailures

DOCUMENT_BYTES_MAX = 5 * 1024 * 1024
FILE_BYTES_MAX = 25 * 1024 * 1024
"""All documents of one file together."""


class OutreachAway(Exception):
    """Outreach gives no answer, or one that cannot be read: nothing is known, so nothing is done."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A hand-over as outreach gives it. `proof` is the canonical document, `proof_hash` what outreach keeps of it."""

    handover_id: UUID
    case_id: UUID
    creditor_id: UUID
    state: str
    prepared_by: str
    signed_by: str
    signed_at: datetime
    proof: str
    proof_hash: str


@dataclass(frozen=True, slots=True)
class HeardHandover:
    """What became of a hand-over here: `opened`, or why not."""

    handover_id: UUID
    case_id: UUID
    creditor_id: UUID
    signed_at: datetime
    verdict: str
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class FileHead:
    """A file in a list. `next_due_on`: its nearest open deadline."""

    legal_id: UUID
    case_id: UUID
    creditor_id: UUID
    jurisdiction: str
    state: str
    is_halted: bool
    respond_by: date | None
    next_due_on: date | None
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DueDeadline:
    deadline_id: UUID
    legal_id: UUID
    case_id: UUID
    creditor_id: UUID
    kind: str
    due_on: date
    remind_at: datetime | None
    reminded_at: datetime | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Counsel:
    """A lawyer who may sign, where they are admitted. Of their token only the hash is kept."""

    counsel_id: str
    admitted_in: tuple[str, ...]
    token_hash: str
    is_active: bool
    registered_by: str
    registered_at: datetime

    def may_sign_in(self, jurisdiction: str) -> bool:
        return self.is_active and jurisdiction in self.admitted_in


class LegalFiles(Protocol):
    """Files are changed only under the lock of their case, which is taken first."""

    async def heard(self, handover_ids: Collection[UUID]) -> set[UUID]: ...
    async def hear(self, heard: Sequence[HeardHandover]) -> None: ...
    async def latest_signed_at(self) -> datetime | None:
        """Of the hand-overs heard of."""
        ...

    async def refused_handovers(self, limit: int) -> list[HeardHandover]: ...
    async def open(self, beginning: LegalFile, entries: Sequence[Entry]) -> None: ...
    async def with_open_files(self, case_ids: Collection[UUID]) -> set[UUID]: ...
    async def for_change(self, case_ids: Collection[UUID]) -> dict[UUID, LegalFile]:
        """The open files by case, read from their entries. The cases are locked already."""
        ...

    async def case_of(self, legal_id: UUID) -> UUID: ...
    async def read(self, legal_id: UUID) -> LegalFile: ...
    async def entries(self, legal_id: UUID) -> list[Entry]: ...
    async def save(self, file: LegalFile, entries: Sequence[Entry], at: datetime) -> None: ...
    async def find(self, state: str | None, limit: int, after: UUID | None) -> list[FileHead]:
        """By age. `open`: every state that is not an end."""
        ...

    async def of_case(self, case_id: UUID) -> list[FileHead]: ...
    async def keep_document(self, file: LegalFile, document_id: UUID, sha256: str, content: bytes) -> None: ...
    async def contents(self, legal_id: UUID) -> Mapping[UUID, bytes]: ...
    async def add_deadline(self, deadline: DueDeadline) -> None: ...
    async def finish_deadlines(self, deadline_ids: Collection[UUID]) -> None: ...
    async def end_deadlines(self, legal_ids: Collection[UUID]) -> None: ...
    async def deadlines(self, legal_id: UUID) -> list[DueDeadline]: ...
    async def lock_due(self, limit: int) -> list[DueDeadline]: ...
    async def remind_again(self, deadlines: Sequence[DueDeadline]) -> None: ...
    async def offers_made(self, case_id: UUID) -> list[dict[str, Any]]: ...
    async def counter_offers_made(self, case_id: UUID) -> list[dict[str, Any]]: ...
    async def plans_made(self, case_id: UUID) -> list[dict[str, Any]]: ...
    async def counsel(self, counsel_id: str) -> Counsel | None: ...
    async def register(self, counsel: Counsel) -> None: ...


class Handovers(Protocol):
    """Outreach. Never called inside a transaction. Raises `OutreachAway`."""

    async def since(self, signed_since: datetime, after: UUID | None, limit: int) -> list[Handover]:
        """Signed ones in the order of their signature."""
        ...

    async def state(self, handover_id: UUID) -> str: ...
    async def record(self, case_id: UUID) -> bytes:
        """Contacts, denials, letters, complaints and disputes as one canonical document."""
        ...


class NobodysHandovers:
    """Where outreach is not connected."""

    async def since(self, signed_since: datetime, after: UUID | None, limit: int) -> list[Handover]:
        raise OutreachAway

    async def state(self, handover_id: UUID) -> str:
        raise OutreachAway

    async def record(self, case_id: UUID) -> bytes:
        raise OutreachAway


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of the bundle: rows of text set by us, or a document as it was put into the file."""

    title: str
    rows: tuple[tuple[str, ...], ...] = ()
    media_type: str | None = None
    content: bytes | None = None
    sha256: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class BundleOrder:
    """`unavailable`: what belongs into the bundle and is not there, said on its first page."""

    title: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    unavailable: tuple[str, ...]
    dated_at: datetime
    language: str
    words: Mapping[str, str]


class BundleNotMade(Exception):
    """A document in the file cannot be read as what it says it is, or all of it is too much."""


class Bundler(Protocol):
    async def make(self, order: BundleOrder) -> bytes:
        """One PDF; the same order gives the same bytes. Raises `BundleNotMade`."""
        ...


class NoBundler:
    """Where no press is installed."""

    async def make(self, order: BundleOrder) -> bytes:
        raise BundleNotMade


@dataclass(frozen=True)
class LegalDesk:
    """`key` seals signatures and sessions of counsel's desk."""

    handovers: Handovers = field(default_factory=NobodysHandovers)
    bundler: Bundler = field(default_factory=NoBundler)
    key: bytes = b""
    cookies_need_https: bool = False
    sign_ins: SignInFailures = field(default_factory=SignInFailures)
