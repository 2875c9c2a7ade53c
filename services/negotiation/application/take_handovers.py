"""Take over what outreach has handed over to the legal track: looked at again here, and opened as a file or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import structlog

from services.negotiation.application.follow_law import keep
from services.negotiation.application.legal_facts import circumstances_of, limit_of
from services.negotiation.application.legal_ports import DueDeadline, Handover, Handovers, HeardHandover, OutreachAway
from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.legal import steps
from services.negotiation.domain.legal.file import LegalFile
from services.negotiation.domain.legal.grounds import NotLawful
from services.negotiation.domain.legal.ladder_proof import LadderProof
from services.negotiation.domain.legal.stops import Unhindered
from shared.events.legal_opened import LegalOpened
from shared.kernel.identifiers import new_id

PAGE = 100
PAGES_MAX = 20
OVERLAP = timedelta(hours=1)
"""Looked at again every time: a signature is dated before its transaction ends."""
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
WARN_BEFORE = timedelta(days=90)

log = structlog.get_logger("concord.negotiation")


async def take_handovers(begin: OpenWork, handovers: Handovers) -> int:
    """One sweep: how many were new. Outreach being away is no failure; they are there the next time."""
    async with begin() as work:
        since = (await work.legal.latest_signed_at() or BEGINNING) - OVERLAP
    taken, after = 0, None
    for _ in range(PAGES_MAX):
        try:
            page = await handovers.since(since, after, PAGE)
        except OutreachAway:
            log.warning("legal.outreach_away")
            return taken
        async with begin() as work:
            count, is_held_up = await _take(work, page)
            if count:
                await work.commit()
        taken += count
        # A case that we have not heard of yet holds up what was signed later: nothing may be forgotten behind it.
        if is_held_up or len(page) < PAGE:
            break
        after = page[-1].handover_id
    return taken


async def _take(work: Work, page: Sequence[Handover]) -> tuple[int, bool]:
    known = await work.legal.heard([each.handover_id for each in page])
    fresh = [each for each in page if each.handover_id not in known]
    cases = await work.cases.for_change({each.case_id for each in fresh})
    heard: list[HeardHandover] = []
    for handover in fresh:
        case = cases.get(handover.case_id)
        if case is None:
            await work.legal.hear(heard)
            return len(heard), True
        verdict = await _opened(work, handover, case)
        if verdict != "opened":
            log.warning("legal.handover_refused", handover_id=str(handover.handover_id), code=verdict)
        at = (handover.signed_at, verdict, work.now)
        heard.append(HeardHandover(handover.handover_id, case.case_id, case.creditor_id, *at))
    await work.legal.hear(heard)
    return len(heard), False


async def _opened(work: Work, handover: Handover, case: CaseFile) -> str:
    """`opened`, or why no file is opened on it."""
    if await work.legal.with_open_files([case.case_id]):
        return "file_open"
    try:
        if handover.state != "signed" or handover.creditor_id != case.creditor_id:
            raise NotLawful("handover_other", "not signed, or another lender's")
        beginning = _beginning(handover, case, work.now)
        standing = await circumstances_of(work, {case.case_id: case}, {})
        Unhindered(standing[case.case_id])
        limit = await limit_of(work, case, beginning)
        if limit.is_over(case.today(work.now)):
            raise NotLawful("limitation_over", "the time in which a claim may be brought is over")
        file, entry = steps.open_file(beginning)
    except NotLawful as refused:
        return refused.code
    await work.legal.open(beginning, [entry])
    work.announce(
        LegalOpened(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            legal_id=file.legal_id,
            handover_id=handover.handover_id,
            proof_hash=file.proof.hash,
            jurisdiction=case.jurisdiction,
            limitation_ends_on=limit.ends_on,
            opened_at=file.opened_at,
        )
    )
    if limit.ends_on is not None:
        remind_at = datetime.combine(limit.ends_on, time(8), UTC) - WARN_BEFORE
        owner = (file.legal_id, file.case_id, file.creditor_id)
        deadline = DueDeadline(new_id(), *owner, "limitation_ends", limit.ends_on, remind_at)
        body = {"deadline_id": str(deadline.deadline_id), "kind": deadline.kind, "due_on": limit.ends_on.isoformat()}
        await keep(work, [file.write("deadline", "system", "by_law", work.now, body)])
        await work.legal.add_deadline(deadline)
    return "opened"


def _beginning(handover: Handover, case: CaseFile, now: datetime) -> LegalFile:
    proof = LadderProof(
        handover.handover_id,
        handover.case_id,
        handover.proof,
        handover.proof_hash,
        handover.prepared_by,
        handover.signed_by,
        handover.signed_at,
    )
    region = case.contract.region if case.contract is not None else None
    return LegalFile(new_id(), case.case_id, case.creditor_id, case.jurisdiction, region, proof, now)
