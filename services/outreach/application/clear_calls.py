"""Before a call by hand: proof of the softer step, unless the borrower asked for the call or is answered by it."""

from __future__ import annotations

from uuid import UUID

from services.outreach.application.ports import Resources, Work
from services.outreach.domain.escalation.asked_for import is_asked_for
from services.outreach.domain.escalation.proof import ToCall, prove
from services.outreach.domain.escalation.records import NotProven
from shared.kernel.refusal import NotAllowed, Reason


async def clear_call(resources: Resources, work: Work, case_id: UUID) -> tuple[str, ...]:
    """The rungs that are proven, a fact for the gate; none where the call is asked for. Raises `NotProven`."""
    history = (await work.escalations.histories([case_id]))[case_id]
    if is_asked_for(history, await work.escalations.call_back_at(case_id), work.now):
        return ()
    return prove(ToCall, history, resources.proof_rules, work.now).rungs


def not_proven(missing: NotProven) -> NotAllowed:
    reasons = [Reason(f"not_proven.{missing.rung}", "", missing.reason)]
    return NotAllowed("escalation_not_proven", "it is not proven that the softer steps were taken", reasons)
