"""Answering a complaint or dispute: the finding and its letter are kept, then the letter leaves past the gate.

The hold stays until the matter is closed; the answer is the one contact that it leaves open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

from services.outreach.application.ask_gate import ask_in_turn
from services.outreach.application.contact_ports import Addressee, Message, VaultAway
from services.outreach.application.content_ports import LetterOrder
from services.outreach.application.content_records import KeptLetter, SentText, Worded
from services.outreach.application.desk_records import Matter, SealedAnswer, Step
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import KeptDecision, Lease, Reservation
from services.outreach.application.settle_contacts import settle_contacts
from services.outreach.application.work_matters import locked
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.desk.letter import AnswerLetter, answer_letter
from services.outreach.domain.desk.matter import Kind, answer_errors
from services.outreach.domain.ladder import Step as LadderStep
from shared.kernel.genuine.code import code_of
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Overloaded, Reason

PURPOSES: dict[Kind, str] = {"complaint": "complaint_answer", "dispute": "verification"}
"""What the gate is asked for: purposes that a hold of the matter's kind leaves open."""
CHANNELS = ("letter", "email")
WORDS_MAX = 4_000
VAULT_AWAY_RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. `outcome`: a finding, or what became of a dispute. `corrected_minor_units`: the right sum."""

    outcome: str
    words: str
    root_cause: str | None = None
    redress: tuple[str, ...] = ()
    redress_reference: str | None = None
    corrected_minor_units: int | None = None


async def answer_matter(resources: Resources, who: str, kind: Kind, matter_id: UUID, answer: Answer) -> Matter:
    """Keep the finding and its letter. The same again is once; another answer after that is a conflict."""
    async with resources.begin() as work:
        matter = await locked(work, kind, matter_id)
        if matter.state in ("answered", "closed"):
            if matter.outcome != answer.outcome:
                raise Conflict("matter_answered", "it has another answer already")
            return matter
        file = (await work.files.load([matter.case_id]))[matter.case_id]
        _check(resources, who, matter, file, answer)
        letter = _letter(file, matter, answer)
        text = f"{letter.subject}\n\n{letter.text}"
        sealed = SealedAnswer(
            matter_id=matter_id,
            person_id=matter.person_id,
            language=file.language,
            sha256=sha256(text.encode()).hexdigest(),
            sealed=resources.sealer.seal(matter.person_id, text),
            written_by=who,
            written_at=work.now,
        )
        await work.evidence.keep_answer(sealed)
        answered = replace(
            matter,
            state="answered",
            outcome=answer.outcome,
            root_cause=answer.root_cause,
            redress=answer.redress,
            redress_reference=answer.redress_reference,
            corrected_minor_units=answer.corrected_minor_units,
            answered_at=work.now,
            answered_by=who,
            answer_attempt_id=new_id(),
            remind_at=None,
        )
        await work.matters.save(answered)
        await work.matters.note(Step(new_id(), matter_id, "answered", answer.outcome, who, work.now))
        if answer.outcome == "debt_corrected":
            # The lender's books decide; the desk's list of these is what the lender is asked by.
            await work.matters.note(Step(new_id(), matter_id, "lender_asked", None, who, work.now))
        await work.commit()
    return answered


async def send_answer(resources: Resources, who: str, kind: Kind, matter_id: UUID, channel: str) -> Matter:
    """Send the letter. Raises `NotAllowed` with the gate's reasons. Once it has left it is not sent again."""
    async with resources.begin() as work:
        matter = await locked(work, kind, matter_id)
        if matter.answer_sent_at is not None:
            return matter
        reserved = await _reserve(resources, work, matter, channel)
        await work.commit()
    if isinstance(reserved, KeptDecision):
        reasons = [Reason(rule.rule, "", rule.clause) for rule in reserved.decision.rules]
        raise NotAllowed("contact_denied", "the gate does not allow this contact now", reasons)
    await _carry_out(resources, matter, *reserved)
    async with resources.begin() as work:
        matter = await locked(work, kind, matter_id)
        assert matter.answer_attempt_id is not None
        if not await work.answers.left([matter.answer_attempt_id]):
            raise Overloaded("not_sent", "the carrier has not taken it; send again", retry_after_s=300)
        sent = replace(matter, answer_sent_at=work.now)
        await work.matters.save(sent)
        await work.matters.note(Step(new_id(), matter_id, "answer_sent", channel, who, work.now))
        await work.commit()
    return sent


