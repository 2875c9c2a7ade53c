"""Complaints and disputes: closing one says its outcome and ends the hold it stood for, unless another is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal
from uuid import UUID

from services.outreach.application.apply_holds import end_holds, put_on_hold
from services.outreach.application.case_ports import Grievances
from services.outreach.application.desk_records import Step
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import Grievance, NewHold
from shared.events.complaint_closed import ComplaintClosed
from shared.events.dispute_closed import DisputeClosed
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import NotFound

Kind = Literal["complaint", "dispute"]
UNNAMED = "staff"
NOT_OWED = "debt_withdrawn"


async def list_grievances(resources: Resources, kind: Kind, *, is_open: bool, limit: int) -> Sequence[Grievance]:
    async with resources.begin() as work:
        return await _of(work, kind).find(is_open=is_open, limit=limit)


async def close_grievance(
    resources: Resources, kind: Kind, grievance_id: UUID, outcome: str, who: str = UNNAMED
) -> Grievance:
    """Twice is the same as once: the first outcome stands."""
    async with resources.begin() as work:
        found = await _of(work, kind).get(grievance_id)
        if found is None:
            raise NotFound(f"{kind}_unknown", f"there is no such {kind}")
        await work.files.lock([found.case_id])
        await close_in(work, kind, grievance_id, outcome, who)
        latest = await _of(work, kind).get(grievance_id)
        await work.commit()
    assert latest is not None
    return latest


async def close_in(work: Work, kind: Kind, grievance_id: UUID, outcome: str, who: str) -> None:
    """In the caller's transaction, which holds the person's lock."""
    closed = await _of(work, kind).close(grievance_id, outcome, work.now)
    if closed is None:
        return
    await _close_matter(work, grievance_id, outcome, who)
    matter = await work.matters.get(grievance_id)
    _announce(work, kind, closed, matter.root_cause if matter is not None else None)
    if kind == "dispute" and outcome == NOT_OWED:
        # Not owed: nobody is asked for it again. The hold stands until the creditor has taken the case back.
        await put_on_hold(
            work,
            [NewHold(new_id(), closed.case_id, closed.creditor_id, "cease", None, DisputeClosed.event_type)],
        )
        await work.plans.end([closed.case_id])
    if await _of(work, kind).open_count(closed.case_id) == 0:
        hold = await work.holds.standing(closed.case_id, kind)
        if hold is not None:
            await end_holds(work, [hold], f"{kind}_closed")


async def _close_matter(work: Work, matter_id: UUID, outcome: str, who: str) -> None:
    matter = await work.matters.get(matter_id)
    if matter is None:
        # From before there was a desk.
        return
    change = replace(
        matter,
        state="closed",
        outcome=outcome,
        answered_at=matter.answered_at or work.now,
        answered_by=matter.answered_by or who,
        closed_at=work.now,
        closed_by=who,
        remind_at=None,
    )
    await work.matters.save(change)
    await work.matters.note(Step(new_id(), matter_id, "closed", outcome, who, work.now))


def _of(work: Work, kind: Kind) -> Grievances:
    return work.complaints if kind == "complaint" else work.disputes


def _announce(work: Work, kind: Kind, closed: Grievance, root_cause: str | None) -> None:
    common = {
        "case_id": closed.case_id,
        "creditor_id": closed.creditor_id,
        "outcome": closed.outcome,
        "closed_at": closed.closed_at,
    }
    if kind == "complaint":
        body = {**common, "complaint_id": closed.id, "root_cause": root_cause}
        work.announce(ComplaintClosed.model_validate(body))
    else:
        work.announce(DisputeClosed.model_validate({**common, "dispute_id": closed.id}))
