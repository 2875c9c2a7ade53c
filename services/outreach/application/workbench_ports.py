"""What the workbench needs of the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from services.outreach.application.records import Grievance, PlannedContact, StandingHold
from services.outreach.application.workbench_records import (
    Candidate,
    CertificateRow,
    HandCall,
    KeptNote,
    Load,
    NewItem,
    NoteLine,
    QueueFilter,
    ReplyLine,
    StaffMemberRow,
    Unmasking,
    WorkItem,
)
from services.outreach.domain.work_queue import Points
from shared.kernel.clock import Clock


class StaffRegister(Protocol):
    """People and bots of the staff, and their certificates. Certificates are never changed, only added and revoked."""

    async def save(self, member: StaffMemberRow, at: datetime) -> None: ...

    async def get(self, staff_id: str, *, lock: bool = False) -> StaffMemberRow | None:
        """`lock`: until the transaction ends, so that two claims of one person are counted one after the other."""
        ...

    async def all(self) -> Sequence[StaffMemberRow]: ...

    async def add_certificate(self, certificate: CertificateRow) -> None: ...

    async def certificate(self, certificate_id: UUID) -> CertificateRow | None: ...

    async def revoke(self, certificate_id: UUID, reason: str, by: str, at: datetime) -> bool:
        """False where it was revoked before."""
        ...

    async def certificates(self, staff_id: str | None, limit: int) -> Sequence[CertificateRow]:
        """Of one or of all, those that end last first."""
        ...

    async def journal(self, unmasking: Unmasking) -> None: ...


class WorkQueue(Protocol):
    """What needs a person. Leases run by the database's clock: they guard against somebody who walked away."""

    async def candidates(self, limit: int) -> Sequence[Candidate]:
        """What the other tables hold that needs a person and is not in the queue yet."""
        ...

    async def add(self, items: Sequence[NewItem]) -> int:
        """How many were new: one subject comes into the queue once, and a case has one open item of a kind."""
        ...

    async def stale(self, weighed_before: datetime, limit: int) -> Sequence[WorkItem]: ...

    async def set_reasons(self, reasons: Mapping[UUID, tuple[Points, ...]]) -> None: ...

    async def close_resolved(self, limit: int) -> int:
        """Take out what was settled elsewhere: a hold released, a complaint closed, a case gone."""
        ...

    async def get(self, item_id: UUID) -> WorkItem | None: ...

    async def find(self, wanted: QueueFilter) -> Sequence[WorkItem]:
        """Open items, the most urgent first."""
        ...

    async def count(self, wanted: QueueFilter) -> int: ...

    async def held_by(self, staff_id: str) -> Sequence[WorkItem]: ...

    async def next_for(self, member: StaffMemberRow, wanted: QueueFilter) -> UUID | None:
        """The most urgent item that nobody holds, in a language they speak; theirs by custom come first.

        Locks the row and skips rows that others have locked.
        """
        ...

    async def claim(self, item_id: UUID, staff_id: str, lease_s: float) -> WorkItem | None:
        """None where somebody else holds it, or it is done."""
        ...

    async def release(self, item_id: UUID, staff_id: str) -> bool: ...

    async def finish(self, item_id: UUID, staff_id: str, outcome: str, at: datetime) -> bool:
        """False where they do not hold it, or it is done."""
        ...

    async def loads(self, day_began_at: datetime) -> Sequence[Load]: ...


class HandCalls(Protocol):
    """Calls by hand and the notes on them."""

    async def add(self, call: HandCall) -> None: ...

    async def get(self, attempt_id: UUID, *, lock: bool = False) -> HandCall | None: ...

    async def under_way(self, person_id: UUID) -> HandCall | None: ...

    async def among(self, attempt_ids: Collection[UUID]) -> set[UUID]:
        """Those of the attempts that people make."""
        ...

    async def write_note(self, note: KeptNote) -> None: ...

    async def note(self, attempt_id: UUID) -> KeptNote | None: ...

    async def unsaid(self, limit: int) -> Sequence[KeptNote]:
        """Notes with a borrower's words or promise that are not taken as a reply yet."""
        ...

    async def mark_said(self, attempt_id: UUID) -> None: ...


class PersonViews(Protocol):
    """What one page about a person shows, within one creditor."""

    async def case_ids(self, person_id: UUID, creditor_id: UUID) -> list[UUID]: ...

    async def plan(self, case_id: UUID) -> PlannedContact | None:
        """Where the case stands on its ladder, read without a lock."""
        ...

    async def plans(self, case_ids: Collection[UUID]) -> dict[UUID, int]:
        """Case -> 0 kept, 1 over, of its newest agreed plan."""
        ...

    async def holds(self, case_ids: Collection[UUID]) -> Sequence[StandingHold]: ...

    async def grievances(self, case_ids: Collection[UUID]) -> Sequence[tuple[str, Grievance]]:
        """(complaint | dispute, it), open ones."""
        ...

    async def replies(self, case_ids: Collection[UUID], limit: int) -> Sequence[ReplyLine]: ...

    async def sealed_reply(self, reply_id: UUID) -> tuple[UUID, UUID, bytes | None] | None:
        """(case, person, sealed text)."""
        ...

    async def notes(self, case_ids: Collection[UUID], limit: int) -> Sequence[NoteLine]: ...

    async def sealed_note(self, attempt_id: UUID) -> tuple[UUID, UUID, bytes | None] | None: ...


class SignInLimit(Protocol):
    """Slows down guessing. Raises `Overloaded`."""

    def check(self, who: str) -> None: ...

    def note_failure(self, who: str) -> None: ...


class CallScripts(Protocol):
    """The guided conversation."""

    def steps(self, situation: str, language: str, variables: Mapping[str, Any]) -> Sequence[ScriptStep]: ...


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """`title` and `hint` speak to the collector, `say` is read out."""

    code: str
    title: str
    hint: str
    say: str


@dataclass(frozen=True, slots=True)
class WorkbenchAccess:
    """How the workbench knows its people, and how it behaves. `wall`: a session lasts hours of the machine's clock."""

    session_secret: bytes
    wall: Clock
    sign_ins: SignInLimit
    cookies_need_https: bool
    calls_by_hand: bool
    scripts: CallScripts
    agency: Mapping[str, str]
    complaints_address: str


def day_of(at: datetime) -> date:
    """The business day certificates are read by: UTC, because one person works for people in many zones."""
    return at.date()