async def read_answer(resources: Resources, kind: Kind, matter_id: UUID) -> tuple[str, bytes]:
    """(media type, bytes): the letter as it was printed, or its text."""
    async with resources.begin() as work:
        matter = await work.matters.get(matter_id)
        answer = await work.evidence.answer_of(matter_id)
        if matter is None or matter.kind != kind or answer is None or answer.sealed is None:
            raise NotFound("answer_unknown", "there is no answer yet, or it has been erased")
        printed = None
        if matter.answer_attempt_id is not None:
            printed = await work.letters.get(matter.answer_attempt_id)
    if printed is not None:
        return "application/pdf", resources.sealer.open_bytes(printed.person_id, printed.sealed)
    return "text/plain; charset=utf-8", resources.sealer.open_bytes(matter.person_id, answer.sealed)


def _check(resources: Resources, who: str, matter: Matter, file: CaseFile, answer: Answer) -> None:
    if matter.named_staff == who:
        raise NotAllowed("named_staff", "who is complained about does not answer it")
    errors = answer_errors(matter.kind, answer.outcome, answer.root_cause, answer.redress)
    if len(answer.words) > WORDS_MAX:
        errors.append(("words_too_long", "words"))
    if answer.outcome == "debt_corrected" and (
        answer.corrected_minor_units is None or not 0 <= answer.corrected_minor_units <= file.balance.total_minor_units
    ):
        errors.append(("corrected_amount_wrong", "corrected_minor_units"))
    findings = resources.content.conduct.check(answer.words) if answer.words else []
    errors += [(f"conduct.{finding.rule}", "words") for finding in findings]
    if errors:
        reasons = [Reason(code, f"/{name}", "see the how-to on complaints") for code, name in errors]
        raise Invalid("answer_wrong", "this answer cannot be given", reasons)


def _letter(file: CaseFile, matter: Matter, answer: Answer) -> AnswerLetter:
    received_on = file.business_date(matter.received_at)
    reference = str(matter.matter_id)[-12:].upper()
    outcome, redress = answer.outcome, answer.redress
    return answer_letter(matter.kind, file.language, reference, received_on, outcome, redress, answer.words)


async def _reserve(
    resources: Resources, work: Work, matter: Matter, channel: str
) -> KeptDecision | tuple[Reservation, Lease]:
    """The gate's no, or the attempt that may leave; either way the decision is kept."""
    if matter.state not in ("answered", "closed") or matter.answer_attempt_id is None:
        raise Conflict("not_answered", "there is no answer to send")
    await work.groups.hold([matter.case_id])
    file = (await work.files.load([matter.case_id]))[matter.case_id]
    step = LadderStep(rung="letter" if channel == "letter" else "reminder", channels=(channel,), after_days=0)
    kept = ask_in_turn(resources, work.now, file, step, PURPOSES[matter.kind])
    await work.decisions.add(kept)
    last = kept[-1]
    if not last.decision.is_allowed or last.contact_point_id is None:
        return last
    reservation = Reservation(
        attempt_id=matter.answer_attempt_id,
        case_id=matter.case_id,
        person_id=matter.person_id,
        creditor_id=matter.creditor_id,
        contact_point_id=last.contact_point_id,
        channel=channel,
        rung=step.rung,
        template=f"{matter.kind}_answer.v1",
        decision_id=last.decision_id,
    )
    leases = await work.attempts.reserve([reservation], resources.limits.lease_s)
    if not leases:
        raise Conflict("attempt_under_way", "it is being sent, or has been")
    return reservation, leases[0]


