"""On case.assessed: note the assessment, and prepare the offers that follow from it.

After a broken plan this is the playbook's second half: reassessed, then re-planned, and the best offer put at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.negotiation.application.ports import Offer, Step, Work
from services.negotiation.application.propose_offers import prepare, put
from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.offers import because, first_offers
from shared.events.case_assessed import CaseAssessed
from shared.events.envelope import Event


async def prepare_offers(work: Work, events: Sequence[Event[CaseAssessed]]) -> None:
    cases = await work.cases.for_change({event.body.case_id for event in events})
    broken: dict[UUID, Event[CaseAssessed]] = {}
    for event in events:
        case = cases[event.body.case_id]
        cases[case.case_id] = replace(case, assessment=_assessment(event.body))
        if event.body.trigger == "default.detected" and case.plan is not None and case.plan.status == "defaulted":
            broken[case.case_id] = event
    eligible = {case_id: case for case_id, case in cases.items() if case.may_be_offered()}
    on_file = await work.offers.current(eligible)
    fresh: list[Offer] = []
    steps: list[Step] = []
    stale: list[UUID] = []
    for case_id, case in eligible.items():
        standing = [offer for offer in on_file.get(case_id, []) if offer.is_open(work.now)]
        stale += [offer.offer_id for offer in on_file.get(case_id, []) if not offer.is_open(work.now)]
        if case_id in broken:
            offers, taken = _replan(work, case, broken[case_id])
            fresh += offers
            steps += taken
        else:
            kinds = {offer.outline.kind for offer in standing}
            wanted = [d for d in first_offers(case, case.today(work.now)) if d.outline.kind not in kinds]
            fresh += prepare(work, case, wanted, round_=max(1, case.rounds))
    await work.offers.withdraw_offers(stale)
    await work.offers.add(fresh)
    await work.plans.record_steps(steps)
    await work.cases.save(list(cases.values()))


def _replan(work: Work, case: CaseFile, event: Event[CaseAssessed]) -> tuple[list[Offer], list[Step]]:
    """New offers after a broken plan; the best one is put to the borrower without waiting for them to look."""
    drafts = [because(draft, "after_broken_plan") for draft in first_offers(case, case.today(work.now))]
    offers = prepare(work, case, drafts, round_=max(1, case.rounds))
    if offers:
        offers[0] = put(work, case, offers[0], caused_by=event)
    if case.plan is None:
        raise AssertionError("a case with a broken plan has a plan")
    plan_id = case.plan.plan_id
    steps = [Step(plan_id, case.case_id, case.creditor_id, "reassessed", work.now, event.event_id)]
    if offers:
        steps.append(Step(plan_id, case.case_id, case.creditor_id, "replanned", work.now, event.event_id))
    return offers, steps


def _assessment(body: CaseAssessed) -> Assessment:
    return Assessment(
        risk_grade=body.risk_grade,
        stage=body.stage,
        arrears_cause=body.arrears_cause,
        affordable_monthly=body.affordable_monthly,
        is_vulnerable=body.is_vulnerable,
    )
