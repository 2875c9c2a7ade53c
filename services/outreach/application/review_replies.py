"""Replies that nobody but a person may read: list them, show one, resolve it with the effects of any reading.

Table `reply_reviews`. While an unread reply waits, its case is held (`verification`) until somebody has looked, for two
days at most. What staff say a reply meant is kept as a label for the next training: ids and intents, never the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.outreach.application.apply_holds import end_holds
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import CaseKey
from services.outreach.application.reply_records import Label, Review, SealedReply
from services.outreach.application.take_effect import ReadReply, take_effect
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.replies.meaning import DISTRESS, Meaning
from services.outreach.domain.replies.reading import read_by_staff
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotFound

LIST_MAX = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person says a reply means. Only what the intent needs is looked at."""

    intent: str
    promised_on: date | None = None
    promised_minor_units: int | None = None
    arrears_cause: str | None = None
    category: str | None = None
    refused_channel: str | None = None
    release_reason: str | None = None
    """Why the pause for somebody in distress may end, once a person has looked; None: it goes on."""


@dataclass(frozen=True, slots=True)
class ShownReview:
    """A review with the reply; `text` None: it has been erased."""

    review: Review
    channel: str
    text: str | None


async def list_reviews(resources: Resources, *, is_open: bool, limit: int) -> Sequence[Review]:
    """Without any text: distress first, then the oldest."""
    async with resources.begin() as work:
        return await work.reviews.find(is_open=is_open, limit=min(limit, LIST_MAX))


async def show_review(resources: Resources, review_id: UUID) -> ShownReview:
    async with resources.begin() as work:
        review = await _wanted(work, review_id)
        reply = await _reply(work, review)
    text = resources.sealer.open(reply.person_id, reply.text_sealed) if reply.text_sealed is not None else None
    return ShownReview(review, reply.channel, text)


async def resolve_review(resources: Resources, review_id: UUID, reading: Reading, by: str) -> Review:
    """The same reading twice is the same as once; another one after that is a conflict."""
    async with resources.begin() as work:
        review = await _wanted(work, review_id)
        if review.resolved_at is not None:
            if review.resolved_intent != reading.intent:
                raise Conflict("review_resolved", "somebody has read this reply already, as something else")
            return review
        if reading.release_reason is not None and review.reason != DISTRESS:
            raise Invalid("release_unfounded", "only the pause that a cry for help brought about ends with its review")
        keys = await work.files.lock([review.case_id])
        file = (await work.files.load([review.case_id]))[review.case_id]
        meaning = read_by_staff(reading.intent, reading.category, reading.arrears_cause, reading.refused_channel)
        if reading.promised_on is not None and reading.promised_on < file.business_date(work.now):
            raise Invalid("promise_past", "the promised day is over")
        if reading.intent == "promise":
            meaning = replace(
                meaning, promised_on=reading.promised_on, promised_minor_units=reading.promised_minor_units
            )
        reply = await _reply(work, review)
        await _settle(work, review, reply, reading.intent, by)
        if reading.release_reason is not None:
            await _release_distress(work, review, reading.release_reason)
        if review.held_until is not None or reading.intent not in (reply.intent, "other"):
            await _take_effect(resources, work, reply, keys[review.case_id], file, meaning)
        await work.commit()
        return replace(review, resolved_intent=reading.intent, resolved_by=by, resolved_at=work.now)


async def list_labels(resources: Resources, after: UUID | None, limit: int) -> Sequence[Label]:
    """For whoever trains next: which replies were read as what, and what they meant."""
    async with resources.begin() as work:
        return await work.reviews.labels(after, limit)


async def _wanted(work: Work, review_id: UUID) -> Review:
    review = await work.reviews.get(review_id)
    if review is None:
        raise NotFound("review_unknown", "there is no such review")
    return review


async def _reply(work: Work, review: Review) -> SealedReply:
    reply = await work.reviews.reply(review.reply_id)
    assert reply is not None, "a review is opened together with its reply"
    return reply


async def _settle(work: Work, review: Review, reply: SealedReply, intent: str, by: str) -> None:
    """Close it, keep the label, and end the hold that only this review stood for."""
    await work.reviews.resolve(review.review_id, intent, by, work.now)
    await work.reviews.label(Label(new_id(), review.reply_id, reply.intent, review.read_by, intent, by, work.now))
    if review.held_until is None:
        return
    hold = await work.holds.standing(review.case_id, "verification")
    others = [other for other in await work.reviews.open_on(review.case_id) if other.held_until is not None]
    # A longer hold of the same kind has another reason, "I have paid" for one: it stays.
    if hold is not None and hold.until is not None and hold.until <= review.held_until and not others:
        await end_holds(work, [hold], "reply_read")


async def _release_distress(work: Work, review: Review, reason: str) -> None:
    """Only by a person, only with a reason, and not while another cry for help on the case waits to be read."""
    others = [other for other in await work.reviews.open_on(review.case_id) if other.reason == DISTRESS]
    hold = await work.holds.standing(review.case_id, "distress")
    if hold is not None and not others:
        await end_holds(work, [hold], reason)


async def _take_effect(
    resources: Resources, work: Work, reply: SealedReply, key: CaseKey, file: CaseFile, meaning: Meaning
) -> None:
    attempt = None
    if reply.attempt_id is not None:
        attempt = (await work.attempts.addressed([reply.attempt_id])).get(reply.attempt_id)
    read = ReadReply(
        reply_id=reply.reply_id,
        key=key,
        channel=reply.channel,
        attempt_id=reply.attempt_id,
        contact_point_id=attempt.contact_point_id if attempt is not None else None,
        received_at=reply.received_at,
    )
    await take_effect(resources, work, read, file, meaning)
