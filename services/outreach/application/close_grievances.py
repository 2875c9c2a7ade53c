"""Complaints and disputes: closing one says its outcome and ends the hold it stood for, unless another is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from services.outreach.application.apply_holds import end_holds
from services.outreach.application.ports import Grievances, Resources, Work
from services.outreach.application.records import Grievance
from shared.events.complaint_closed import ComplaintClosed
from shared.events.dispute_closed import DisputeClosed
from shared.kernel.refusal import NotFound

Kind = Literal["complaint", "dispute"]


async def list_grievances(resources: Resources, kind: Kind, *, is_open: bool, limit: int) -> Sequence[Grievance]:
    async with resources.begin() as work:
        return await _of(work, kind).find(is_open=is_open, limit=limit)


async def close_grievance(resources: Resources, kind: Kind, grievance_id: UUID, outcome: str) -> Grievance:
    """Twice is the same as once: the first outcome stands."""
    async with resources.begin() as work:
        found = await _of(work, kind).get(grievance_id)
        if found is None:
            raise NotFound(f"{kind}_unknown", f"there is no such {kind}")
        await work.files.lock([found.case_id])
        closed = await _of(work, kind).close(grievance_id, outcome, work.now)
        if closed is not None:
            _announce(work, kind, closed)
            if await _of(work, kind).open_count(found.case_id) == 0:
                hold = await work.holds.standing(found.case_id, kind)
                if hold is not None:
                    await end_holds(work, [hold], f"{kind}_closed")
        latest = await _of(work, kind).get(grievance_id)
        await work.commit()
    assert latest is not None
    return latest


def _of(work: Work, kind: Kind) -> Grievances:
    return work.complaints if kind == "complaint" else work.disputes


def _announce(work: Work, kind: Kind, closed: Grievance) -> None:
    common = {
        "case_id": closed.case_id,
        "creditor_id": closed.creditor_id,
        "outcome": closed.outcome,
        "closed_at": closed.closed_at,
    }
    if kind == "complaint":
        work.announce(ComplaintClosed.model_validate({**common, "complaint_id": closed.id}))
    else:
        work.announce(DisputeClosed.model_validate({**common, "dispute_id": closed.id}))
