"""Rows of the collectors' workbench."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.outreach.domain.call_note import CallNote
from services.outreach.domain.certificates import Standing
from services.outreach.domain.work_queue import Points


@dataclass(frozen=True, slots=True)
class StaffMemberRow:
    """A person or a bot of the staff. `languages`: spoken, the first one is shown in. `capacity`: items at once."""

    staff_id: str
    kind: str
    languages: tuple[str, ...]
    capacity: int
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class CertificateRow:
    certificate_id: UUID
    staff_id: str
    kind: str
    issued_on: date
    valid_until: date
    issued_by: str
    recorded_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revocation_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody of the staff, and whether they may act today."""

    member: StaffMemberRow
    standing: Standing

    @property
    def actor(self) -> str:
        return self.member.kind


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something found to need a person, not in the queue yet."""

    kind: str
    subject_id: UUID
    case_id: UUID
    since_at: datetime
    due_at: datetime | None
    is_vulnerable: bool
    sticky_to: str | None


@dataclass(frozen=True, slots=True)
class NewItem:
    item_id: UUID
    candidate: Candidate
    due_at: datetime
    reasons: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One entry of the queue. `holder`: who works on it, until `held_until` by the machines' clock."""

    item_id: UUID
    kind: str
    subject_id: UUID
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    jurisdiction: str
    language: str
    since_at: datetime
    due_at: datetime
    is_vulnerable: bool
    priority: int
    reasons: tuple[Points, ...]
    holder: str | None
    held_until: datetime | None
    is_held: bool
    sticky_to: str | None
    done_at: datetime | None
    done_by: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """None: any. `after`: the last item of the page before."""

    kind: str | None = None
    language: str | None = None
    jurisdiction: str | None = None
    is_overdue: bool = False
    after: UUID | None = None
    limit: int = 25


@dataclass(frozen=True, slots=True)
class Load:
    """One person's share of the work."""

    staff_id: str
    kind: str
    capacity: int
    held: int
    overdue: int
    done_today: int
    sticky: int


@dataclass(frozen=True, slots=True)
class HandCall:
    """A call that somebody of the staff makes; its attempt is under way until the note settles it."""

    attempt_id: UUID
    token: int
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    contact_point_id: UUID
    staff_id: str
    item_id: UUID | None
    started_at: datetime
    noted_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note as it is stored. `reply_id`: where the borrower's words were taken as a reply."""

    attempt_id: UUID
    case_id: UUID
    person_id: UUID
    staff_id: str
    note: CallNote
    words_sealed: bytes | None
    keep_until: date
    written_at: datetime


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note in the view of the person, its words masked."""

    attempt_id: UUID
    staff_id: str
    outcome: str
    is_right_party: bool | None
    cause: str
    feelings: str
    has_words: bool
    promised_on: date | None
    promised_minor_units: int | None
    next_step: str
    next_at: datetime | None
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A reply in the view of the person, masked."""

    reply_id: UUID
    case_id: UUID
    channel: str
    intent: str
    classified_by: str
    received_at: datetime
    has_text: bool


@dataclass(frozen=True, slots=True)
class Unmasking:
    """Somebody looked at what is masked: who, at what, and why. Never changed."""

    unmasking_id: UUID
    staff_id: str
    subject: str
    subject_id: UUID
    case_id: UUID
    reason: str
    at: datetime
