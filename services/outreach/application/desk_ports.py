"""What the desks need of storage, and of the world for an alarm."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.outreach.application.desk_records import (
    Alarm,
    LessonLine,
    Matter,
    MatterFilter,
    SealedAnswer,
    SealedPack,
    Step,
)
from services.outreach.domain.desk.deadlines import Calendars, Terms
from services.outreach.domain.preferences import Entry


class Matters(Protocol):
    """Complaints and disputes as the desk works on them."""

    async def add(self, matter: Matter) -> None: ...

    async def get(self, matter_id: UUID) -> Matter | None: ...

    async def by_reference(self, reference: str) -> Matter | None: ...

    async def save(self, matter: Matter) -> None:
        """Everything that the work on it changes."""
        ...

    async def find(self, wanted: MatterFilter) -> Sequence[Matter]:
        """The one due first first; closed ones, the newest first."""
        ...

    async def answered_like(self, case_id: UUID, kind: str, topic: str) -> Matter | None:
        """The newest answered one of the same case about the same."""
        ...

    async def note(self, step: Step) -> None: ...

    async def steps(self, matter_id: UUID) -> Sequence[Step]: ...

    async def due_reminders(self, limit: int) -> Sequence[Matter]:
        """Locked; those that somebody else holds are left out."""
        ...

    async def overdue_count(self) -> Mapping[str, int]: ...

    async def lessons(self) -> Sequence[LessonLine]: ...


class Evidence(Protocol):
    """What is known about a case at a moment, and the sealed packs made of it."""

    async def collect(
        self, case_id: UUID, person_id: UUID, staff: Collection[str], limit: int
    ) -> dict[str, list[dict[str, Any]]]: ...

    async def keep(self, pack: SealedPack) -> None: ...

    async def packs_of(self, subject_id: UUID) -> Sequence[SealedPack]: ...

    async def keep_answer(self, answer: SealedAnswer) -> None: ...

    async def answer_of(self, matter_id: UUID) -> SealedAnswer | None: ...


class Alarms(Protocol):
    async def add(self, alarm: Alarm) -> None: ...

    async def get(self, alarm_id: UUID, *, lock: bool = False) -> Alarm | None: ...

    async def by_reference(self, reference: str) -> Alarm | None: ...

    async def save(self, alarm: Alarm) -> None: ...

    async def standing_for(self, person_ids: Collection[UUID]) -> set[UUID]:
        """The persons that an alarm stands for."""
        ...

    async def find(self, *, is_standing: bool, limit: int) -> Sequence[Alarm]: ...

    async def due_mail(self, limit: int) -> Sequence[Alarm]:
        """Locked; those that somebody else holds are left out."""
        ...

    async def take_work_back(self, staff_id: str) -> int:
        """What somebody holds of the queue goes back into it."""
        ...


class Preferences(Protocol):
    """The ledger. Nothing in it is changed."""

    async def add(self, person_id: UUID, entry: Entry, reference: str | None, request_hash: str | None) -> None: ...

    async def of(self, person_id: UUID) -> Sequence[Entry]: ...

    async def recorded(self, reference: str) -> tuple[UUID, str | None, Entry] | None:
        """(person, request hash, entry)."""
        ...

    async def lock(self, person_id: UUID) -> bool:
        """False: there is no such person."""
        ...

    async def begin_refusals(self, person_id: UUID, opt_outs: Collection[tuple[str, UUID | None]]) -> None:
        """(channel, contact point): they stand where the gate looks for them."""
        ...

    async def end_refusals(self, person_id: UUID, opt_outs: Collection[tuple[str, UUID | None]]) -> None: ...

    async def is_represented_elsewhere(self, person_id: UUID, *, is_represented: bool) -> None:
        """What a reply said of a lawyer, corrected by the ledger."""
        ...


class AlarmMail(Protocol):
    """Tells the creditor's and the authorities' addresses that an alarm was raised: ids and category only."""

    @property
    def has_recipients(self) -> bool: ...

    async def send(self, alarms: Sequence[Alarm]) -> set[UUID]:
        """Those that every recipient's server has taken. Never raises; bounded in time."""
        ...


@dataclass(frozen=True)
class Desks:
    """What the desks are given."""

    terms: Terms
    calendars: Calendars
    alarm_mail: AlarmMail
    service_secret: bytes
    """Signs what the borrower's pages ask."""
    check_page: str
    """Where anybody checks the code of an answer."""
