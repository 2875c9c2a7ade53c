"""What a borrower wrote or said: understand it, keep it sealed, and let it take effect on the very next decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.outreach.application.contact_ports import VaultAway
from services.outreach.application.follow_promises import confirm_promise, withdraw_promise
from services.outreach.application.ports import Resources, Work
from services.outreach.application.raise_alarms import NewAlarm, raise_alarm_in
from services.outreach.application.records import AddressedAttempt, CaseKey, KeptReply, NewReply
from services.outreach.application.take_effect import ReadReply, take_effect
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.critical_conduct import alarm_in
from services.outreach.domain.replies.confirming import answer_to_promise, read_answer
from services.outreach.domain.replies.meaning import Meaning
from services.outreach.domain.replies.reading import understand
from shared.kernel.identifiers import new_id
from shared.kernel.money import EXPONENTS
from shared.kernel.refusal import Overloaded, Reason

NOTE_PREFIX = "call-note:"
"""How the references of call notes begin."""


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
    meaning = await _read(resources, work, reply, file)
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
    if meaning.rule == "rule.promise_denied":
        await withdraw_promise(work, key.case_id)
    read = ReadReply(
        reply_id=reply_id,
        key=key,
        channel=reply.channel,
        attempt_id=source.attempt.attempt_id if source.attempt else None,
        contact_point_id=source.contact_point_id,
        received_at=reply.received_at,
    )
    await take_effect(resources, work, read, file, meaning)
    await _alarm(resources, work, reply, key, reply_id)
    return KeptReply(reply_id, meaning.intent)


async def _alarm(resources: Resources, work: Work, reply: IncomingReply, key: CaseKey, reply_id: UUID) -> None:
    """Critical conduct that the words speak of freezes everything at once, whatever else they mean."""
    category = alarm_in(reply.text)
    if category is not None:
        source = "call_note" if reply.reply_reference.startswith(NOTE_PREFIX) else "reply"
        await raise_alarm_in(
            resources, work, key, NewAlarm(key.case_id, category, source, "borrower", reference=f"reply:{reply_id}")
        )


async def _read(resources: Resources, work: Work, reply: IncomingReply, file: CaseFile) -> Meaning:
    """Where a promise has been said back, a yes or no is about that promise."""
    today, exponent = file.business_date(reply.received_at), EXPONENTS.get(file.currency, 2)
    meaning = understand(reply.text, today, resources.reply_model, exponent)
    answer = answer_to_promise(reply.text)
    promise = await work.promises.proposed(file.case_id) if answer is not None else None
    if promise is None or answer is None or promise.counts_at is None:
        return meaning
    meaning = read_answer(reply.text, meaning, answer, promise.promised_minor_units, today, exponent)
    if meaning.rule == "rule.promise_confirmed":
        await confirm_promise(work, promise)
    return meaning
