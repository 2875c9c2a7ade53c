"""What is kept of cases and people: files, contact plans, holds, replies, complaints and disputes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.records import (
    CaseKey,
    Grievance,
    KeptReply,
    NewCase,
    NewHold,
    NewReply,
    PlannedContact,
    StandingHold,
)
from services.outreach.domain.case_file import Balance, CaseFile, ContactPoint
from services.outreach.domain.gate.facts import InconvenientTime


class CaseFiles(Protocol):
    """Cases. Their persons are locked before anything is changed."""

    async def open(self, cases: Sequence[NewCase]) -> None:
        """Make the files; the persons are there already."""
        ...

    async def lock(self, case_ids: Collection[UUID]) -> dict[UUID, CaseKey]:
        """Lock the persons of these cases, in one order, until the transaction ends; unknown cases are absent."""
        ...

    async def load(self, case_ids: Collection[UUID], *, without: Collection[UUID] = ()) -> dict[UUID, CaseFile]:
        """`without`: attempts that are about to be decided upon, and are no contacts yet."""
        ...

    async def open_among(self, case_ids: Collection[UUID]) -> set[UUID]:
        """Those that are neither recalled nor closed."""
        ...

    async def set_balances(self, balances: Sequence[tuple[UUID, Balance, datetime, UUID]]) -> None:
        """(case, balance, occurred_at, event_id): an older fact never overwrites a newer one."""
        ...

    async def set_treatment(self, treatments: Sequence[tuple[UUID, str, bool]]) -> None:
        """(case, strategy, is_vulnerable)."""
        ...

    async def set_status(self, case_ids: Collection[UUID], status: str) -> None:
        """Only an open case changes its status."""
        ...

    async def set_offer(self, offers: Mapping[UUID, datetime]) -> None: ...

    async def follow_plans(self, states: Sequence[tuple[UUID, UUID, int]]) -> None:
        """(plan, case, 0 kept | 1 over): the state only rises."""
        ...


class Persons(Protocol):
    """The people behind the cases: how they can be reached, what they refused, what they asked for."""

    async def add(self, points: Mapping[UUID, Sequence[ContactPoint]], as_of: Mapping[UUID, datetime]) -> None:
        """Persons with what is known of them at that moment; points known from a later moment stay as they are."""
        ...

    async def cases_of(self, person_ids: Collection[UUID]) -> dict[UUID, list[UUID]]: ...

    async def replace_points(
        self, points: Mapping[UUID, Sequence[ContactPoint]], as_of: Mapping[UUID, datetime]
    ) -> None:
        """The whole current contact points of persons; one found wrong stays wrong. Unknown persons are made."""
        ...

    async def add_opt_out(self, person_id: UUID, channel: str, contact_point_id: UUID | None, at: datetime) -> None: ...

    async def mark_wrong(self, contact_point_id: UUID) -> None: ...

    async def mark_represented(self, person_id: UUID) -> None: ...

    async def set_inconvenient_times(self, person_id: UUID, times: Sequence[InconvenientTime]) -> None: ...

    async def erase(self, person_ids: Collection[UUID]) -> None:
        """Forget contact points, refusals' targets and what was written."""
        ...


class ContactPlans(Protocol):
    """What comes next for each case."""

    async def claim_due(self, limit: int) -> list[PlannedContact]:
        """Due plans whose persons nobody else holds; locks those persons. Empty where nothing is due."""
        ...

    async def load(self, case_ids: Collection[UUID]) -> dict[UUID, PlannedContact]:
        """Locks the rows: an attempt may be settled meanwhile, by somebody who holds no person."""
        ...

    async def save(self, plans: Sequence[PlannedContact]) -> None: ...

    async def save_after(self, plans: Sequence[PlannedContact], attempts: Sequence[UUID]) -> None:
        """Save what follows an attempt, but only where that attempt is still the one in hand."""
        ...

    async def wake(self, case_ids: Collection[UUID], at: datetime) -> None:
        """Ask again for cases that wait for something to change."""
        ...

    async def postpone(self, case_ids: Mapping[UUID, datetime]) -> None:
        """Not before that moment; what waits or is later already stays as it is."""
        ...

    async def end(self, case_ids: Collection[UUID]) -> None:
        """No contact is planned any more."""
        ...


class Holds(Protocol):
    async def apply(self, holds: Sequence[NewHold], at: datetime) -> list[StandingHold]:
        """The holds that are new. One of the kind that stands already is prolonged and is not new."""
        ...

    async def release(self, hold_ids: Collection[UUID], reason: str, at: datetime) -> list[StandingHold]: ...

    async def standing(self, case_id: UUID, kind: str) -> StandingHold | None: ...

    async def get(self, hold_id: UUID) -> StandingHold | None: ...

    async def expired(self, limit: int) -> list[StandingHold]:
        """Holds whose time is over; locks their persons, skips those that somebody else holds."""
        ...


class Replies(Protocol):
    async def add(self, reply: NewReply) -> KeptReply | None:
        """None where it is new; else the reply that already has this reference."""
        ...

    async def find(self, reply_references: Collection[str]) -> dict[str, KeptReply]: ...


class Grievances(Protocol):
    """Complaints or disputes."""

    async def open(self, grievance: Grievance, reply_id: UUID | None) -> None: ...

    async def get(self, grievance_id: UUID) -> Grievance | None: ...

    async def close(self, grievance_id: UUID, outcome: str, at: datetime) -> Grievance | None:
        """The grievance as it is now; None where there was nothing open to close."""
        ...

    async def find(self, *, is_open: bool, limit: int) -> Sequence[Grievance]: ...

    async def open_count(self, case_id: UUID) -> int: ...
