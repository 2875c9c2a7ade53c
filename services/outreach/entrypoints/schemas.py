"""The bodies of the HTTP interface: closed, bounded."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.outreach.application.records import ContactLine, Grievance, StandingHold
from services.outreach.application.take_replies import IncomingReply, ReplyAnswer
from services.outreach.domain.gate.facts import InconvenientTime
from services.outreach.domain.replies.meaning import TEXT_LENGTH_MAX
from shared.events.terms import Channel, HoldKind

BATCH_MAX = 1_000


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SenderBody(_Closed):
    kind: Literal["email", "mobile"]
    value: Annotated[str, Field(min_length=1, max_length=254)]


class ReplyBody(_Closed):
    """A message of a borrower, as the provider brings it."""

    reply_reference: Annotated[str, Field(min_length=1, max_length=128, description="the provider's own id, unique")]
    channel: Channel
    in_reply_to: UUID | None = None
    case_id: UUID | None = None
    sender: SenderBody | None = Field(default=None, alias="from")
    text: Annotated[str, Field(max_length=TEXT_LENGTH_MAX)]
    received_at: AwareDatetime

    def incoming(self) -> IncomingReply:
        return IncomingReply(
            reply_reference=self.reply_reference,
            channel=self.channel,
            in_reply_to=self.in_reply_to,
            case_id=self.case_id,
            sender_kind=self.sender.kind if self.sender else None,
            sender_value=self.sender.value if self.sender else None,
            text=self.text,
            received_at=self.received_at,
        )


class RepliesBody(_Closed):
    replies: Annotated[list[ReplyBody], Field(min_length=1, max_length=BATCH_MAX)]


class ReceiptBody(_Closed):
    attempt_id: UUID
    status: Literal["delivered", "failed", "conversation", "no_answer", "not_connected"]
    at: AwareDatetime


class ReceiptsBody(_Closed):
    receipts: Annotated[list[ReceiptBody], Field(min_length=1, max_length=BATCH_MAX)]


class HoldBody(_Closed):
    kind: HoldKind
    until: AwareDatetime | None = Field(default=None, description="null: the kind's own time, or until it is released")


class ReleaseBody(_Closed):
    reason: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")] = "released_by_staff"


class ComplaintOutcomeBody(_Closed):
    outcome: Literal["upheld", "partly_upheld", "not_upheld", "withdrawn"]


class DisputeOutcomeBody(_Closed):
    outcome: Literal["debt_verified", "debt_corrected", "debt_withdrawn", "withdrawn"]


class InconvenientTimeBody(_Closed):
    """Days are 0 (Monday) to 6 (Sunday); times are by the person's own clock."""

    days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]
    begins: time = time(0)
    ends: time | None = Field(default=None, description="null: the end of the day")
    last_on: date | None = None

    def as_fact(self) -> InconvenientTime:
        return InconvenientTime(tuple(sorted(set(self.days))), self.begins, self.ends, self.last_on)


class PreferencesBody(_Closed):
    inconvenient_times: Annotated[list[InconvenientTimeBody], Field(max_length=20)]


class ReplyAnswerBody(BaseModel):
    reply_reference: str
    reply_id: UUID | None = None
    intent: str | None = None
    errors: list[dict[str, str]] | None = None


class RepliesAnswer(BaseModel):
    replies: list[ReplyAnswerBody]


class ReceiptsAnswer(BaseModel):
    accepted: int
    unknown: list[UUID]


class HoldAnswer(BaseModel):
    hold_id: UUID
    case_id: UUID
    kind: str
    until: datetime | None


class ComplaintAnswer(BaseModel):
    complaint_id: UUID
    case_id: UUID
    category: str
    opened_at: datetime
    answer_due_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


class ComplaintsAnswer(BaseModel):
    complaints: list[ComplaintAnswer]


class DisputeAnswer(BaseModel):
    dispute_id: UUID
    case_id: UUID
    ground: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None


class DisputesAnswer(BaseModel):
    disputes: list[DisputeAnswer]


class ContactAnswer(BaseModel):
    at: datetime
    kind: Literal["attempt", "denial", "withdrawn"]
    channel: str
    rung: str
    contact_point_id: UUID | None
    decision_id: UUID
    verdict: str
    rules: list[dict[str, str]]
    until: datetime | None
    attempt_id: UUID | None
    outcome: str | None
    facts_hash: str
    pack_hash: str
    packs: list[str]


class ContactsAnswer(BaseModel):
    case_id: UUID
    contacts: list[ContactAnswer]


def reply_answer(answer: ReplyAnswer) -> ReplyAnswerBody:
    if answer.kept is not None:
        return ReplyAnswerBody(
            reply_reference=answer.reply_reference, reply_id=answer.kept.reply_id, intent=answer.kept.intent
        )
    errors = [{"code": r.code, "pointer": r.pointer, "detail": r.message} for r in answer.reasons]
    return ReplyAnswerBody(reply_reference=answer.reply_reference, errors=errors)


def hold_answer(hold: StandingHold) -> HoldAnswer:
    return HoldAnswer(hold_id=hold.hold_id, case_id=hold.case_id, kind=hold.kind, until=hold.until)


def complaint_answer(complaint: Grievance) -> ComplaintAnswer:
    return ComplaintAnswer(
        complaint_id=complaint.id,
        case_id=complaint.case_id,
        category=complaint.topic,
        opened_at=complaint.opened_at,
        answer_due_at=complaint.answer_due_at,
        closed_at=complaint.closed_at,
        outcome=complaint.outcome,
    )


def dispute_answer(dispute: Grievance) -> DisputeAnswer:
    return DisputeAnswer(
        dispute_id=dispute.id,
        case_id=dispute.case_id,
        ground=dispute.topic,
        opened_at=dispute.opened_at,
        closed_at=dispute.closed_at,
        outcome=dispute.outcome,
    )


def contact_answer(line: ContactLine) -> ContactAnswer:
    values: dict[str, Any] = {name: getattr(line, name) for name in ContactAnswer.model_fields}
    return ContactAnswer.model_validate({**values, "rules": list(line.rules), "packs": list(line.packs)})
