"""After a broken plan: new offers, the best one put at once, unless the case has had as many plans as it may."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from services.negotiation.application.ports import Offer, Work
from services.negotiation.application.propose_offers import prepare, put
from services.negotiation.application.resolve_mandates import resolve_mandates
from services.negotiation.application.watch_ports import ReplanDecision
from services.negotiation.domain.case_file import CaseFile, Hold
from services.negotiation.domain.offers import Draft, because
from services.negotiation.domain.watch.limits import OUR_LIMIT
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.kernel.identifiers import new_id

REPLAN_LIMIT = "replan_limit"
"""A hold of our own: nothing new is agreed until a person has decided, whoever asks and by whichever way."""


def new_offers(work: Work, case: CaseFile, drawn: Sequence[Draft], cause: Event[EventBody] | None) -> list[Offer]:
    """New offers after a broken plan; the best one is put to the borrower without waiting for them to look."""
    drafts = [because(draft, "after_broken_plan") for draft in drawn]
    offers = prepare(work, case, drafts, round_=max(1, case.rounds))
    if offers:
        offers[0] = put(work, case, offers[0], caused_by=cause)
    return offers


async def at_their_limit(work: Work, cases: Collection[CaseFile]) -> set[UUID]:
    """The cases whose next plan is for a person to decide; a decision is opened for each, and holds the case.

    A decision that is open already stays the one.
    """
    if not cases:
        return set()
    mandates = await resolve_mandates(work, cases)
    agreed = await work.watch.agreed_at([case.case_id for case in cases])
    waiting = {decision.case_id for decision in await work.replans.open_of([case.case_id for case in cases])}
    decisions: list[ReplanDecision] = []
    for case in cases:
        days = [case.today(moment) for moment in agreed.get(case.case_id, [])]
        limit = mandates[case.case_id].limits.replans.otherwise(OUR_LIMIT)
        reached = limit.reached(days, case.today(work.now))
        if reached is None or case.case_id in waiting or case.plan is None:
            continue
        decisions.append(
            ReplanDecision(
                decision_id=new_id(),
                case_id=case.case_id,
                creditor_id=case.creditor_id,
                plan_id=case.plan.plan_id,
                reached=reached,
                plans=len(days),
                state="open",
                opened_at=work.now,
            )
        )
    await work.replans.open(decisions)
    hold = Hold(REPLAN_LIMIT, None, is_released=False)
    await work.holds.apply([(d.decision_id, d.case_id, d.creditor_id, hold) for d in decisions])
    return waiting | {decision.case_id for decision in decisions}
