"""A mail that came in: a reply, a machine's answer, a report that ours was not delivered, or a complaint to a provider.

The same mail twice gives one effect. A permanent failure means that the delivery did not happen (12 CFR 1006.42): the
attempt ends `failed` and the address is not used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.outreach.application.ports import Resources
from services.outreach.application.reply_ports import MailReading
from services.outreach.application.reply_records import InboundMail
from services.outreach.application.take_replies import IncomingReply, take_replies
from services.outreach.domain.replies.meaning import TEXT_LENGTH_MAX

MAIL_BYTES_MAX = 2_000_000


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """What became of it. `outcome`: taken, sender_unknown, not_delivered, delayed, refused, ignored or unreadable."""

    kind: str
    outcome: str
    reply_id: UUID | None
    intent: str | None
    attachments: int


async def take_mail(resources: Resources, raw: bytes) -> MailAnswer:
    reading = resources.mail_reader.read(raw)
    async with resources.begin() as work:
        known = await work.inbound_mails.find(reading.mail_key)
    if known is not None:
        return MailAnswer(known.kind, known.outcome, known.reply_id, None, known.attachments)
    match reading.kind:
        case "reply":
            return await _take_reply(resources, reading)
        case "bounce":
            return await _take_bounce(resources, reading)
        case "feedback":
            return await _take_feedback(resources, reading)
        case _:
            return await _keep(resources, reading, "unreadable" if reading.kind == "unreadable" else "ignored")


async def _take_reply(resources: Resources, reading: MailReading) -> MailAnswer:
    reply = IncomingReply(
        # The reply's own reference makes it one reply, even where we die before the mail is noted down.
        reply_reference=f"mail-{reading.mail_key}",
        channel="email",
        in_reply_to=reading.attempt_id,
        case_id=None,
        sender_kind="email" if reading.sender else None,
        sender_value=reading.sender,
        text=reading.text[:TEXT_LENGTH_MAX],
        received_at=resources.clock.now(),
    )
    answer = (await take_replies(resources, [reply]))[0]
    if answer.kept is None:
        return await _keep(resources, reading, "sender_unknown")
    kept = await _keep(resources, reading, "taken", answer.kept.reply_id)
    return MailAnswer(kept.kind, kept.outcome, kept.reply_id, answer.kept.intent, kept.attachments)


async def _take_bounce(resources: Resources, reading: MailReading) -> MailAnswer:
    if reading.attempt_id is None:
        return await _keep(resources, reading, "sender_unknown")
    if not reading.is_permanent:
        return await _keep(resources, reading, "delayed")
    async with resources.begin() as work:
        attempt = (await work.attempts.addressed([reading.attempt_id])).get(reading.attempt_id)
        if attempt is None:
            outcome = "sender_unknown"
        else:
            outcome = "not_delivered"
            await work.files.lock([attempt.case_id])
            await work.attempts.record_receipts([(attempt.attempt_id, "failed")])
            await work.validations.look_again([attempt.attempt_id])
            await work.persons.mark_wrong(attempt.contact_point_id)
            await work.attempts.withdraw([attempt.case_id], work.now)
        mail = _mail(reading, outcome, None, resources)
        if await work.inbound_mails.add(mail):
            await work.commit()
    return MailAnswer(reading.kind, outcome, None, None, reading.attachments)


async def _take_feedback(resources: Resources, reading: MailReading) -> MailAnswer:
    """Marked as unwanted at the person's provider: that is a refusal of mail to this address."""
    async with resources.begin() as work:
        attempt = None
        if reading.attempt_id is not None:
            attempt = (await work.attempts.addressed([reading.attempt_id])).get(reading.attempt_id)
        if attempt is not None:
            key = (await work.files.lock([attempt.case_id]))[attempt.case_id]
            await work.persons.add_opt_out(key.person_id, "email", attempt.contact_point_id, work.now)
            await work.attempts.withdraw([attempt.case_id], work.now)
        outcome = "refused" if attempt is not None else "sender_unknown"
        if await work.inbound_mails.add(_mail(reading, outcome, None, resources)):
            await work.commit()
    return MailAnswer(reading.kind, outcome, None, None, reading.attachments)


async def _keep(resources: Resources, reading: MailReading, outcome: str, reply_id: UUID | None = None) -> MailAnswer:
    async with resources.begin() as work:
        await work.inbound_mails.add(_mail(reading, outcome, reply_id, resources))
        await work.commit()
    return MailAnswer(reading.kind, outcome, reply_id, None, reading.attachments)


def _mail(reading: MailReading, outcome: str, reply_id: UUID | None, resources: Resources) -> InboundMail:
    return InboundMail(
        mail_key=reading.mail_key,
        kind=reading.kind,
        attempt_id=reading.attempt_id,
        reply_id=reply_id,
        outcome=outcome,
        attachments=reading.attachments,
        received_at=resources.clock.now(),
    )
