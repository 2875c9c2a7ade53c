"""Answers to people's own messages: a promise said back, a question for the day, calm words. Never a demand.

Each passes the gate as every contact does, is reserved before it is sent, and leaves by the way the message came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.outreach.application.carry_out_contacts import carry_out_contacts
from services.outreach.application.follow_promises import CONTRADICT_WITHIN
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_contacts import ASK_AGAIN_AFTER, Proposals
from services.outreach.application.records import KeptDecision, Reservation
from services.outreach.application.reply_records import DueAnswer
from services.outreach.domain.case_file import CaseFile, SaidBack
from services.outreach.domain.escalation.asked_for import ANSWER_WITHIN
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import Request
from shared.kernel.identifiers import new_id

ANSWERS_MAX = 100
TRIES_MAX = 5
CHECK_AFTER = timedelta(hours=1)
PURPOSE, RUNG = "answer", "reminder"


async def send_answers(resources: Resources) -> int:
    """Handle one batch of due answers; answers with its size."""
    async with resources.begin() as work:
        claimed = await work.answers.claim_due(ANSWERS_MAX)
        ours = await work.groups.hold({answer.case_id for answer in claimed}, wait=False)
        due = [answer for answer in claimed if answer.case_id in ours]
        if not due:
            return 0
        await resources.wording.refresh(work.templates)
        gone = await _note_sent(work, due)
        asked = [answer for answer in due if answer.answer_id not in gone]
        files = await work.files.load([answer.case_id for answer in asked])
        proposals = Proposals(files={a.case_id: _said_back(files[a.case_id], a) for a in asked})
        saved, persons = [], set()
        for answer in asked:
            human_id = files[answer.case_id].human_id
            if human_id in persons:
                # The facts do not know yet what the answer before this one has used: next sweep.
                continue
            persons.add(human_id)
            saved.append(_propose(resources, work, answer, proposals))
        leases = await work.attempts.reserve(proposals.reservations, resources.limits.lease_s)
        await work.decisions.add(proposals.decisions)
        await work.answers.save(saved)
        await work.commit()
    if leases:
        await carry_out_contacts(resources, proposals, leases)
        async with resources.begin() as work:
            await _note_sent(work, saved)
            await _ask_again_at_once(work, saved)
            await work.commit()
    return len(due)


async def _ask_again_at_once(work: Work, answers: Sequence[DueAnswer]) -> None:
    """News takes back what is reserved: the gate is asked again with it, and nobody waits longer for an answer."""
    reserved = {answer.attempt_id for answer in answers if answer.attempt_id is not None and answer.state == "due"}
    back = await work.answers.taken_back(sorted(reserved))
    await work.answers.save([replace(answer, due_at=work.now) for answer in answers if answer.attempt_id in back])


async def _note_sent(work: Work, answers: Sequence[DueAnswer]) -> set[UUID]:
    """Answers that have left; a promise that was said back counts from two days later on."""
    left = await work.answers.left([a.attempt_id for a in answers if a.attempt_id is not None])
    sent = [answer for answer in answers if answer.attempt_id in left]
    await work.answers.save([replace(answer, state="sent", due_at=None) for answer in sent])
    for answer in sent:
        if answer.purpose == "confirmation":
            await work.promises.said_back(answer.reply_id, work.now + CONTRADICT_WITHIN)
    return {answer.answer_id for answer in sent}


def _propose(resources: Resources, work: Work, answer: DueAnswer, proposals: Proposals) -> DueAnswer:
    """Ask the gate; answers with what is to be kept of it."""
    file, now = proposals.files[answer.case_id], work.now
    template = resources.wording.template(answer.purpose, answer.channel)
    point = next((p for p in file.points if p.contact_point_id == answer.contact_point_id and not p.is_wrong), None)
    if template is None or point is None or now > answer.in_reply_to + ANSWER_WITHIN or answer.tries >= TRIES_MAX:
        return replace(answer, state="refused", due_at=None)
    request = Request(
        case_id=str(file.case_id),
        channel=answer.channel,
        rung=RUNG,
        contact_point_id=str(answer.contact_point_id),
        purpose=PURPOSE,
        in_reply_to=answer.in_reply_to,
    )
    decision = decide(request, file.facts(point), resources.packs, now)
    kept = KeptDecision(
        decision_id=new_id(),
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=answer.contact_point_id,
        channel=answer.channel,
        rung=RUNG,
        decision=decision,
        decided_at=now,
    )
    proposals.decisions.append(kept)
    if not decision.is_allowed:
        if decision.until is None:
            return replace(answer, state="refused", due_at=None)
        return replace(answer, due_at=max(decision.until, now + ASK_AGAIN_AFTER))
    attempt_id = answer.attempt_id or new_id()
    proposals.reservations.append(
        Reservation(
            attempt_id=attempt_id,
            case_id=file.case_id,
            person_id=file.person_id,
            creditor_id=file.creditor_id,
            contact_point_id=answer.contact_point_id,
            channel=answer.channel,
            rung=RUNG,
            template=template,
            decision_id=kept.decision_id,
        )
    )
    return replace(answer, attempt_id=attempt_id, tries=answer.tries + 1, due_at=now + CHECK_AFTER)


def _said_back(file: CaseFile, answer: DueAnswer) -> CaseFile:
    if answer.promised_on is None:
        return file
    return replace(file, said_back=SaidBack(answer.promised_on, answer.promised_minor_units))
