"""Before a call by hand: proof of the softer step, unless the borrower asked for the call or is answered by it."""

from __future__ import annotations

from uuid import UUID

from services.outreach.application.ports import Resources, Work
from services.outreach.domain.escalation.asked_for import is_asked_for
from services.outreach.domain.escalation.proof import ToCall, prove


async def clear_call(resources: Resources, work: Work, case_id: UUID) -> tuple[str, ...]:
    """The rungs that are proven, a fact for the gate; none where the call is asked for. Raises `NotProven`."""
    history = (await work.escalations.histories([case_id]))[case_id]
    if is_asked_for(history, await work.escalations.call_back_at(case_id), work.now):
        return ()
    return prove(ToCall, history, resources.proof_rules, work.now).rungs
