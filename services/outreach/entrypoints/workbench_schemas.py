"""Bodies of the workbench's HTTP interface: closed, bounded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.outreach.application.certify_staff import MemberStanding
from services.outreach.application.workbench_records import CertificateRow, HandCall, KeptNote, Load, WorkItem
from services.outreach.domain.call_note import WORDS_MAX, CallNote, Promise
from shared.events.terms import ArrearsCause, Language
from shared.service.staff import STAFF_ID_PATTERN

Reason = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
StaffId = Annotated[str, Field(pattern=STAFF_ID_PATTERN)]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class MemberBody(_Closed):
    staff_id: StaffId
    kind: Literal["human", "bot"]
    languages: Annotated[list[Language], Field(min_length=1, max_length=2)]
    capacity: Annotated[int, Field(ge=1, le=200)] = 10
    is_active: bool = True


class MemberAnswer(BaseModel):
    staff_id: str
    kind: str
    languages: list[str]
    capacity: int
    is_active: bool
    certified_until: date | None
    lacks: list[str]
    expires_soon: bool


class MembersAnswer(BaseModel):
    staff_members: list[MemberAnswer]


class CertificateBody(_Closed):
    staff_id: StaffId
    kind: Literal["training", "ethics", "yearly_exam"]
    issued_on: date
    valid_until: date


class RevocationBody(_Closed):
    reason: Reason


class CertificateAnswer(BaseModel):
    certificate_id: UUID
    staff_id: str
    kind: str
    issued_on: date
    valid_until: date
    issued_by: str
    recorded_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    revocation_reason: str | None


class CertificatesAnswer(BaseModel):
    as_of: date
    certificates: list[CertificateAnswer]


class PointsAnswer(BaseModel):
    reason: str
    points: int


class ItemAnswer(BaseModel):
    item_id: UUID
    kind: str
    case_id: UUID
    language: str
    jurisdiction: str
    since_at: datetime
    due_at: datetime
    priority: int
    reasons: list[PointsAnswer]
    holder: str | None
    done_at: datetime | None
    outcome: str | None


class QueueAnswer(BaseModel):
    total: int
    items: list[ItemAnswer]
    next_after: UUID | None


class OutcomeBody(_Closed):
    outcome: Literal["handled", "no_action", "escalated"]


class LoadAnswer(BaseModel):
    staff_id: str
    kind: str
    capacity: int
    held: int
    overdue: int
    done_today: int
    sticky: int


class LoadsAnswer(BaseModel):
    loads: list[LoadAnswer]


class CallBody(_Closed):
    contact_point_id: UUID
    item_id: UUID | None = None
    opening: Annotated[str, Field(max_length=400)] | None = Field(
        default=None, description="what a bot says first; it begins with the sentence that it is a machine"
    )


class CallAnswer(BaseModel):
    attempt_id: UUID
    case_id: UUID
    started_at: datetime


class SendAnswer(BaseModel):
    attempt_id: UUID


class PromiseBody(_Closed):
    on: date
    minor_units: Annotated[int, Field(gt=0, le=10**12)]


class NoteBody(_Closed):
    outcome: Literal["conversation", "no_answer", "not_connected", "failed"]
    is_right_party: bool | None = None
    cause: ArrearsCause = "unknown"
    feelings: Literal["calm", "worried", "sad", "angry", "ashamed", "distressed", "unclear"] = "unclear"
    words: Annotated[str, Field(max_length=WORDS_MAX)] = ""
    promise: PromiseBody | None = None
    is_confirmed_back: bool = False
    next_step: Literal["none", "call_back", "send_offer", "hand_over"] = "none"
    next_at: AwareDatetime | None = None
    recording: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,128}$")] | None = Field(
        default=None, description="the recorder's own reference"
    )

    def note(self) -> CallNote:
        promise = Promise(self.promise.on, self.promise.minor_units) if self.promise else None
        values = self.model_dump(exclude={"promise", "words"})
        return CallNote(**values, words=self.words.strip(), promise=promise)


class NoteAnswer(BaseModel):
    attempt_id: UUID
    outcome: str
    keep_until: date
    written_at: datetime


def member_answer(found: MemberStanding) -> MemberAnswer:
    member, stands = found.member, found.standing
    return MemberAnswer(
        staff_id=member.staff_id,
        kind=member.kind,
        languages=list(member.languages),
        capacity=member.capacity,
        is_active=member.is_active,
        certified_until=stands.valid_until,
        lacks=list(stands.lacks),
        expires_soon=found.expires_soon,
    )


def certificate_answer(row: CertificateRow) -> CertificateAnswer:
    return CertificateAnswer.model_validate({name: getattr(row, name) for name in CertificateAnswer.model_fields})


def item_answer(item: WorkItem) -> ItemAnswer:
    values = {name: getattr(item, name) for name in ItemAnswer.model_fields if name not in ("reasons", "holder")}
    reasons = [PointsAnswer(reason=entry.reason, points=entry.points) for entry in item.reasons]
    return ItemAnswer(**values, reasons=reasons, holder=item.holder if item.is_held else None)


def load_answer(load: Load) -> LoadAnswer:
    return LoadAnswer.model_validate({name: getattr(load, name) for name in LoadAnswer.model_fields})


def call_answer(call: HandCall) -> CallAnswer:
    return CallAnswer(attempt_id=call.attempt_id, case_id=call.case_id, started_at=call.started_at)


def note_answer(note: KeptNote) -> NoteAnswer:
    return NoteAnswer(
        attempt_id=note.attempt_id,
        outcome=note.note.outcome,
        keep_until=note.keep_until,
        written_at=note.written_at,
    )
