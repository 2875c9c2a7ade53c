"""What a borrower wrote or said: understand it, keep it sealed, and let it take effect on the very next decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.apply_holds import put_on_hold
from services.outreach.application.ports import Resources, VaultAway, Work
from services.outreach.application.records import (
    AddressedAttempt,
    CaseKey,
    Grievance,
    KeptReply,
    NewHold,
    NewReply,
)
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.holds import COMPLAINT_ANSWER_DAYS, hold_until
from services.outreach.domain.reply import Meaning, understand
from shared.events.borrower_replied import BorrowerReplied
from shared.events.complaint_opened import ComplaintOpened
from shared.events.dispute_opened import DisputeOpened
from shared.kernel.identifiers import new_id
from shared.kernel.money import EXPONENTS, MINOR_UNITS_MAX
from shared.kernel.refusal import Overloaded, Reason

PROMISE_PATIENCE = timedelta(days=2)
"""After the promised day: money needs a day or two to arrive."""


@dataclass(frozen=True, slots=True)
class IncomingReply:
    """A message as the provider brings it. It names the attempt it answers, the case, or where it came from."""

    reply_reference: str
    channel: str
    in_reply_to: UUID | None
    case_id: UUID | None
    sender_kind: str | None
    sender_value: str | None
    text: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyAnswer:
    """Either what was kept, or why not."""

    reply_reference: str
    kept: KeptReply | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """Whom a message comes from, as far as it can be told."""

    case_id: UUID
    attempt: AddressedAttempt | None
    contact_point_id: UUID | None


async def take_replies(resources: Resources, replies: Sequence[IncomingReply]) -> list[ReplyAnswer]:
    """Each in its own transaction: a bad one never stops the others; the same reference twice gives one answer."""
    return [await _take(resources, reply) for reply in replies]


async def _take(resources: Resources, reply: IncomingReply) -> ReplyAnswer:
    async with resources.begin() as work:
        known = await work.replies.find([reply.reply_reference])
        if reply.reply_reference in known:
            return ReplyAnswer(reply.reply_reference, known[reply.reply_reference])
    source = await _source_of(resources, reply)
    if source is None:
        reason = Reason("sender_unknown", "/from", "no case of ours is known by what the message says of its sender")
        return ReplyAnswer(reply.reply_reference, None, (reason,))
    async with resources.begin() as work:
        keys = await work.files.lock([source.case_id])
        if source.case_id not in keys:
            return ReplyAnswer(
                reply.reply_reference, None, (Reason("case_unknown", "/case_id", "there is no such case"),)
            )
        kept = await _keep(resources, work, reply, source, keys[source.case_id])
        await work.commit()
    return ReplyAnswer(reply.reply_reference, kept)


async def _source_of(resources: Resources, reply: IncomingReply) -> _Source | None:
    if reply.in_reply_to is not None:
        async with resources.begin() as work:
            attempt = (await work.attempts.addressed([reply.in_reply_to])).get(reply.in_reply_to)
        if attempt is not None:
            return _Source(attempt.case_id, attempt, attempt.contact_point_id)
    if reply.case_id is not None:
        return _Source(reply.case_id, None, None)
    if reply.sender_kind is None or reply.sender_value is None:
        return None
    try:
        matches = await resources.vault.find(reply.sender_kind, reply.sender_value)
    except VaultAway as error:
        raise Overloaded("vault_away", "senders cannot be recognised now; send again", retry_after_s=30) from error
    points = [match.contact_point_id for match in matches]
    async with resources.begin() as work:
        latest = await work.attempts.latest_to(points)
    if latest is not None:
        return _Source(latest.case_id, latest, latest.contact_point_id)
    return next((_Source(case_id, None, m.contact_point_id) for m in matches for case_id in m.case_ids), None)


async def _keep(resources: Resources, work: Work, reply: IncomingReply, source: _Source, key: CaseKey) -> KeptReply:
    file = (await work.files.load([key.case_id]))[key.case_id]
    meaning = understand(reply.text, file.business_date(reply.received_at), EXPONENTS.get(file.currency, 2))
    reply_id = new_id()
    already = await work.replies.add(
        NewReply(
            reply_id=reply_id,
            reply_reference=reply.reply_reference,
            case_id=key.case_id,
            person_id=key.person_id,
            attempt_id=source.attempt.attempt_id if source.attempt else None,
            channel=reply.channel,
            intent=meaning.intent,
            classified_by=meaning.rule,
            text_sealed=resources.sealer.seal(key.person_id, reply.text),
            received_at=reply.received_at,
        )
    )
    if already is not None:
        return already
    work.announce(_replied(reply, source, key, meaning, reply_id))
    await _take_effect(work, reply, source, key, file, meaning, reply_id)
    return KeptReply(reply_id, meaning.intent)


def _replied(reply: IncomingReply, source: _Source, key: CaseKey, meaning: Meaning, reply_id: UUID) -> BorrowerReplied:
    promised = meaning.promised_minor_units
    return BorrowerReplied.model_validate(
        {
            "case_id": key.case_id,
            "creditor_id": key.creditor_id,
            "reply_id": reply_id,
            "attempt_id": source.attempt.attempt_id if source.attempt else None,
            "channel": reply.channel,
            "intent": meaning.intent,
            "classified_by": meaning.rule,
            "promised_on": meaning.promised_on,
            "promised": promised if promised is not None and promised <= MINOR_UNITS_MAX else None,
            "arrears_cause": meaning.arrears_cause,
            "received_at": reply.received_at,
        }
    )


async def _take_effect(
    work: Work,
    reply: IncomingReply,
    source: _Source,
    key: CaseKey,
    file: CaseFile,
    meaning: Meaning,
    reply_id: UUID,
) -> None:
    if meaning.refused_channel is not None:
        await _refuse_channel(work, reply, source, key, meaning.refused_channel)
    if meaning.is_wrong_person and source.contact_point_id is not None:
        await work.persons.mark_wrong(source.contact_point_id)
    if meaning.is_represented:
        await work.persons.mark_represented(key.person_id)
    if meaning.intent == "complaint":
        await _open_complaint(work, key, meaning.category or "conduct", reply_id)
    if meaning.intent == "dispute":
        await _open_dispute(work, key, meaning.category or "not_owed", reply_id)
    if meaning.hold is not None:
        until = hold_until(meaning.hold, work.now)
        hold = NewHold(new_id(), key.case_id, key.creditor_id, meaning.hold, until, BorrowerReplied.event_type)
        await put_on_hold(work, [hold])
    if meaning.promised_on is not None:
        # Nobody is pressed before the day they named.
        days = (meaning.promised_on - file.business_date(work.now)).days
        await work.plans.postpone({key.case_id: work.now + timedelta(days=min(days, 31)) + PROMISE_PATIENCE})
    if meaning.refused_channel is not None or meaning.is_wrong_person or meaning.is_represented:
        cases = await work.persons.cases_of([key.person_id])
        await work.attempts.withdraw(cases.get(key.person_id, [key.case_id]), work.now)


async def _refuse_channel(work: Work, reply: IncomingReply, source: _Source, key: CaseKey, refused: str) -> None:
    """By the channel it came by: that address (12 CFR 1006.14(h)(1)). Another channel by name: altogether."""
    is_this = refused in ("this", reply.channel)
    await work.persons.add_opt_out(
        key.person_id,
        reply.channel if is_this else refused,
        source.contact_point_id if is_this else None,
        reply.received_at,
    )


async def _open_complaint(work: Work, key: CaseKey, category: str, reply_id: UUID) -> None:
    due_at = work.now + timedelta(days=COMPLAINT_ANSWER_DAYS)
    complaint = Grievance(new_id(), key.case_id, key.creditor_id, category, work.now, due_at, None, None)
    await work.complaints.open(complaint, reply_id)
    body = {
        "case_id": key.case_id,
        "creditor_id": key.creditor_id,
        "complaint_id": complaint.id,
        "category": category,
        "answer_due_at": due_at,
        "opened_at": work.now,
    }
    work.announce(ComplaintOpened.model_validate(body))


async def _open_dispute(work: Work, key: CaseKey, ground: str, reply_id: UUID) -> None:
    dispute = Grievance(new_id(), key.case_id, key.creditor_id, ground, work.now, None, None, None)
    await work.disputes.open(dispute, reply_id)
    body = {
        "case_id": key.case_id,
        "creditor_id": key.creditor_id,
        "dispute_id": dispute.id,
        "ground": ground,
        "opened_at": work.now,
    }
    work.announce(DisputeOpened.model_validate(body))
