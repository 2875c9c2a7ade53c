"""What escalation needs of storage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.escalation_records import (
    InstalmentReminder,
    KeptProof,
    LegalHandover,
    LegalMark,
    Visit,
)
from services.outreach.domain.escalation.proof import ToVisit
from services.outreach.domain.escalation.records import Excuse, History


class Escalations(Protocol):
    """The records that proofs are made of, and the proofs."""

    async def histories(self, case_ids: Collection[UUID]) -> dict[UUID, History]: ...

    async def excuse(self, excuses: Sequence[Excuse]) -> None: ...

    async def keep_proofs(self, proofs: Sequence[KeptProof]) -> None: ...

    async def proof(self, proof_id: UUID) -> KeptProof | None: ...

    async def vulnerable_among(self, case_ids: Collection[UUID]) -> set[UUID]: ...

    async def call_back_at(self, case_id: UUID) -> datetime | None:
        """When the person last asked to be called back, or a note of a call promised it to them."""
        ...


class Visits(Protocol):
    """Field visits. Changed only under the lock of the person's row."""

    async def propose(self, proposed: Sequence[Visit]) -> list[UUID]:
        """Those that were kept; a case with an open visit keeps that one."""
        ...

    async def get(self, visit_id: UUID) -> Visit | None: ...

    async def save(self, visit: Visit) -> None: ...

    async def find(self, *, state: str, region: str | None, after: UUID | None, limit: int) -> list[Visit]: ...

    async def ordered_between(
        self, begins: datetime, ends: datetime, region: str | None, limit: int
    ) -> list[Visit]: ...

    async def overdue(self, before_ordered: datetime, before_started: datetime, limit: int) -> list[Visit]:
        """Ordered and never begun, or begun and never reported; their persons are locked, those others hold skipped."""
        ...

    async def busy(self, visit: Visit) -> bool:
        """Whether somebody of the team is on another visit within the window."""
        ...

    async def reserve(self, visit: Visit, decision_id: UUID, cleared: ToVisit) -> bool:
        """The attempt of the visit, without a lease: a visit is days ahead. False where it is not ours to reserve.

        Raises `NotProven` where the proof is another case's.
        """
        ...

    async def release(self, attempt_id: UUID) -> bool:
        """Take a reserved attempt back; False where it was taken back before or has begun."""
        ...

    async def begin(self, attempt_id: UUID) -> bool:
        """Reserved becomes handed over."""
        ...

    async def token(self, attempt_id: UUID) -> int: ...

    async def notice_sent_at(self, attempt_id: UUID) -> datetime | None:
        """When a notice left; None while it has not, or where it came back."""
        ...

    async def call_off(self, case_ids: Collection[UUID], because: str) -> None:
        """Cancel what has not begun; their reserved attempts are withdrawn by whoever ends the cases."""
        ...

    async def erase(self, person_ids: Collection[UUID]) -> None: ...


class LegalHandovers(Protocol):
    async def prepare(self, prepared: Sequence[LegalHandover]) -> list[UUID]:
        """Those that were kept; a case with an open hand-over keeps that one."""
        ...

    async def get(self, handover_id: UUID) -> LegalHandover | None: ...

    async def save(self, handover: LegalHandover) -> None: ...

    async def call_off(self, case_ids: Collection[UUID], because: str) -> None:
        """Withdraw what is prepared or signed."""
        ...

    async def find(self, *, state: str, after: UUID | None, limit: int) -> list[LegalHandover]: ...

    async def signed_since(self, since: datetime, after: UUID | None, limit: int) -> list[LegalHandover]:
        """Signed at `since` or later, in the order of their signatures, behind `after`."""
        ...

    async def mark(self, marks: Sequence[LegalMark]) -> None:
        """The newest one of a file stays, whatever the order in which they are told; its end stays its end."""
        ...

    async def end_closed(self, legal_ids: Collection[UUID]) -> None:
        """Withdraw the signed hand-overs of files that are closed."""
        ...

    async def marks(self, case_ids: Collection[UUID]) -> list[LegalMark]: ...


class InstalmentReminders(Protocol):
    async def add(self, reminders: Sequence[InstalmentReminder]) -> None:
        """One that is known already stays as it is."""
        ...

    async def claim_due(self, limit: int) -> list[InstalmentReminder]:
        """Due ones whose persons nobody else holds; locks those persons."""
        ...

    async def states(self, reminders: Sequence[InstalmentReminder]) -> Mapping[UUID, str]:
        """attempt -> its state, where there is one."""
        ...

    async def ended_plans(self, plan_ids: Collection[UUID]) -> set[UUID]:
        """Broken, completed or replaced."""
        ...

    async def save(self, reminders: Sequence[InstalmentReminder]) -> None: ...
