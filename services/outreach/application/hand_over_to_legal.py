"""Make a case ready for the legal track: proof of every softer step, then counsel's signature by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.outreach.application.clear_calls import not_proven
from services.outreach.application.escalation_records import LegalHandover
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_visits import case_and_history
from services.outreach.application.prove_steps import is_ready, kept_proof, limitation_of, prepared_handover
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.escalation.handover import CounselSignature, SignedHandover
from services.outreach.domain.escalation.proof import ToHandOver, prove, read_proof
from services.outreach.domain.escalation.records import NotProven
from shared.kernel.refusal import Conflict, NotAllowed, NotFound, Reason

LIMITATION_CLAUSES = "12 CFR 1006.26(b); 民法典 188, 192; own rule: nobody is sued on a debt that may be time-barred"


async def prepare_handover(resources: Resources, who: str, case_id: UUID) -> LegalHandover:
    """Raises `NotAllowed` with the rung that is not proven; `Conflict` where one is open already."""
    async with resources.begin() as work:
        cleared = await _cleared(resources, work, case_id)
        proof = kept_proof(cleared)
        file = (await work.files.load([case_id]))[case_id]
        handover = prepared_handover(file, proof, cleared, who)
        if not await work.handovers.prepare([handover]):
            raise Conflict("handover_open", "this case has an open hand-over already")
        await work.escalations.keep_proofs([proof])
        await work.commit()
    return handover


async def sign_handover(resources: Resources, counsel: str, handover_id: UUID, reference: str) -> LegalHandover:
    """Counsel's signature, by somebody else than who prepared it; the proof is made anew at this moment and kept.

    The same signature again gives the same answer.
    """
    async with resources.begin() as work:
        handover = await _locked(work, handover_id)
        if handover.state == "signed" and (handover.counsel_id, handover.signature_reference) == (counsel, reference):
            return handover
        if handover.state != "prepared":
            raise Conflict("handover_state", f"the hand-over is {handover.state}")
        if handover.prepared_by == counsel:
            raise NotAllowed("counsel_is_preparer", "counsel signs what somebody else has prepared")
        await _still_holds(resources, work, handover)
        cleared = await _cleared(resources, work, handover.case_id)
        signed = SignedHandover(cleared, CounselSignature(counsel, reference, work.now), handover.prepared_by)
        proof = kept_proof(signed.cleared)
        await work.escalations.keep_proofs([proof])
        handover = replace(
            handover,
            state="signed",
            counsel_id=signed.signature.counsel_id,
            signature_reference=signed.signature.reference,
            signed_at=signed.signature.signed_at,
            signed_proof_id=proof.proof_id,
        )
        await work.handovers.save(handover)
        await work.commit()
    return handover


async def withdraw_handover(resources: Resources, handover_id: UUID, because: str) -> LegalHandover:
    """Prepared or signed: it goes no further. Again: the same answer."""
    async with resources.begin() as work:
        handover = await _locked(work, handover_id)
        if handover.state == "withdrawn":
            return handover
        handover = replace(handover, state="withdrawn", closed_because=because)
        await work.handovers.save(handover)
        await work.commit()
    return handover


async def show_handover(resources: Resources, handover_id: UUID) -> tuple[LegalHandover, str]:
    """With the canonical document of the proof that it rests on."""
    async with resources.begin() as work:
        handover = _found(await work.handovers.get(handover_id))
        proof = await work.escalations.proof(handover.signed_proof_id or handover.proof_id)
    return handover, proof.document if proof is not None else ""


async def list_handovers(resources: Resources, state: str, after: UUID | None, limit: int) -> list[LegalHandover]:
    async with resources.begin() as work:
        return await work.handovers.find(state=state, after=after, limit=limit)


async def _cleared(resources: Resources, work: Work, case_id: UUID) -> ToHandOver:
    file, history = await case_and_history(work, case_id)
    if not is_ready(file) or case_id in await work.escalations.vulnerable_among([case_id]):
        raise NotAllowed("case_not_ready", "closed, on hold, on a plan, vulnerable, or a lawyer speaks for the person")
    require_timely(file, work.now)
    try:
        return prove(ToHandOver, history, resources.proof_rules, work.now)
    except NotProven as missing:
        raise not_proven(missing) from None


def require_timely(file: CaseFile, now: datetime) -> None:
    """Raises `NotAllowed` for a debt that is too old for a court, and for one of which that is not known."""
    standing = limitation_of(file, now)
    if standing != "open":
        said = "the period of limitation is over" if standing == "expired" else "the period of limitation is not known"
        raise NotAllowed("limitation", said, [Reason(f"limitation.{standing}", "", LIMITATION_CLAUSES)])


async def _still_holds(resources: Resources, work: Work, handover: LegalHandover) -> None:
    """The proof that was stored when it was prepared: a row edited since then is found here."""
    kept = await work.escalations.proof(handover.proof_id)
    history = (await work.escalations.histories([handover.case_id]))[handover.case_id]
    try:
        if kept is None or kept.case_id != handover.case_id:
            raise NotProven("legal", "there is no proof")
        read_proof(ToHandOver, kept.document, kept.hash, history, resources.proof_rules, work.now)
    except NotProven as missing:
        raise not_proven(missing) from None


async def _locked(work: Work, handover_id: UUID) -> LegalHandover:
    known = _found(await work.handovers.get(handover_id))
    await work.files.lock([known.case_id])
    return _found(await work.handovers.get(handover_id))


def _found(handover: LegalHandover | None) -> LegalHandover:
    if handover is None:
        raise NotFound("handover_unknown", "there is no such hand-over")
    return handover
