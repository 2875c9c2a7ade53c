"""Bodies of the desks: closed, bounded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.outreach.application.answer_matters import Answer
from services.outreach.application.desk_records import Alarm, Matter
from services.outreach.application.open_matters import Opening
from services.outreach.application.work_matters import ShownMatter
from services.outreach.domain.desk.matter import Category, Ground, Kind, Way
from shared.service.staff import STAFF_ID_PATTERN

REFERENCE = Field(
    pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}$", description="the sender's own; makes the same again the same one"
)
Reference = Annotated[str, REFERENCE]
StaffId = Annotated[str, Field(pattern=STAFF_ID_PATTERN)]
AlarmCategory = Literal["detention", "violence", "threats", "harassment", "third_party_disclosure", "impersonation"]
OwnWords = Annotated[str, Field(min_length=1, max_length=4_000)]
PartMinorUnits = Annotated[int, Field(ge=1, le=9_007_199_254_740_991)]


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ComplaintBody(Closed):
    """What came in by another way than a reply. Its words stay with whoever took them; here are ids and codes."""

    case_id: UUID
    reference: Reference
    category: Category
    channel: Way
    received_at: AwareDatetime = Field(description="when it came, not when it is typed in; starts the clock")
    named_staff: StaffId | None = Field(default=None, description="who is complained about, if somebody is named")

    def opening(self, who: str, request_hash: str) -> Opening:
        return Opening(
            kind="complaint",
            topic=self.category,
            channel=self.channel,
            received_at=self.received_at,
            recorded_by=who,
            reference=self.reference,
            request_hash=request_hash,
            named_staff=self.named_staff,
        )


class DisputeBody(Closed):
    case_id: UUID
    reference: Reference
    ground: Ground
    channel: Way
    received_at: AwareDatetime
    part_minor_units: PartMinorUnits | None = Field(default=None, description="the disputed part; null: all of it")
    period_ends_on: date | None = Field(
        default=None, description="last day of the validation period (12 CFR 1006.34(b)(5)), where there is one"
    )
    has_new_material: bool = Field(default=False, description="brings something that the last one did not")

    def opening(self, who: str, request_hash: str) -> Opening:
        ends_on = self.period_ends_on
        return Opening(
            kind="dispute",
            topic=self.ground,
            channel=self.channel,
            received_at=self.received_at,
            recorded_by=who,
            reference=self.reference,
            request_hash=request_hash,
            part_minor_units=self.part_minor_units,
            # The last day is still in time (1006.38(a)(2)); the day of receipt is read as it was written down.
            is_timely=None if ends_on is None else self.received_at.date() <= ends_on,
            has_new_material=self.has_new_material,
        )


class AssignBody(Closed):
    to: StaffId


class ExtensionBody(Closed):
    complexity: Literal["complex", "specially_complex"]
    approved_by: StaffId = Field(description="somebody else than X-Staff-Id")


class AnswerBody(Closed):
    outcome: Literal[
        "upheld",
        "partly_upheld",
        "not_upheld",
        "withdrawn",
        "debt_verified",
        "debt_corrected",
        "debt_withdrawn",
    ]
    words: Annotated[str, Field(max_length=4_000, description="to the person, in their language; kept sealed")] = ""
    root_cause: (
        Literal[
            "staff_conduct",
            "wording",
            "frequency",
            "timing",
            "wrong_contact_point",
            "data_error",
            "lender_error",
            "process",
            "system",
            "misunderstanding",
            "none_found",
        ]
        | None
    ) = None
    redress: Annotated[list[Literal["apology", "correction", "money", "stop"]], Field(max_length=4)] = []
    redress_reference: Reference | None = Field(default=None, description="of the payment that makes good the money")
    corrected_minor_units: Annotated[int, Field(ge=0, le=9_007_199_254_740_991)] | None = None

    def answer(self) -> Answer:
        return Answer(
            self.outcome,
            self.words,
            self.root_cause,
            tuple(dict.fromkeys(self.redress)),
            self.redress_reference,
            self.corrected_minor_units,
        )


class SendBody(Closed):
    channel: Literal["letter", "email"] = "letter"


class ReopenBody(Closed):
    channel: Way


class MatterAnswer(BaseModel):
    """A complaint or a dispute. `urgency`: in_time, soon, overdue, done."""

    matter_id: UUID
    kind: Kind
    case_id: UUID
    creditor_id: UUID
    jurisdiction: str
    reference: str | None
    channel: str
    topic: str
    state: str
    urgency: str
    complexity: str
    received_at: datetime
    opened_at: datetime
    acknowledge_due_on: date
    answer_due_at: datetime
    summary_until: date | None
    reminded_at: datetime | None
    assigned_to: str | None
    named_staff: str | None
    reopens: UUID | None
    part_minor_units: int | None
    is_written: bool | None
    is_timely: bool | None
    duplicate_of: UUID | None
    root_cause: str | None
    outcome: str | None
    redress: list[str]
    redress_reference: str | None
    corrected_minor_units: int | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None
    answer_sent_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None


class MattersAnswer(BaseModel):
    matters: list[MatterAnswer]


class StepAnswer(BaseModel):
    step: str
    detail: str | None
    taken_by: str
    taken_at: datetime


class PackAnswer(BaseModel):
    pack_id: UUID
    sha256: str
    taken_at: datetime
    locked_until: date | None


class ShownAnswer(MatterAnswer):
    steps: list[StepAnswer]
    evidence: list[PackAnswer]
    answer_sha256: str | None


class LessonAnswer(BaseModel):
    kind: str
    root_cause: str
    outcome: str
    matters: int
    last_answered_at: datetime


class LessonsAnswer(BaseModel):
    lessons: list[LessonAnswer]


class AlarmBody(Closed):
    case_id: UUID
    category: AlarmCategory
    reference: Reference | None = None
    accused: StaffId | None = Field(default=None, description="who is named; their certificates end at once")


class BecauseBody(Closed):
    reason: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{2,63}$", description="a code, no text about a person")]


class AlarmAnswer(BaseModel):
    alarm_id: UUID
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    category: str
    source: str
    accused: str | None
    raised_by: str
    raised_at: datetime
    mailed_at: datetime | None
    release_asked_by: str | None
    release_reason: str | None
    released_by: str | None
    released_at: datetime | None


class AlarmsAnswer(BaseModel):
    alarms: list[AlarmAnswer]


class PortalComplaintBody(Closed):
    reference: Reference
    category: Category
    words: OwnWords | None = Field(default=None, repr=False)


class PortalDisputeBody(Closed):
    reference: Reference
    ground: Ground
    words: OwnWords | None = Field(default=None, repr=False)
    part_minor_units: PartMinorUnits | None = None


class OwnAlarmBody(Closed):
    reference: Reference
    category: AlarmCategory


class OwnAlarm(BaseModel):
    alarm_id: UUID
    category: str
    raised_at: datetime


class OwnMatter(BaseModel):
    """What a person sees of their own complaint or dispute."""

    matter_id: UUID
    kind: Kind
    topic: str
    state: str
    received_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    outcome: str | None


class OwnMatters(BaseModel):
    matters: list[OwnMatter]


def matter_answer(matter: Matter, now: datetime) -> MatterAnswer:
    return MatterAnswer.model_validate(_values(matter, now))


def shown_answer(shown: ShownMatter, now: datetime) -> ShownAnswer:
    return ShownAnswer.model_validate(
        {
            **_values(shown.matter, now),
            "steps": [StepAnswer.model_validate(step, from_attributes=True) for step in shown.steps],
            "evidence": [PackAnswer.model_validate(pack, from_attributes=True) for pack in shown.packs],
            "answer_sha256": shown.answer.sha256 if shown.answer is not None else None,
        }
    )


def alarm_answer(alarm: Alarm) -> AlarmAnswer:
    return AlarmAnswer.model_validate(alarm, from_attributes=True)


def own_matter(matter: Matter) -> OwnMatter:
    return OwnMatter.model_validate(matter, from_attributes=True)


def _values(matter: Matter, now: datetime) -> dict[str, Any]:
    names = set(MatterAnswer.model_fields) - {"urgency"}
    return {name: getattr(matter, name) for name in names} | {
        "urgency": matter.urgency(now),
        "redress": list(matter.redress),
    }