async def _carry_out(resources: Resources, matter: Matter, reservation: Reservation, lease: Lease) -> None:
    try:
        wanted = {reservation.contact_point_id: (reservation.case_id, reservation.creditor_id)}
        addressee = (await resources.vault.reveal(wanted)).get(reservation.contact_point_id)
    except VaultAway:
        addressee = None
    message = None
    if addressee is not None:
        message, sent, letter = await _word(resources, matter, reservation, addressee)
    async with resources.begin() as work:
        if message is None:
            await work.attempts.release([lease], work.now + VAULT_AWAY_RETRY)
            await work.commit()
            raise Overloaded("not_sent", "the vault or the press gives nothing now; send again", retry_after_s=300)
        ours = await work.attempts.hand_over([lease], resources.limits.lease_s)
        if ours:
            await work.sent_texts.keep([sent])
            await work.letters.keep([letter] if letter is not None else [])
        await work.commit()
    if ours and message is not None:
        results = await resources.channels.send([message], partial(_hand_over, resources, lease))
        await settle_contacts(resources, [(lease, results[lease.attempt_id])])


async def _hand_over(resources: Resources, lease: Lease, providers: Mapping[UUID, str]) -> Collection[UUID]:
    async with resources.begin() as work:
        ours = await work.attempts.note_providers([lease], providers)
        await work.commit()
    return ours


async def _word(
    resources: Resources, matter: Matter, reservation: Reservation, addressee: Addressee
) -> tuple[Message | None, SentText, KeptLetter | None]:
    """The message and its proofs; no message where a letter cannot be printed."""
    async with resources.begin() as work:
        answer = await work.evidence.answer_of(matter.matter_id)
        file = (await work.files.load([matter.case_id]))[matter.case_id]
    if answer is None or answer.sealed is None:
        raise NotFound("answer_unknown", "the answer has been erased")
    subject, _, text = resources.sealer.open(matter.person_id, answer.sealed).partition("\n\n")
    now, content = resources.clock.now(), resources.content
    digest = bytes.fromhex(answer.sha256)
    token = content.genuineness.stamp(reservation.channel, reservation.attempt_id, now.date(), digest)
    code = code_of(token)
    worded = Worded(
        subject=subject,
        text=text,
        template=reservation.template,
        audience="borrower",
        kind=reservation.channel,
        language=answer.language,
        variables={"is_us": file.jurisdiction == "US"},
        content_hash=answer.sha256,
        text_digest=digest,
        code=code,
        token=token.text,
        check_link=f"{resources.desks.check_page}?code={token.text}",
        creditor=addressee.creditor_name,
    )
    leaving = Message(
        reservation.attempt_id,
        reservation.channel,
        addressee.value,
        answer.language,
        subject,
        text,
        now,
        check_link=worded.check_link,
        market=file.jurisdiction,
        case_id=reservation.case_id,
        person_id=reservation.person_id,
    )
    message: Message | None = leaving
    letter = None
    if reservation.channel == "letter" and content.press.is_open:
        pdf, letter = await _print(resources, matter, reservation, addressee, worded)
        message = None if pdf is None else replace(leaving, document=pdf)
    sent = SentText(
        attempt_id=reservation.attempt_id,
        case_id=reservation.case_id,
        person_id=reservation.person_id,
        template=worded.template,
        language=worded.language,
        variables={},
        content_hash=worded.content_hash,
        text_digest=digest,
        code=code,
        kind=worded.kind,
        issued_on=now.date(),
        worded_at=now,
        letter_hash=letter.sha256 if letter is not None else None,
    )
    return message, sent, letter


async def _print(
    resources: Resources, matter: Matter, reservation: Reservation, addressee: Addressee, worded: Worded
) -> tuple[bytes | None, KeptLetter | None]:
    """The letter and what is kept of it; neither where the press gives nothing."""
    now, content = resources.clock.now(), resources.content
    order = LetterOrder(reservation.attempt_id, "letter", addressee.name, addressee.value, now.date(), worded)
    pdf = (await content.press.print([order])).get(reservation.attempt_id)
    if pdf is None:
        return None, None
    sealed = resources.sealer.seal_bytes(matter.person_id, pdf)
    keep_until = now + timedelta(days=content.letter_days)
    return pdf, KeptLetter(reservation.attempt_id, matter.person_id, sealed, sha256(pdf).hexdigest(), keep_until)
