"""A borrower's own software gets in: the same link and the same question as the page, answered once."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from services.negotiation.application.ask_for_link import answer_link_request, list_link_requests
from services.negotiation.application.enter_portal import ask_question, enter_portal
from services.negotiation.application.note_looks import show_looks
from services.negotiation.application.visit_portal import leave_portal
from services.negotiation.domain.access import IDLE_MAX, NotEntered
from services.negotiation.entrypoints.identity import AccessToken, ResourcesOf
from services.negotiation.entrypoints.schemas import Closed, dumped
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1/borrower", tags=["borrower"])
staff_router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])

_NO_STORE = {"Cache-Control": "no-store"}


class LinkBody(Closed):
    """`token`: the last part of the link that was sent."""

    token: Annotated[str, Field(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class SessionBody(LinkBody):
    """`factor`: the answer to the question: `YYYY-MM-DD`, or the whole account number."""

    factor: Annotated[str, Field(min_length=1, max_length=64)]


@router.post("/questions")
async def ask(body: LinkBody, resources: ResourcesOf) -> Response:
    """Which question proves the borrower of this link: `born_on` or `account_number`. Uses nothing up."""
    return _answer({"asks": await ask_question(resources, body.token)})


@router.post("/sessions", status_code=201)
async def enter(body: SessionBody, resources: ResourcesOf) -> Response:
    """An access token for `Authorization: Bearer`; the link is used up. Wrong answers are counted and paused."""
    entered = await enter_portal(resources, body.token, body.factor, role="software")
    told = {
        "access_token": entered.key,
        "case_id": entered.session.case_id,
        "expires_at": entered.session.ends_at,
        "idle_seconds_max": int(IDLE_MAX.total_seconds()),
    }
    return _answer(told, 201)


@router.delete("/sessions", status_code=204)
async def leave(resources: ResourcesOf, credentials: AccessToken) -> Response:
    """The access token opens nothing any more."""
    if credentials is None:
        raise NotEntered
    await leave_portal(resources, credentials.credentials)
    return Response(status_code=204)


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    return Response(dumped(content), status_code=status, media_type="application/json", headers=_NO_STORE)


@staff_router.get("/portal-link-requests")
async def see_link_requests(resources: ResourcesOf) -> Response:
    """Borrowers whose link is used up and who asked for a new one, oldest first: send one through outreach, or call."""
    async with resources.begin() as work:
        requests = await list_link_requests(work)
    told = [{"request_id": r.request_id, "case_id": r.case_id, "asked_at": r.asked_at} for r in requests]
    return _answer({"requests": told})


@staff_router.post("/cases/{case_id}/portal-link-requests/{request_id}/answer", status_code=204)
async def answer_request(case_id: UUID, request_id: UUID, who: StaffMember, resources: ResourcesOf) -> Response:
    """It is seen to; the list does not show it any more."""
    async with resources.begin(case_id) as work:
        await answer_link_request(work, case_id, request_id, who)
    return Response(status_code=204)


@staff_router.get("/cases/{case_id}/looks")
async def see_looks(case_id: UUID, resources: ResourcesOf) -> Response:
    """Who used the file of a case, newest first; this call is one of them."""
    async with resources.begin(case_id) as work:
        looks = await show_looks(work, case_id)
    return _answer({"looks": [{"role": v.role, "looker": v.looker, "what": v.what, "at": v.at} for v in looks]})
