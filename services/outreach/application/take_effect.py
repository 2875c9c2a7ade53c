"""What follows from a reply, whoever read it (rule, model or person): the same effects in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.outreach.application.apply_holds import put_on_hold
from services.outreach.application.desk_records import Matter
from services.outreach.application.follow_promises import follow_promise, withdraw_promise
from services.outreach.application.keep_preferences import note_refusal
from services.outreach.application.open_matters import Opening, open_matter, seal_evidence_of
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import CaseKey, NewHold
from services.outreach.application.reply_records import ORDINARY, URGENT, DueAnswer, Review
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.holds import REVIEW_HOLD, hold_until
from services.outreach.domain.replies.meaning import DISTRESS, Meaning
from shared.events.borrower_replied import BorrowerReplied
from shared.kernel.identifiers import new_id
from shared.kernel.money import MINOR_UNITS_MAX


@dataclass(frozen=True, slots=True)
class ReadReply:
    """A kept reply: where it came from and by what way."""

    reply_id: UUID
    key: CaseKey
    channel: str
    attempt_id: UUID | None
    contact_point_id: UUID | None
    received_at: datetime


async def take_effect(resources: Resources, work: Work, reply: ReadReply, file: CaseFile, meaning: Meaning) -> None:
    """Announce what is understood and let all of it take effect; the case's person is locked."""
    if not meaning.is_unread:
        work.announce(_replied(reply, meaning))
    opened = [
        matter
        for part in (meaning, *meaning.also)
        if (matter := await _follow(resources, work, reply, file, part)) is not None
    ]
    held_until = await _hold(work, reply, (meaning, *meaning.also))
    for matter in opened:
        # After the hold, which is evidence too.
        await seal_evidence_of(resources, work, matter)
    if meaning.review is not None:
        await work.reviews.open(_review(work, reply, meaning, held_until))
    parts = (meaning, *meaning.also)
    if any(p.refused_channel or p.refuses_work or p.is_wrong_person or p.is_represented for p in parts):
        # Refused to us is refused for every case (12 CFR 1006.14(h)(1)); who hands one over waits here, and sees it.
        await work.groups.hold([reply.key.case_id])
        others = await work.groups.other_cases([reply.key.case_id])
        await work.attempts.withdraw({reply.key.case_id, *(other.case_id for other in others)}, work.now)


async def _follow(
    resources: Resources, work: Work, reply: ReadReply, file: CaseFile, meaning: Meaning
) -> Matter | None:
    """Answers with the complaint or dispute that it opened."""
    key = reply.key
    if meaning.refused_channel is not None:
        await _refuse_channel(work, reply, meaning.refused_channel)
    if meaning.refuses_work:
        for point in file.points:
            if point.place == "work":
                await _refuse(work, reply, "call", point.contact_point_id)
    if meaning.is_wrong_person and reply.contact_point_id is not None:
        await work.persons.mark_wrong(reply.contact_point_id)
    if meaning.is_represented:
        await work.persons.mark_represented(key.person_id)
        await note_refusal(work, key.person_id, "", None, reply.reply_id, reply.received_at, "representative")
    opened = await _open_matter(resources, work, reply, file, meaning)
    if meaning.intent in ("stop", "dispute", "wrong_person", "distress"):
        # Whatever was said before, a promise is not held against somebody who now says this.
        await withdraw_promise(work, key.case_id)
    if meaning.promised_on is not None:
        await follow_promise(work, reply.reply_id, key, file, meaning)
    await _answer(work, reply, meaning)
    return opened


async def _answer(work: Work, reply: ReadReply, meaning: Meaning) -> None:
    """An answer by the very way the message came; the gate decides whether it may be sent."""
    purpose = {"distress": "comfort", "promise": "which_day"}.get(meaning.intent)
    if meaning.promised_on is not None:
        purpose = "confirmation"
    if purpose is None or reply.contact_point_id is None:
        return
    answer = DueAnswer(
        answer_id=new_id(),
        reply_id=reply.reply_id,
        case_id=reply.key.case_id,
        person_id=reply.key.person_id,
        channel=reply.channel,
        contact_point_id=reply.contact_point_id,
        purpose=purpose,
        promised_on=meaning.promised_on,
        promised_minor_units=meaning.promised_minor_units,
        in_reply_to=reply.received_at,
        due_at=work.now,
    )
    await work.answers.add(answer)


async def _hold(work: Work, reply: ReadReply, parts: Sequence[Meaning]) -> datetime | None:
    """Apply the holds of all meanings; answers with the end of the one that a review rests on."""
    key = reply.key
    ends = {part.hold: hold_until(part.hold, work.now) for part in parts if part.hold is not None}
    held_until = None
    if parts[0].is_unread:
        held_until = ends["verification"] = work.now + REVIEW_HOLD
    holds = [
        NewHold(new_id(), key.case_id, key.creditor_id, kind, until, BorrowerReplied.event_type)
        for kind, until in ends.items()
    ]
    if holds:
        await put_on_hold(work, holds)
    return held_until


def _review(work: Work, reply: ReadReply, meaning: Meaning, held_until: datetime | None) -> Review:
    return Review(
        review_id=new_id(),
        reply_id=reply.reply_id,
        case_id=reply.key.case_id,
        creditor_id=reply.key.creditor_id,
        reason=str(meaning.review),
        priority=URGENT if meaning.review == DISTRESS else ORDINARY,
        suggestions=meaning.suggestions or ((meaning.intent, 10_000),),
        read_by=meaning.rule,
        opened_at=work.now,
        held_until=held_until,
    )


def _replied(reply: ReadReply, meaning: Meaning) -> BorrowerReplied:
    promised = meaning.promised_minor_units
    return BorrowerReplied.model_validate(
        {
            "case_id": reply.key.case_id,
            "creditor_id": reply.key.creditor_id,
            "reply_id": reply.reply_id,
            "attempt_id": reply.attempt_id,
            "channel": reply.channel,
            "intent": meaning.intent,
            "classified_by": meaning.rule,
            "promised_on": meaning.promised_on,
            "promised": promised if promised is not None and promised <= MINOR_UNITS_MAX else None,
            "arrears_cause": meaning.arrears_cause,
            "received_at": reply.received_at,
        }
    )


async def _refuse_channel(work: Work, reply: ReadReply, refused: str) -> None:
    """By the channel it came by: that address (12 CFR 1006.14(h)(1)). Another channel by name: altogether."""
    is_this = refused in ("this", reply.channel)
    await _refuse(work, reply, reply.channel if is_this else refused, reply.contact_point_id if is_this else None)


async def _refuse(work: Work, reply: ReadReply, channel: str, contact_point_id: UUID | None) -> None:
    """Where the gate looks for it, and in the ledger of preferences."""
    person_id, at = reply.key.person_id, reply.received_at
    await work.persons.add_opt_out(person_id, channel, contact_point_id, at)
    await note_refusal(work, person_id, channel, contact_point_id, reply.reply_id, at)


async def _open_matter(
    resources: Resources, work: Work, reply: ReadReply, file: CaseFile, meaning: Meaning
) -> Matter | None:
    # The clock runs from when it came, not from when we read it.
    received_at = min(reply.received_at, work.now)
    if meaning.intent == "complaint":
        opening = Opening("complaint", meaning.category or "conduct", reply.channel, received_at)
    elif meaning.intent == "dispute":
        opening = Opening("dispute", meaning.category or "not_owed", reply.channel, received_at)
    else:
        return None
    opening = replace(opening, reply_id=reply.reply_id)
    return await open_matter(resources, work, reply.key, file, opening)
