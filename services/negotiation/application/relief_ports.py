"""What relief keeps: requests with what happened to them, and files of evidence that nobody reads in passing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from services.negotiation.domain.relief.causes import EvidenceKind
from services.negotiation.domain.relief.files import MediaType
from services.negotiation.domain.relief.request import Relief

Queue = Literal["requested", "needs_evidence", "with_lender", "granted", "review_due", "overdue"]


@dataclass(frozen=True, slots=True)
class ReliefStep:
    """Something that happened to a request: who did it (a staff code, `borrower`, `lender` or `clock`) and when."""

    relief_id: UUID
    case_id: UUID
    creditor_id: UUID
    step: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file on record without its content."""

    file_id: UUID
    case_id: UUID
    creditor_id: UUID
    kind: EvidenceKind
    media_type: MediaType
    size: int
    digest: str
    purpose: str
    added_at: datetime
    keep_until: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """That somebody of the staff opened a file, and why."""

    file_id: UUID
    case_id: UUID
    creditor_id: UUID
    staff_id: str
    reason: str
    opened_at: datetime


class Reliefs(Protocol):
    async def add(self, relief: Relief) -> None: ...
    async def save(self, reliefs: Sequence[Relief]) -> None: ...
    async def record(self, steps: Sequence[ReliefStep]) -> None: ...
    async def steps(self, relief_id: UUID) -> list[ReliefStep]: ...
    async def of_case(self, case_id: UUID) -> list[Relief]:
        """All requests of a case, oldest first."""
        ...

    async def find(self, relief_id: UUID) -> Relief:
        """Raises NoSuchThing."""
        ...

    async def open_of(self, case_ids: Collection[UUID]) -> list[Relief]:
        """Undecided or granted ones."""
        ...

    async def undecided(self, case_ids: Collection[UUID]) -> dict[UUID, datetime]:
        """By when the undecided request of each case ends by itself."""
        ...

    async def lock_due(self, limit: int) -> list[UUID]:
        """Requests whose deadline has come, their cases locked; those that others hold are passed over."""
        ...

    async def queue(
        self, queue: Queue, creditor_id: UUID | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Relief]: ...


class EvidenceFiles(Protocol):
    async def add(self, file: EvidenceFile, sealed: bytes) -> None: ...
    async def of_case(self, case_id: UUID) -> list[EvidenceFile]: ...
    async def find(self, case_id: UUID, file_id: UUID) -> tuple[EvidenceFile, bytes]: ...
    async def case_of(self, file_id: UUID) -> UUID: ...
    async def log(self, opening: Opening) -> None: ...
    async def openings(self, file_id: UUID) -> list[Opening]: ...
    async def forget(self, case_ids: Collection[UUID]) -> None: ...
    async def keep_longer(self, file_ids: Collection[UUID], until: datetime) -> None: ...
    async def delete_outdated(self, limit: int) -> int: ...


class Sealer(Protocol):
    """Encrypts files at rest; a file can be opened as the one it was sealed as, and as no other."""

    def seal(self, case_id: UUID, file_id: UUID, content: bytes) -> bytes: ...
    def open(self, case_id: UUID, file_id: UUID, sealed: bytes) -> bytes: ...
