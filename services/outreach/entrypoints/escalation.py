"""Field visits and hand-overs to legal, for the staff. `X-Staff-Id` tells maker, checker, team and counsel apart."""

from __future__ import annotations

from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from services.outreach.application import announce_visits, hand_over_to_legal, make_visits, order_visits, propose_visits
from services.outreach.application.ports import Resources
from services.outreach.domain.visits.order import Window
from services.outreach.entrypoints import escalation_schemas as schemas
from shared.service.staff import Staff, StaffMember

LIST_MAX = 200
CAPACITY_MAX = 20


def get_resources(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


Given = Annotated[Resources, Depends(get_resources)]
router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["escalation"])


@router.post("/visits", summary="Propose a visit; needs proof of every softer step", status_code=201)
async def post_visit(body: schemas.ProposalBody, resources: Given, who: StaffMember) -> schemas.VisitAnswer:
    """403 `escalation_not_proven` names the lowest rung that is not proven (`not_proven.letter`)."""
    return schemas.visit_answer(await propose_visits.propose_visit(resources, who, body.case_id, body.region))


@router.get("/visits", summary="Visits in one state")
async def get_visits(
    resources: Given,
    state: Literal["proposed", "approved", "ordered", "started", "settled", "cancelled", "expired"] = "proposed",
    region: Annotated[str | None, Query(pattern=schemas.REGION_PATTERN)] = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 50,
) -> schemas.VisitsAnswer:
    found = await propose_visits.list_visits(resources, state, region, after, limit)
    return schemas.VisitsAnswer(visits=[schemas.visit_answer(visit) for visit in found])


@router.get("/visits/routes", summary="One day's ordered visits as routes, always to the nearest next")
async def get_routes(
    resources: Given,
    begins: Annotated[AwareDatetime, Query(alias="from", description="the beginning of the 24 hours")],
    region: Annotated[str | None, Query(pattern=schemas.REGION_PATTERN)] = None,
    capacity: Annotated[int, Query(ge=1, le=CAPACITY_MAX)] = 8,
) -> schemas.RoutesAnswer:
    """At most 200 visits; straight lines, not roads; windows are not moved."""
    routes = await make_visits.routes_of_day(resources, begins, region, capacity)
    return schemas.RoutesAnswer(routes=[schemas.route_answer(route) for route in routes])


@router.get("/visits/{visit_id}", summary="One visit")
async def get_visit(visit_id: UUID, resources: Given) -> schemas.VisitAnswer:
    return schemas.visit_answer(await propose_visits.show_visit(resources, visit_id))


@router.post("/visits/{visit_id}/approve", summary="Approve: somebody else than the proposer")
async def post_approval(visit_id: UUID, resources: Given, who: StaffMember) -> schemas.VisitAnswer:
    return schemas.visit_answer(await propose_visits.approve_visit(resources, who, visit_id))


@router.post("/visits/{visit_id}/announce", summary="Tell the person: fixes the window")
async def post_announcement(
    visit_id: UUID, body: schemas.WindowBody, resources: Given, who: StaffMember
) -> schemas.VisitAnswer:
    """Where the law asks for notice (GB: two days), nothing can be ordered without it."""
    window = Window(body.begins_at, body.ends_at)
    return schemas.visit_answer(await announce_visits.announce_visit(resources, visit_id, window))


@router.post("/visits/{visit_id}/order", summary="Order: a window, the team, the place")
async def post_order(
    visit_id: UUID, body: schemas.OrderBody, resources: Given, who: StaffMember
) -> schemas.VisitAnswer:
    """403 `contact_denied` with every rule that spoke; the denial is kept."""
    return schemas.visit_answer(await order_visits.order_visit(resources, visit_id, body.order()))


@router.get("/visits/{visit_id}/sheet", summary="Name, address and masked numbers, for the team on the day")
async def get_sheet(visit_id: UUID, resources: Given, who: StaffMember) -> schemas.SheetAnswer:
    return schemas.sheet_answer(await order_visits.show_sheet(resources, who, visit_id))


@router.post("/visits/{visit_id}/start", summary="Begin: at the place, in the window, if the gate still allows it")
async def post_start(
    visit_id: UUID, body: schemas.CoordinatesBody, resources: Given, who: StaffMember
) -> schemas.VisitAnswer:
    return schemas.visit_answer(await make_visits.start_visit(resources, who, visit_id, body.point()))


@router.post("/visits/{visit_id}/finish", summary="Report: what came of it, in the team's own words")
async def post_finish(
    visit_id: UUID, body: schemas.ReportBody, resources: Given, who: StaffMember
) -> schemas.VisitAnswer:
    return schemas.visit_answer(await make_visits.finish_visit(resources, who, visit_id, body.report()))


@router.get("/visits/{visit_id}/report", summary="The team's words")
async def get_report(visit_id: UUID, resources: Given, who: StaffMember) -> schemas.ReportAnswer:
    visit = await propose_visits.show_visit(resources, visit_id)
    return schemas.ReportAnswer(visit_id=visit_id, words=make_visits.read_report(resources, visit))


@router.post("/visits/{visit_id}/cancel", summary="Nobody goes")
async def post_cancellation(
    visit_id: UUID, body: schemas.BecauseBody, resources: Given, who: StaffMember
) -> schemas.VisitAnswer:
    return schemas.visit_answer(await propose_visits.cancel_visit(resources, visit_id, body.because))


@router.post(
    "/legal-handovers", summary="Prepare a hand-over to legal; needs proof of every softer step", status_code=201
)
async def post_handover(body: schemas.HandoverBody, resources: Given, who: StaffMember) -> schemas.HandoverAnswer:
    return schemas.handover_answer(await hand_over_to_legal.prepare_handover(resources, who, body.case_id))


@router.get("/legal-handovers", summary="Hand-overs in one state")
async def get_handovers(
    resources: Given,
    state: Literal["prepared", "signed", "withdrawn"] = "prepared",
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 50,
) -> schemas.HandoversAnswer:
    found = await hand_over_to_legal.list_handovers(resources, state, after, limit)
    return schemas.HandoversAnswer(handovers=[schemas.handover_answer(entry) for entry in found])


@router.get("/legal-handovers/{handover_id}", summary="One hand-over with its proof")
async def get_handover(handover_id: UUID, resources: Given) -> schemas.HandoverWithProofAnswer:
    handover, proof = await hand_over_to_legal.show_handover(resources, handover_id)
    return schemas.HandoverWithProofAnswer(**schemas.handover_answer(handover).model_dump(), proof=proof)


@router.post("/legal-handovers/{handover_id}/sign", summary="Counsel signs what somebody else has prepared")
async def post_signature(
    handover_id: UUID, body: schemas.SignatureBody, resources: Given, who: StaffMember
) -> schemas.HandoverAnswer:
    """`X-Staff-Id` is counsel's. The proof is made anew at this moment."""
    signed = await hand_over_to_legal.sign_handover(resources, who, handover_id, body.signature_reference)
    return schemas.handover_answer(signed)


@router.post("/legal-handovers/{handover_id}/withdraw", summary="It goes no further")
async def post_withdrawal(
    handover_id: UUID, body: schemas.BecauseBody, resources: Given, who: StaffMember
) -> schemas.HandoverAnswer:
    return schemas.handover_answer(await hand_over_to_legal.withdraw_handover(resources, handover_id, body.because))
