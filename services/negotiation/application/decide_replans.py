"""Whether a case whose plans keep breaking gets another one: a person decides, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from services.negotiation.application.draw_offers import draw_offers
from services.negotiation.application.ports import OpenWork, Step, Work
from services.negotiation.application.replan import REPLAN_LIMIT, new_offers
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.application.watch_ports import ReplanDecision
from services.negotiation.domain.case_file import CaseFile, Hold
from services.negotiation.domain.watch.refusals import AlreadyDecided

REFUSED_FOR = timedelta(days=182)
"""How long "no further plan" holds: circumstances change within half a year, and the next request is looked at anew."""


async def list_replan_decisions(
    begin: OpenWork, after: tuple[datetime, UUID] | None, limit: int
) -> list[ReplanDecision]:
    async with begin(is_staff=True) as work:
        return await work.replans.queue(after, limit)


async def decide_replan(
    begin: OpenWork, decision_id: UUID, verdict: Literal["allowed", "refused"], reasons: Sequence[str], staff_id: str
) -> ReplanDecision:
    """Decide once; the same verdict again answers with the first. Raises NoSuchThing, AlreadyDecided."""
    async with begin(is_staff=True) as work:
        case_id = (await work.replans.find(decision_id)).case_id
    async with begin(case_id) as work:
        case = (await work.cases.for_change([case_id]))[case_id]
        decision = await work.replans.find(decision_id)
        if decision.state == verdict:
            return decision
        if decision.state != "open":
            raise AlreadyDecided
        decided = replace(decision, state=verdict, decided_at=work.now, decided_by=staff_id, reasons=tuple(reasons))
        await work.replans.end(decided)
        if verdict == "allowed":
            await work.holds.release([(decision_id, case_id, case.creditor_id, REPLAN_LIMIT)])
            await _replan(work, case)
        else:
            hold = Hold(REPLAN_LIMIT, work.now + REFUSED_FOR, is_released=False)
            await work.holds.apply([(decision_id, case_id, case.creditor_id, hold)])
        await work.commit()
        return decided


async def _replan(work: Work, case: CaseFile) -> None:
    if case.plan is None or not case.may_be_offered():
        return
    on_file = (await work.offers.current([case.case_id])).get(case.case_id, [])
    await work.offers.withdraw_offers([offer.offer_id for offer in on_file])
    offers = new_offers(work, case, (await draw_offers(work, [case]))[case.case_id], None)
    await work.offers.add(offers)
    if offers:
        await take_steps(work, [Step(case.plan.plan_id, case.case_id, case.creditor_id, "replanned", work.now, None)])
