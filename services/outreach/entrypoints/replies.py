"""HTTP about replies: mail that comes in (signed), and what a person has to read (staff)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.outreach.application import review_replies
from services.outreach.application.reply_records import Review
from services.outreach.application.take_mail import MAIL_BYTES_MAX, take_mail
from services.outreach.entrypoints.http import Given, require_provider
from shared.events.terms import ArrearsCause, Channel, ReplyIntent
from shared.kernel.money import MINOR_UNITS_MAX
from shared.kernel.refusal import Invalid
from shared.service.staff import Staff, StaffMember

RAW_MAIL = {"requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}}}

mail = APIRouter(prefix="/v1", dependencies=[Depends(require_provider)], tags=["providers"])
staff = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])


class InboundMailAnswer(BaseModel):
    kind: Literal["reply", "automatic", "bounce", "feedback", "unreadable"]
    outcome: str
    reply_id: UUID | None
    intent: str | None
    attachments: int


class Suggestion(BaseModel):
    intent: str
    confidence: Annotated[int, Field(description="basis points")]


class ReviewAnswer(BaseModel):
    review_id: UUID
    reply_id: UUID
    case_id: UUID
    reason: str
    priority: int
    suggestions: list[Suggestion]
    opened_at: datetime
    held_until: datetime | None
    resolved_intent: str | None
    resolved_by: str | None
    resolved_at: datetime | None


class ReviewsAnswer(BaseModel):
    reviews: list[ReviewAnswer]


class ShownReviewAnswer(ReviewAnswer):
    channel: str
    text: str | None = Field(description="what the person wrote; null after erasure")


class ReadingBody(BaseModel):
    """What a person of the staff says the reply means."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    intent: ReplyIntent
    promised_on: date | None = None
    promised_minor_units: Annotated[int | None, Field(ge=1, le=MINOR_UNITS_MAX)] = None
    arrears_cause: ArrearsCause | None = None
    category: Annotated[str | None, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")] = None
    refused_channel: Channel | Literal["this"] | None = None
    release_reason: Annotated[str | None, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")] = Field(
        default=None, description="ends the pause for distress, with this reason; null: it goes on"
    )


class LabelAnswer(BaseModel):
    label_id: UUID
    reply_id: UUID
    read_as: str
    read_by: str
    meant: str
    labelled_at: datetime


class LabelsAnswer(BaseModel):
    labels: list[LabelAnswer]


@mail.post("/inbound-mail", summary="A mail as it came, RFC 5322", openapi_extra=RAW_MAIL)
async def post_inbound_mail(request: Request, resources: Given) -> InboundMailAnswer:
    """The raw bytes. Replies take effect at once, reports of failure settle the attempt; the same twice is once."""
    raw = await request.body()
    if not raw or len(raw) > MAIL_BYTES_MAX:
        raise Invalid("mail_size_wrong", f"1 to {MAIL_BYTES_MAX} bytes")
    answer = await take_mail(resources, raw)
    return InboundMailAnswer.model_validate(answer, from_attributes=True)


@staff.get("/reply-reviews", summary="Replies that a person has to read, the most urgent first")
async def get_reply_reviews(
    resources: Given,
    status: Literal["open", "resolved"] = "open",
    limit: Annotated[int, Query(ge=1, le=review_replies.LIST_MAX)] = 100,
) -> ReviewsAnswer:
    found = await review_replies.list_reviews(resources, is_open=status == "open", limit=limit)
    return ReviewsAnswer(reviews=[review_answer(review) for review in found])


@staff.get("/reply-reviews/{review_id}", summary="One of them, with what the person wrote")
async def get_reply_review(review_id: UUID, resources: Given) -> ShownReviewAnswer:
    shown = await review_replies.show_review(resources, review_id)
    known = review_answer(shown.review).model_dump()
    return ShownReviewAnswer(**known, channel=shown.channel, text=shown.text)


@staff.post("/reply-reviews/{review_id}/resolve", summary="Say what it means; takes effect as any reading")
async def post_reply_review(review_id: UUID, body: ReadingBody, resources: Given, who: StaffMember) -> ReviewAnswer:
    reading = review_replies.Reading(**body.model_dump())
    return review_answer(await review_replies.resolve_review(resources, review_id, reading, who))


@staff.get("/reply-labels", summary="What staff corrected, for the next training: ids and meanings, no text")
async def get_reply_labels(
    resources: Given,
    after: Annotated[UUID | None, Query(description="label_id of the last line of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=review_replies.LIST_MAX)] = 100,
) -> LabelsAnswer:
    found = await review_replies.list_labels(resources, after, limit)
    return LabelsAnswer(labels=[LabelAnswer.model_validate(label, from_attributes=True) for label in found])


def review_answer(review: Review) -> ReviewAnswer:
    values = {name: getattr(review, name) for name in ReviewAnswer.model_fields if name != "suggestions"}
    suggestions = [Suggestion(intent=intent, confidence=confidence) for intent, confidence in review.suggestions]
    return ReviewAnswer(**values, suggestions=suggestions)


router = APIRouter()
router.include_router(mail)
router.include_router(staff)
