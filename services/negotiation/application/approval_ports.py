"""What mandates and approvals need of the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.negotiation.domain.approvals import Approval
from services.negotiation.domain.mandates.version import MandateVersion

PAGE_MAX = 200
BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class FiledVersion:
    """A version with who made it and who let it through."""

    version: MandateVersion
    drafted_by: str
    drafted_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    retired_by: str | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recheck:
    """The open cases of a lender are looked at again from a day on; those up to `after_case_id` are done."""

    version_id: UUID
    creditor_id: UUID
    due_on: date
    after_case_id: UUID = BEFORE_ALL


@dataclass(frozen=True, slots=True)
class Filter:
    """Which ones, and which page: `after` is the last one of the page before."""

    creditor_id: UUID | None = None
    case_id: UUID | None = None
    status: str | None = None
    kind: str | None = None
    product: str | None = None
    after: UUID | None = None
    limit: int = 50


class Mandates(Protocol):
    async def add(self, filed: FiledVersion) -> None: ...
    async def for_change(self, version_id: UUID) -> FiledVersion: ...
    async def save(self, filed: FiledVersion) -> None: ...
    async def read(self, version_id: UUID) -> FiledVersion: ...
    async def page(self, wanted: Filter) -> list[FiledVersion]: ...
    async def next_number(self, creditor_id: UUID) -> int:
        """Two drafts of one lender at once wait for each other, so that no number is given twice."""
        ...

    async def approved(self, creditor_ids: Collection[UUID]) -> Mapping[UUID, Sequence[MandateVersion]]:
        """The approved versions of lenders, whatever their dates; a lender without any is left out."""
        ...

    async def plan_rechecks(self, rechecks: Sequence[Recheck]) -> None: ...
    async def take_recheck(self, today: date) -> Recheck | None:
        """One that is due and that nobody else works on."""
        ...

    async def keep_recheck(self, recheck: Recheck, *, is_done: bool) -> None: ...
    async def open_cases(self, creditor_id: UUID, after: UUID, limit: int) -> list[UUID]:
        """Cases of a lender on which work goes on, in order."""
        ...


class Approvals(Protocol):
    async def add(self, approval: Approval) -> None:
        """Raises AlreadyAsked where the subject waits already."""
        ...

    async def for_change(self, approval_id: UUID) -> Approval: ...
    async def read(self, approval_id: UUID) -> Approval: ...
    async def save(self, approvals: Sequence[Approval]) -> None: ...
    async def page(self, wanted: Filter) -> list[Approval]: ...
    async def newest_of(self, kind: str, subject_id: UUID) -> Approval | None:
        """What was asked about a subject last, for whoever waits for the answer."""
        ...

    async def lock_expired(self, now: datetime, limit: int) -> list[Approval]:
        """Open ones that nobody decided in time, skipping those that others hold."""
        ...
