"""Steps in law and what courts do: each with its leave, one transaction each."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.negotiation.application.legal_ports import OutreachAway
from services.negotiation.application.ports import Resources
from services.negotiation.application.work_legal_file import Acting, acting, law_for, put_deadline
from services.negotiation.domain.legal import steps
from services.negotiation.domain.legal.file import LegalFile
from services.negotiation.domain.legal.grounds import NotLawful
from services.negotiation.domain.legal.leave import FILINGS, CompletedChecklist, EnforcementLeave, LetterLeave
from services.negotiation.domain.legal.signature import CounselSignature
from services.negotiation.domain.legal.stops import Unhindered
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Invalid, NotAllowed, Overloaded, Reason

PLACE_KINDS = ("court", "tribunal", "mediation_centre", "by_telephone", "by_video", "on_paper")
HEARING_OUTCOMES = ("adjourned", "part_heard", "settled", "decided", "not_attended", "withdrawn")


async def send_letter(resources: Resources, who: str, legal_id: UUID) -> LegalFile:
    """The letter before action has been posted today."""
    await _require_handover(resources, legal_id)
    async with acting(resources, legal_id) as act:
        leave = LetterLeave(**await _ground(act, "letter_before_action", resources.legal.key))
        act.take(steps.send_letter(leave, who, "as_signed"))
        await put_deadline(act, "system", "response_ends", leave.respond_by)
    return act.file


async def file_claim(
    resources: Resources, who: str, legal_id: UUID, forum: str, amount: int, reference: str
) -> LegalFile:
    """The claim has been filed today; `amount` in minor units of the case's currency."""
    if forum not in FILINGS:
        raise Invalid("forum", "a claim is brought by suit or by arbitration")
    await _require_handover(resources, legal_id)
    async with acting(resources, legal_id) as act:
        ground = await _ground(act, forum, resources.legal.key)
        checklist = CompletedChecklist(act.file, law_for(act.file))
        filing = FILINGS[forum](**ground, checklist=checklist, amount=amount, currency=act.case.currency)
        act.take(steps.file_claim(filing, who, "as_signed", reference))
    return act.file


async def enforce(resources: Resources, who: str, legal_id: UUID) -> LegalFile:
    async with acting(resources, legal_id) as act:
        leave = EnforcementLeave(**await _ground(act, "enforcement", resources.legal.key))
        act.take(steps.enforce(leave, who, "as_signed"))
    return act.file


async def offer_mediation(resources: Resources, who: str, legal_id: UUID) -> LegalFile:
    async with acting(resources, legal_id) as act:
        act.take(steps.offer_mediation(act.file, Unhindered(act.standing), who, "offered", act.now))
    return act.file


async def record_mediation(resources: Resources, who: str, legal_id: UUID, result: str) -> LegalFile:
    async with acting(resources, legal_id) as act:
        act.take(steps.record_mediation(act.file, result, who, "reported", act.now))
    return act.file


async def record_judgment(
    resources: Resources, who: str, legal_id: UUID, is_won: bool, pay_by: date, enforceable_until: date
) -> LegalFile:
    """A judgment or an award. One that is lost closes the file."""
    async with acting(resources, legal_id) as act:
        days = {"pay_by": pay_by, "enforceable_until": enforceable_until}
        act.take(steps.record_fact(act.file, "judgment", who, "by_the_court", act.now, days))
        if is_won:
            await put_deadline(act, "system", "enforcement", enforceable_until)
        else:
            act.take(steps.close(act.file, "lost", ("claim_dismissed",), who, act.now))
    return act.file


async def set_hearing(resources: Resources, who: str, legal_id: UUID, on: date, place_kind: str) -> LegalFile:
    """The first one set moves a filed case on to `hearing`."""
    if place_kind not in PLACE_KINDS:
        raise Invalid("place_kind", "where hearings are held: " + ", ".join(PLACE_KINDS))
    async with acting(resources, legal_id) as act:
        body = {"hearing_id": str(new_id()), "on": on.isoformat(), "place_kind": place_kind}
        if act.file.state in ("suit", "arbitration"):
            act.take(steps.record_fact(act.file, "hearing", who, "by_the_court", act.now))
        act.write("hearing", who, "set", body)
        await put_deadline(act, who, "hearing", on)
    return act.file


async def record_hearing(resources: Resources, who: str, legal_id: UUID, hearing_id: str, outcome: str) -> LegalFile:
    if outcome not in HEARING_OUTCOMES:
        raise Invalid("hearing_outcome", "how hearings end: " + ", ".join(HEARING_OUTCOMES))
    async with acting(resources, legal_id) as act:
        act.write("hearing_outcome", who, "held", {"hearing_id": hearing_id, "outcome": outcome})
    return act.file


async def _require_handover(resources: Resources, legal_id: UUID) -> None:
    """Outreach may have taken the hand-over back. If nobody can tell, nothing is sent or filed."""
    async with resources.begin(is_staff=True) as work:
        file = await work.legal.read(legal_id)
    try:
        state = await resources.legal.handovers.state(file.proof.handover_id)
    except OutreachAway:
        said = "whether the hand-over still stands cannot be told now; try again later"
        raise Overloaded("outreach_away", said, retry_after_s=60) from None
    if state != "signed":
        raise NotAllowed("handover_withdrawn", "outreach has taken the hand-over back", [Reason("handover_withdrawn")])


async def _ground(act: Acting, step: str, key: bytes) -> dict[str, Any]:
    """What every leave stands on. A signature whose seal does not fit is none."""
    record = act.file.latest_signature(step)
    if record is None:
        raise NotLawful("not_signed", "counsel has not signed")
    return {
        "file": act.file,
        "signature": CounselSignature(act.file.legal_id, record, key),
        "unhindered": Unhindered(act.standing),
        "limit": await act.limit(),
        "at": act.now,
        "on": act.today,
    }
