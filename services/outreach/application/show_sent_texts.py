"""What was sent, shown again: the text made once more and compared with its hash, and the letter as it was printed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from services.outreach.application.contact_ports import VaultAway
from services.outreach.application.content_records import RefusedText, SentText
from services.outreach.application.ports import Resources
from services.outreach.domain.templates.version import split_reference
from shared.kernel.refusal import Conflict, NotFound, Overloaded

THROWN_AWAY_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ShownText:
    """`is_same`: byte for byte what was sent. A name or an address changed since makes it another text."""

    sent: SentText
    subject: str
    text: str
    is_same: bool


async def show_sent_text(resources: Resources, attempt_id: UUID) -> ShownText:
    """Raises `NotFound`, `Conflict` where the vault has the person no longer, `Overloaded` where it gives no answer."""
    async with resources.begin() as work:
        sent = await work.sent_texts.get(attempt_id)
        addressed = (await work.attempts.addressed([attempt_id])).get(attempt_id)
        reference = None if sent is None else split_reference(sent.template)
        if sent is None or addressed is None or reference is None:
            raise NotFound("text_unknown", "no text is kept for this attempt")
        version = await work.templates.get(*reference)
        key = (await work.files.lock([sent.case_id])).get(sent.case_id)
    if version is None or key is None:
        raise NotFound("text_unknown", "its template or its case is gone")
    point = addressed.contact_point_id
    try:
        addressee = (await resources.vault.reveal({point: (sent.case_id, key.creditor_id)})).get(point)
    except VaultAway as away:
        raise Overloaded("vault_away", "the vault gives no answer; ask again later", retry_after_s=60) from away
    if addressee is None:
        raise Conflict("person_gone", "the vault has this person no longer; the hash alone is left")
    again = resources.wording.word_again(version, sent, addressee)
    return ShownText(sent, again.subject, again.text, again.content_hash == sent.content_hash)


async def show_letter(resources: Resources, attempt_id: UUID) -> bytes:
    """The PDF as it went to the print house."""
    async with resources.begin() as work:
        kept = await work.letters.get(attempt_id)
    if kept is None:
        raise NotFound("letter_unknown", "no letter is kept for this attempt, or its time is over")
    pdf = resources.sealer.open_bytes(kept.person_id, kept.sealed)
    if sha256(pdf).hexdigest() != kept.sha256:
        raise Conflict("letter_changed", "the letter is not the one whose hash was kept")
    return pdf


async def throw_letters_away(resources: Resources) -> int:
    """One batch of letters whose time is over."""
    async with resources.begin() as work:
        gone = await work.letters.throw_away(THROWN_AWAY_AT_ONCE)
        if gone:
            await work.commit()
    return gone


async def list_refused_texts(resources: Resources, *, is_open: bool, limit: int) -> list[RefusedText]:
    async with resources.begin() as work:
        return await work.refused_texts.find(is_open=is_open, limit=limit)


async def resolve_refused_text(resources: Resources, attempt_id: UUID, by: str) -> RefusedText:
    """Somebody has looked, and changed a template or the data behind it; the case's next contact is tried by itself."""
    async with resources.begin() as work:
        resolved = await work.refused_texts.resolve(attempt_id, by, work.now)
        if resolved is None:
            raise NotFound("refusal_unknown", "no text of this attempt waits for anybody")
        await work.commit()
    return resolved
