"""The note that settles a call by hand, and what the borrower said in it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.outreach.application.feed_queue import FEED_MAX
from services.outreach.application.make_hand_calls import own_call
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import Lease
from services.outreach.application.settle_contacts import write_outcomes
from services.outreach.application.take_replies import IncomingReply, take_replies
from services.outreach.application.workbench_records import HandCall, KeptNote
from services.outreach.domain.call_note import RECORD_KEPT, CallNote, note_errors, spoken_promise
from services.outreach.domain.case_file import CaseFile
from shared.kernel.money import EXPONENTS
from shared.kernel.refusal import Conflict, Invalid, Reason


async def write_note(resources: Resources, staff_id: str, attempt_id: UUID, note: CallNote) -> KeptNote:
    """Keep the note, settle the attempt, finish the item, and take what was said as a reply. Twice is once."""
    async with resources.begin() as work:
        call = await own_call(work, staff_id, attempt_id)
        known = await work.calls.note(attempt_id)
        if known is None:
            known = await _write(resources, work, call, note)
            await work.commit()
    await _say(resources, known)
    return known


async def say_noted(resources: Resources) -> int:
    """The timer: what notes hold is taken as a reply, should the process have died between the two."""
    async with resources.begin() as work:
        unsaid = await work.calls.unsaid(FEED_MAX)
    for note in unsaid:
        await _say(resources, note)
    return len(unsaid)


async def _write(resources: Resources, work: Work, call: HandCall, note: CallNote) -> KeptNote:
    await work.files.lock([call.case_id])
    call = await own_call(work, call.staff_id, call.attempt_id, lock=True)
    if call.noted_at is not None:
        raise Conflict("call_noted", "this call has its note")
    file = (await work.files.load([call.case_id]))[call.case_id]
    _check(note, file, work.now)
    kept = KeptNote(
        attempt_id=call.attempt_id,
        case_id=call.case_id,
        person_id=call.person_id,
        staff_id=call.staff_id,
        note=note,
        words_sealed=resources.sealer.seal(call.person_id, note.words) if note.words else None,
        keep_until=(work.now + RECORD_KEPT).date(),
        written_at=work.now,
    )
    await work.calls.write_note(kept)
    sent = await work.attempts.lock_sent([Lease(call.attempt_id, call.token)])
    await write_outcomes(resources, work, [(attempt, note.outcome) for attempt in sent])
    if call.item_id is not None:
        # An item whose lease ran out and that somebody else took meanwhile stays theirs.
        await work.queue.finish(call.item_id, call.staff_id, "called", work.now)
    return kept


def _check(note: CallNote, file: CaseFile, now: datetime) -> None:
    errors = note_errors(note, file.business_date(now), now, file.balance.total_minor_units)
    if errors:
        reasons = [Reason(code, f"/{field}", "see the how-to on call notes") for code, field in errors]
        raise Invalid("note_wrong", "this note cannot be kept", reasons)


async def _say(resources: Resources, note: KeptNote) -> None:
    """Through the use case of replies, whatever it understands takes effect; the reference makes it happen once."""
    if note.words_sealed is None and note.note.promise is None:
        return
    async with resources.begin() as work:
        file = (await work.files.load([note.case_id]))[note.case_id]
    words = resources.sealer.open(note.person_id, note.words_sealed) if note.words_sealed else ""
    promised = ""
    if note.note.promise is not None:
        amount = _amount(note.note.promise.minor_units, file.currency)
        # First, because the first day and amount of a text are what it promises.
        promised = spoken_promise(note.note.promise, amount, file.language)
    reply = IncomingReply(
        reply_reference=f"call-note:{note.attempt_id}",
        channel="call",
        in_reply_to=note.attempt_id,
        case_id=note.case_id,
        sender_kind=None,
        sender_value=None,
        text=f"{promised} {words}".strip(),
        received_at=note.written_at,
    )
    await take_replies(resources, [reply])
    async with resources.begin() as work:
        await work.calls.mark_said(note.attempt_id)
        await work.commit()


def _amount(minor_units: int, currency: str) -> str:
    exponent = EXPONENTS.get(currency, 2)
    whole, part = divmod(minor_units, 10**exponent)
    digits = f"{whole}.{part:0{exponent}d}" if exponent else f"{whole}"
    return {"USD": f"${digits}", "CNY": f"¥{digits}"}.get(currency, f"{currency} {digits}")
