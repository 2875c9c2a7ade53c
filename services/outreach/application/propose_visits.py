"""Propose a field visit and let somebody else approve it: only with proof that the softer steps failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.outreach.application.clear_calls import not_proven
from services.outreach.application.escalation_records import Visit
from services.outreach.application.make_hand_calls import denied
from services.outreach.application.ports import Resources, Work
from services.outreach.application.prove_steps import (
    ask_about_visit,
    is_impossible,
    is_ready,
    kept_proof,
    proposed_visit,
    visit_point,
)
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.escalation.proof import ToVisit, prove, read_proof
from services.outreach.domain.escalation.records import Excuse, History, NotProven
from shared.kernel.refusal import Conflict, NotAllowed, NotFound

OPEN = ("proposed", "approved", "ordered", "started")


async def propose_visit(resources: Resources, who: str, case_id: UUID, region: str) -> Visit:
    """Raises `NotAllowed` with the rung that is not proven, or with the gate's reasons where there can be no visit."""
    async with resources.begin() as work:
        file, history = await case_and_history(work, case_id)
        if not is_ready(file):
            raise NotAllowed("case_not_ready", "closed, on hold, on a plan, or a lawyer speaks for the person")
        try:
            cleared = prove(ToVisit, history, resources.proof_rules, work.now)
        except NotProven as missing:
            raise not_proven(missing) from None
        point = visit_point(file)
        asked = ask_about_visit(resources, file, point, cleared, work.now)
        await work.decisions.add([asked])
        if point is None or is_impossible(asked.decision):
            await work.escalations.excuse([Excuse(asked.decision_id, case_id, "visit", work.now)])
            await work.commit()
            raise denied(asked.decision)
        proof = kept_proof(cleared)
        visit = proposed_visit(file, point, proof, cleared, who, region)
        if not await work.visits.propose([visit]):
            raise Conflict("visit_open", "this case has an open visit already")
        await work.escalations.keep_proofs([proof])
        await work.commit()
    return visit


async def approve_visit(resources: Resources, who: str, visit_id: UUID) -> Visit:
    """By somebody else than the proposer; again by the same person: the same answer."""
    async with resources.begin() as work:
        visit = await locked_visit(work, visit_id)
        if visit.state == "approved" and visit.approved_by == who:
            return visit
        if visit.state != "proposed":
            raise wrong_state(visit)
        if visit.proposed_by == who:
            raise NotAllowed("approver_is_proposer", "a visit is approved by somebody else than who proposed it")
        await still_cleared(resources, work, visit)
        approved = replace(visit, state="approved", approved_by=who, approved_at=work.now)
        await work.visits.save(approved)
        await work.commit()
    return approved


async def cancel_visit(resources: Resources, visit_id: UUID, because: str) -> Visit:
    """Nobody goes. A reserved attempt is taken back and does not count; a visit that has begun cannot be cancelled."""
    async with resources.begin() as work:
        visit = await locked_visit(work, visit_id)
        if visit.state == "cancelled":
            return visit
        if visit.state not in ("proposed", "approved", "ordered"):
            raise wrong_state(visit)
        if visit.attempt_id is not None:
            await work.visits.release(visit.attempt_id)
        cancelled = replace(visit, state="cancelled", closed_because=because)
        await work.visits.save(cancelled)
        await work.commit()
    return cancelled


async def show_visit(resources: Resources, visit_id: UUID) -> Visit:
    async with resources.begin() as work:
        return found(await work.visits.get(visit_id))


async def list_visits(
    resources: Resources, state: str, region: str | None, after: UUID | None, limit: int
) -> list[Visit]:
    async with resources.begin() as work:
        return await work.visits.find(state=state, region=region, after=after, limit=limit)


async def case_and_history(work: Work, case_id: UUID) -> tuple[CaseFile, History]:
    """Under the person's lock."""
    if not await work.files.lock([case_id]):
        raise NotFound("case_unknown", "there is no such case")
    file = (await work.files.load([case_id]))[case_id]
    return file, (await work.escalations.histories([case_id]))[case_id]


async def locked_visit(work: Work, visit_id: UUID) -> Visit:
    """The visit as it is under the person's lock."""
    known = found(await work.visits.get(visit_id))
    await work.files.lock([known.case_id])
    await work.groups.hold([known.case_id])
    return found(await work.visits.get(visit_id))


async def still_cleared(resources: Resources, work: Work, visit: Visit, at: datetime | None = None) -> ToVisit:
    """The stored proof, made anew from what is recorded now. Raises `NotAllowed` where it does not hold any more."""
    kept = await work.escalations.proof(visit.proof_id)
    history = (await work.escalations.histories([visit.case_id]))[visit.case_id]
    try:
        if kept is None or kept.case_id != visit.case_id:
            raise NotProven("visit", "there is no proof")
        return read_proof(ToVisit, kept.document, kept.hash, history, resources.proof_rules, at or work.now)
    except NotProven as missing:
        raise not_proven(missing) from None


def wrong_state(visit: Visit) -> Conflict:
    return Conflict("visit_state", f"the visit is {visit.state}")


def found(visit: Visit | None) -> Visit:
    if visit is None:
        raise NotFound("visit_unknown", "there is no such visit")
    return visit
