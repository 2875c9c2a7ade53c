"""What happens to a case happens to its legal file at once: closed, halted, resumed, and said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from services.negotiation.application.legal_facts import circumstances_of
from services.negotiation.application.ports import Work
from services.negotiation.domain.legal import steps
from services.negotiation.domain.legal.entries import Entry
from services.negotiation.domain.legal.file import LegalFile
from shared.events.body import EventBody
from shared.events.case_assessed import CaseAssessed
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.complaint_closed import ComplaintClosed
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.legal_advanced import LegalAdvanced
from shared.events.legal_closed import LegalClosed
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed

B = TypeVar("B", HoldApplied, HoldReleased, CaseAssessed, CaseRecalled, CaseClosed)


async def follow_in_law(work: Work, events: Sequence[Event[B]]) -> None:
    """After the case itself has taken the event in."""
    await _react(work, {event.body.case_id: event for event in events})


async def follow_plans_in_law(work: Work, events: Sequence[Event[PlanAgreed]]) -> None:
    """What was agreed settles the claim, also where the plan has ended by the time we hear of it."""
    files = await _files(work, {event.body.case_id for event in events})
    for event in events:
        file = files.get(event.body.case_id)
        if file is not None and event.body.agreed_at >= file.opened_at:
            files.pop(file.case_id)
            await keep(work, [steps.close(file, "settled", ("plan_agreed",), "system", work.now)], event)


async def follow_erasures_in_law(work: Work, events: Sequence[Event[PersonErased]]) -> None:
    await _react(work, {case_id: event for event in events for case_id in event.body.case_ids})


async def follow_complaints_in_law(work: Work, events: Sequence[Event[ComplaintClosed]]) -> None:
    """Nobody goes on against somebody who was right to complain, until counsel has said what follows from it."""
    upheld = {e.body.case_id: e for e in events if e.body.outcome in ("upheld", "partly_upheld")}
    for case_id, file in (await _files(work, upheld)).items():
        body = {"complaint_upheld": True, "complaint_id": str(upheld[case_id].body.complaint_id)}
        written = file.write("note", "system", "complaint_upheld", work.now, body)
        await keep(work, [written], upheld[case_id])
    await _react(work, upheld)


async def _files(work: Work, case_ids: Collection[UUID]) -> dict[UUID, LegalFile]:
    """The open files of cases that are locked first. Most cases have none."""
    found = await work.legal.with_open_files(case_ids)
    if not found:
        return {}
    await work.cases.for_change(found)
    return await work.legal.for_change(found)


async def _react(work: Work, causes: Mapping[UUID, Event[EventBody]]) -> None:
    files = await _files(work, causes.keys())
    if not files:
        return
    cases = await work.cases.for_change(files)
    standing = await circumstances_of(work, cases, files)
    for case_id, file in files.items():
        await keep(work, steps.react(file, standing[case_id], work.now), causes[case_id])


async def keep(work: Work, written: Sequence[steps.Written], cause: Event[EventBody] | None = None) -> None:
    """Save what was written into one file, and say what others have to know of it."""
    if not written:
        return
    for file, entry in written:
        body = said_of(file, entry)
        if body is not None:
            work.announce(body, cause)
    await work.legal.save(written[-1][0], [entry for _, entry in written], work.now)


def said_of(file: LegalFile, entry: Entry) -> EventBody | None:
    """The event of an entry, if it is one that others hear of."""
    if entry.kind == "closed":
        return LegalClosed(
            case_id=file.case_id,
            creditor_id=file.creditor_id,
            legal_id=file.legal_id,
            outcome=entry.body["outcome"],
            reasons=tuple(entry.body["reasons"]),
            closed_at=entry.at,
        )
    if entry.kind not in ("step", "halted", "resumed"):
        return None
    step = str(entry.body["step"]) if entry.kind == "step" else entry.kind
    return LegalAdvanced(
        case_id=file.case_id,
        creditor_id=file.creditor_id,
        legal_id=file.legal_id,
        step=step,
        counsel_signature_hash=entry.body.get("signature_hash"),
        documents_hash=entry.body.get("contents_hash"),
        respond_by=file.respond_by if step == "letter_before_action" else None,
        advanced_at=entry.at,
    )
