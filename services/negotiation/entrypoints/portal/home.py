"""The first page: what is owed and to whom, what it comes from, where things stand, and what can be done next."""

from __future__ import annotations

from fastapi import Request, Response

from services.negotiation.application.show_case import PlanView, show_case
from services.negotiation.domain.plan import InstalmentStanding
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import HOME as PATH
from services.negotiation.entrypoints.portal.frame import Section, render, section_router
from services.negotiation.entrypoints.portal.texts.debt import HOME
from services.negotiation.entrypoints.portal.visitor import Visitor

router = section_router()
anywhere = section_router()
"""Comes after all sections."""
SECTION = Section(PATH, "Overview", "概览", router)


@router.get(PATH)
async def see_home(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        view = await show_case(work, visit.case_id)
    # The vault is asked outside the transaction: it is a call over the network.
    names = await resources.vault.reveal(visit.case_id)
    return render(
        request,
        visit,
        "home.html",
        texts=HOME,
        case=view.case,
        view=view,
        names=names,
        next_due=next_due(view.plan),
        contract=view.case.contract,
    )


@anywhere.get(PATH + "/{path:path}")
async def see_nothing(path: str, visit: Visitor) -> Response:
    """An address that is none of ours, for whoever is in: a page and not a document for programs."""
    raise NoSuchThing("page")


def next_due(plan: PlanView | None) -> InstalmentStanding | None:
    """The first instalment of a running plan that has not come in whole."""
    if plan is None or plan.plan.status != "active":
        return None
    return next((standing for standing, _ in plan.instalments if not standing.is_paid), None)
