"""Rows of the desks of complaints and disputes, of alarms, and of the ledger of preferences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.outreach.domain.desk.matter import Kind, Urgency, urgency


@dataclass(frozen=True, slots=True)
class Matter:
    """A complaint or a dispute with everything the desk knows of it. `topic`: category or ground."""

    matter_id: UUID
    kind: Kind
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    jurisdiction: str
    reference: str | None
    request_hash: str | None
    channel: str
    topic: str
    state: str
    complexity: str
    received_at: datetime
    opened_at: datetime
    acknowledge_due_on: date
    answer_due_at: datetime
    summary_until: date | None
    remind_at: datetime | None
    named_staff: str | None = None
    reopens: UUID | None = None
    part_minor_units: int | None = None
    is_written: bool | None = None
    is_timely: bool | None = None
    duplicate_of: UUID | None = None
    reminded_at: datetime | None = None
    assigned_to: str | None = None
    root_cause: str | None = None
    outcome: str | None = None
    redress: tuple[str, ...] = ()
    redress_reference: str | None = None
    corrected_minor_units: int | None = None
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    answer_attempt_id: UUID | None = None
    answer_sent_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None

    def urgency(self, now: datetime) -> Urgency:
        return urgency(self.state, self.answer_due_at, now)


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody did something with a matter. Never changed."""

    step_id: UUID
    matter_id: UUID
    step: str
    detail: str | None
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class SealedPack:
    pack_id: UUID
    subject_id: UUID
    person_id: UUID
    sha256: str
    sealed: bytes
    locked_until: date | None
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class SealedAnswer:
    """`sealed` None: the person has been erased."""

    matter_id: UUID
    person_id: UUID
    language: str
    sha256: str
    sealed: bytes | None
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """Critical conduct that somebody reported; everything about the person is frozen until two people release it."""

    alarm_id: UUID
    reference: str | None
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    category: str
    source: str
    accused: str | None
    raised_by: str
    raised_at: datetime
    mail_at: datetime | None = None
    mail_tries: int = 0
    mailed_at: datetime | None = None
    release_asked_by: str | None = None
    release_asked_at: datetime | None = None
    release_reason: str | None = None
    released_by: str | None = None
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LessonLine:
    """How often a cause was found, and with what finding."""

    kind: str
    root_cause: str
    outcome: str
    matters: int
    last_answered_at: datetime


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """None: any. `is_overdue`: those whose answer is late."""

    kind: str | None = None
    is_open: bool = True
    is_overdue: bool = False
    assigned_to: str | None = None
    case_id: UUID | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class NewPreference:
    """What is to be written into the ledger; `reference` makes the same again the same entry."""

    reference: str | None
    kind: str
    withdraws: UUID | None
    channel: str | None
    contact_point_id: UUID | None
    purpose: str | None
    detail: dict[str, Any]
    begins_at: datetime | None
    ends_at: datetime | None
    source: str
    source_reference: str | None
    proof_reference: str | None
