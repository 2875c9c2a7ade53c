"""The plan: its terms, each instalment as it stands, and its seal."""

from __future__ import annotations

from fastapi import Request, Response

from services.negotiation.application.show_case import show_case
from services.negotiation.application.withdraw_from_plan import right_of
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import Section, render, section_router
from services.negotiation.entrypoints.portal.home import next_due
from services.negotiation.entrypoints.portal.offers import PLAN_PATH as PATH
from services.negotiation.entrypoints.portal.offers import shown
from services.negotiation.entrypoints.portal.texts.debt import HOME, PLAN
from services.negotiation.entrypoints.portal.texts.papers import WITHDRAW
from services.negotiation.entrypoints.portal.visitor import Visitor

router = section_router()
SECTION = Section(PATH, "Plan", "计划", router)
TEXTS = {
    "until": WITHDRAW["until"],
    "withdraw": WITHDRAW["link"],
    "next_due": HOME["next_due"],
    "all_paid": HOME["all_paid"],
    **PLAN,
}


@router.get(PATH)
async def see_plan(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        right = await right_of(work, case)
        view = await show_case(work, visit.case_id)
    plan = view.plan
    return render(
        request,
        visit,
        "plan.html",
        texts=TEXTS,
        case=view.case,
        view=view,
        shown=shown(plan.plan.terms, plan.plan.terms.total + plan.plan.terms.discount) if plan else None,
        next_due=next_due(plan),
        right=right if right is not None and right.is_open else None,
        is_new=request.query_params.get("said") == "agreed" and plan is not None,
    )
