"""Make the texts of a batch: word them, read them for misconduct, print letters; keep what proves each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import structlog

from services.outreach.application import content_metrics
from services.outreach.application.contact_ports import Addressee, Message
from services.outreach.application.content_ports import LetterOrder
from services.outreach.application.content_records import KeptLetter, RefusedText, SentText, Worded
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_contacts import Proposals
from services.outreach.application.records import Reservation

log = structlog.get_logger("concord.outreach.contacts")


@dataclass(slots=True)
class PreparedTexts:
    """By attempt: what can be sent, and what is kept of it. What was refused is in none of the others."""

    messages: dict[UUID, Message] = field(default_factory=dict)
    sent: dict[UUID, SentText] = field(default_factory=dict)
    letters: dict[UUID, KeptLetter] = field(default_factory=dict)
    refused: list[RefusedText] = field(default_factory=list)


async def prepare_texts(
    resources: Resources,
    proposals: Proposals,
    reservations: Sequence[Reservation],
    addressees: Mapping[UUID, Addressee],
) -> PreparedTexts:
    """One text that cannot be made, or may not be sent, keeps no other from going out."""
    texts = PreparedTexts()
    orders: list[LetterOrder] = []
    for entry in reservations:
        addressee = addressees.get(entry.contact_point_id)
        if addressee is None:
            continue
        try:
            wanted = proposals.files[entry.case_id].preferred_language
            reader = addressee if wanted is None else replace(addressee, language=wanted)
            _prepare(resources, proposals, entry, reader, texts, orders)
        except Exception as error:
            # The type alone: the text of the error may quote what it was given.
            case_id, kind = str(entry.case_id), type(error).__name__
            log.error("contact.unwordable", case_id=case_id, template=entry.template, error=kind)
    if orders:
        await _print_letters(resources, orders, texts)
    return texts


async def keep_texts(work: Work, texts: PreparedTexts, ours: Collection[UUID]) -> None:
    """In the transaction that hands over: what leaves can always be shown again."""
    await work.sent_texts.keep([texts.sent[attempt_id] for attempt_id in sorted(ours)])
    await work.letters.keep([texts.letters[attempt_id] for attempt_id in sorted(ours) if attempt_id in texts.letters])
    await work.refused_texts.keep(texts.refused)


def _prepare(
    resources: Resources,
    proposals: Proposals,
    entry: Reservation,
    addressee: Addressee,
    texts: PreparedTexts,
    orders: list[LetterOrder],
) -> None:
    now, content = resources.clock.now(), resources.content
    worded = resources.wording.word(entry, proposals.files[entry.case_id], addressee, now)
    findings = content.conduct.check(f"{worded.subject}\n{worded.text}", worded.audience)
    if findings:
        rules = tuple(sorted({finding.rule for finding in findings}))
        texts.refused.append(RefusedText(entry.attempt_id, entry.case_id, entry.person_id, entry.template, rules, now))
        content_metrics.TEXTS_REFUSED.inc()
        log.error("contact.text_refused", case_id=str(entry.case_id), template=entry.template, rules=list(rules))
        return
    texts.messages[entry.attempt_id] = Message(
        entry.attempt_id,
        entry.channel,
        addressee.value,
        addressee.language,
        worded.subject,
        worded.text,
        now,
        check_link=worded.check_link,
        market=proposals.files[entry.case_id].jurisdiction,
        case_id=entry.case_id,
        person_id=entry.person_id,
    )
    texts.sent[entry.attempt_id] = _sent(entry, worded, texts.messages[entry.attempt_id])
    if entry.channel == "letter" and content.press.is_open:
        orders.append(LetterOrder(entry.attempt_id, worded.kind, addressee.name, addressee.value, now.date(), worded))


async def _print_letters(resources: Resources, orders: Sequence[LetterOrder], texts: PreparedTexts) -> None:
    printed = await resources.content.press.print(orders)
    for order in orders:
        pdf = printed.get(order.attempt_id)
        if pdf is None:
            # A letter that cannot be printed (a character no font has) is not sent as something else.
            del texts.messages[order.attempt_id]
            continue
        sent = texts.sent[order.attempt_id]
        digest = sha256(pdf).hexdigest()
        keep_until = sent.worded_at + timedelta(days=resources.content.letter_days)
        sealed = resources.sealer.seal_bytes(sent.person_id, pdf)
        texts.letters[order.attempt_id] = KeptLetter(order.attempt_id, sent.person_id, sealed, digest, keep_until)
        texts.sent[order.attempt_id] = replace(sent, letter_hash=digest)
        texts.messages[order.attempt_id] = replace(texts.messages[order.attempt_id], document=pdf)


def _sent(entry: Reservation, worded: Worded, message: Message) -> SentText:
    return SentText(
        attempt_id=entry.attempt_id,
        case_id=entry.case_id,
        person_id=entry.person_id,
        template=worded.template,
        language=worded.language,
        variables=worded.variables,
        content_hash=worded.content_hash,
        text_digest=worded.text_digest,
        code=worded.code,
        kind=worded.kind,
        issued_on=message.sent_at.date(),
        worded_at=message.sent_at,
        letter_hash=None,
    )
