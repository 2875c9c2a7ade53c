"""Decide what somebody asked, and let follow what follows from it, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from services.negotiation.application.approval_effects import EFFECTS
from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.domain.approvals import Actor, Approval, Verdict

EXPIRED_MAX = 500
"""Questions closed in one sweep."""


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    reasons: tuple[str, ...]
    note: str = ""


async def decide_approval(work: Work, approval_id: UUID, decision: Decision, by: Actor) -> Approval:
    """The answered question; the same answer by the same person again changes nothing.

    Raises NoSuchThing, AlreadyDecided, ApprovalExpired, MayNotDecide, and what the effect refuses.
    """
    seen = await work.approvals.read(approval_id)
    if seen.case_id is not None:
        # The case's row first, as everywhere: two transactions never wait for each other in a circle.
        await work.cases.for_change([seen.case_id])
    approval = await work.approvals.for_change(approval_id)
    if approval.is_decision_repeated(decision.verdict, by):
        return approval
    decided = approval.decide(decision.verdict, by, work.now, decision.reasons, decision.note)
    await work.approvals.save([decided])
    effect = EFFECTS.get(decided.kind)
    if effect is not None:
        await effect(work, decided)
    return decided


async def creditor_of_approval(begin: OpenWork, approval_id: UUID) -> UUID:
    """Whose it is, for staff, who see every lender's queue but decide within one lender's rows."""
    async with begin(is_staff=True) as work:
        return (await work.approvals.read(approval_id)).creditor_id


async def expire_approvals(begin: OpenWork) -> int:
    """Close what nobody decided in time; answers with how many."""
    async with begin() as work:
        expired = await work.approvals.lock_expired(work.now, EXPIRED_MAX)
        await work.approvals.save([replace(approval, status="expired") for approval in expired])
        for approval in expired:
            effect = EFFECTS.get(approval.kind)
            if effect is not None:
                await effect(work, replace(approval, status="expired"))
        await work.commit()
    return len(expired)
