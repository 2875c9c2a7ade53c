"""On case.assessed: note the assessment, and prepare the offers that follow from it.

After a broken plan this is the playbook's second half: reassessed, then re-planned, and the best offer put at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.negotiation.application.draw_offers import draw_offers
from services.negotiation.application.ports import Offer, Step, Work
from services.negotiation.application.propose_offers import prepare
from services.negotiation.application.replan import at_their_limit, new_offers
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.domain.case_file import Assessment
from services.negotiation.domain.offers.choose import beside
from shared.events.case_assessed import CaseAssessed
from shared.events.envelope import Event


async def prepare_offers(work: Work, events: Sequence[Event[CaseAssessed]]) -> None:
    cases = await work.cases.for_change({event.body.case_id for event in events})
    broken: dict[UUID, Event[CaseAssessed]] = {}
    plan_of: dict[UUID, UUID] = {}
    for event in events:
        case = cases[event.body.case_id]
        cases[case.case_id] = replace(case, assessment=_assessment(event.body))
        if event.body.trigger == "default.detected" and case.plan is not None and case.plan.status == "defaulted":
            broken[case.case_id] = event
            plan_of[case.case_id] = case.plan.plan_id
    eligible = {case_id: case for case_id, case in cases.items() if case.may_be_offered()}
    at_limit = await at_their_limit(work, [eligible[case_id] for case_id in broken if case_id in eligible])
    on_file = await work.offers.current(eligible)
    drawn = await draw_offers(work, [case for case_id, case in eligible.items() if case_id not in at_limit])
    fresh: list[Offer] = []
    steps: list[Step] = []
    stale: list[UUID] = []
    for case_id, case in eligible.items():
        standing = [offer for offer in on_file.get(case_id, []) if offer.is_open(work.now)]
        stale += [offer.offer_id for offer in on_file.get(case_id, []) if not offer.is_open(work.now)]
        if case_id in broken:
            owner, event_id = (case_id, case.creditor_id), broken[case_id].event_id
            steps.append(Step(plan_of[case_id], *owner, "reassessed", work.now, event_id))
            offers = [] if case_id in at_limit else new_offers(work, case, drawn[case_id], broken[case_id])
            fresh += offers
            if case_id in at_limit:
                steps.append(Step(plan_of[case_id], *owner, "limit_reached", work.now, event_id))
            elif offers:
                steps.append(Step(plan_of[case_id], *owner, "replanned", work.now, event_id))
        else:
            wanted = beside([offer.outline for offer in standing], drawn[case_id])
            fresh += prepare(work, case, wanted, round_=max(1, case.rounds))
    await work.offers.withdraw_offers(stale)
    await work.offers.add(fresh)
    await take_steps(work, steps)
    await work.cases.save(list(cases.values()))


def _assessment(body: CaseAssessed) -> Assessment:
    return Assessment(
        risk_grade=body.risk_grade,
        stage=body.stage,
        arrears_cause=body.arrears_cause,
        affordable_monthly=body.affordable_monthly,
        is_vulnerable=body.is_vulnerable,
    )
