"""The JSON API: borrowers by access token, staff by bearer, clearance codes for everybody."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from services.negotiation.application.agree_plan import accept_offer
from services.negotiation.application.answer_counter_offer import answer_counter_offer
from services.negotiation.application.once import once
from services.negotiation.application.prepare_agreement import prepare_for_offer, prepare_for_wish
from services.negotiation.application.show_case import (
    show_case,
    show_ledger,
    show_plan,
    show_playbook,
    verify_clearance,
)
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.entrypoints import schemas
from services.negotiation.entrypoints.acceptance import acceptance_of
from services.negotiation.entrypoints.identity import BorrowersCase, IdempotencyKey, ResourcesOf
from services.negotiation.entrypoints.schemas import AcceptRequest, CounterOfferRequest, dumped
from shared.db.idempotency import request_hash
from shared.service.staff import Staff

router = APIRouter(prefix="/v1")

NO_STORE = {"Cache-Control": "no-store"}


def _json(content: bytes, status: int = 200) -> Response:
    return Response(content, status_code=status, media_type="application/json", headers=NO_STORE)


@router.get("/borrower/case", tags=["borrower"])
async def see_case(case_id: BorrowersCase, resources: ResourcesOf, lang: str | None = None) -> Response:
    """The debt, the open offers with reasons, the plan, the payments. Offers are put by being seen."""
    async with resources.begin(case_id) as work:
        view = await show_case(work, case_id)
    return _json(dumped(schemas.case_answer(view, lang or view.case.language)))


@router.post("/borrower/offers/{offer_id}/accept", tags=["borrower"])
async def accept(
    case_id: BorrowersCase,
    offer_id: UUID,
    body: AcceptRequest,
    request: Request,
    key: IdempotencyKey,
    resources: ResourcesOf,
) -> Response:
    """Agree to an offer whose terms were shown; the hash proves which."""
    hashed = request_hash(str(offer_id).encode(), await request.body())
    acceptance = acceptance_of(
        request, resources, how="api", key=key, language=body.language, shown_text_hash=body.text_hash
    )
    prepared = await prepare_for_offer(resources, case_id, offer_id, acceptance)
    async with resources.begin(case_id) as work:

        async def act() -> bytes:
            await accept_offer(work, case_id, offer_id, body.terms_hash, prepared)
            return dumped(schemas.plan_answer(await show_plan(work, case_id)))

        answer = await once(work, scope=f"accept:{case_id}", key=key, request_hash=hashed, act=act)
    return _json(answer.response, answer.status)


@router.post("/borrower/counter-offers", tags=["borrower"])
async def counter(
    case_id: BorrowersCase, body: CounterOfferRequest, request: Request, key: IdempotencyKey, resources: ResourcesOf
) -> Response:
    """Propose other terms; answered at once: accepted (and agreed), countered, or refused, with the reasons."""
    hashed = request_hash(await request.body())
    prepared = await prepare_for_wish(
        resources, case_id, body.wish(), acceptance_of(request, resources, how="own_proposal", key=key)
    )
    async with resources.begin(case_id) as work:

        async def act() -> bytes:
            given = await answer_counter_offer(work, case_id, body.wish(), prepared)
            plan = await show_plan(work, case_id) if given.plan is not None else None
            return dumped(schemas.counter_answer(given, plan, given.case.language))

        answer = await once(work, scope=f"counter:{case_id}", key=key, request_hash=hashed, act=act)
    return _json(answer.response, answer.status)


@router.get("/cases/{case_id}/plan", dependencies=[Staff], tags=["staff"])
async def see_plan(case_id: UUID, resources: ResourcesOf) -> Response:
    async with resources.begin(case_id) as work:
        return _json(dumped(schemas.plan_answer(await show_plan(work, case_id))))


@router.get("/cases/{case_id}/ledger", dependencies=[Staff], tags=["staff"])
async def see_ledger(case_id: UUID, resources: ResourcesOf) -> Response:
    """Every entry of the case; `is_balanced` says whether they add up to the balance on file."""
    async with resources.begin(case_id) as work:
        return _json(dumped(schemas.ledger_answer(await show_ledger(work, case_id))))


@router.get("/cases/{case_id}/playbook", dependencies=[Staff], tags=["staff"])
async def see_playbook(case_id: UUID, resources: ResourcesOf) -> Response:
    """The default playbook of the case, step by step."""
    async with resources.begin(case_id) as work:
        return _json(dumped(schemas.playbook_answer(case_id, await show_playbook(work, case_id))))


@router.get("/clearances/{code}", tags=["public"])
async def see_clearance(code: Annotated[str, Path(max_length=64)], resources: ResourcesOf) -> Response:
    """Whether a clearance code is genuine and still holds. Says nothing about anybody."""
    if not code.isascii():
        raise NoSuchThing("clearance")
    async with resources.begin() as work:
        return _json(dumped(schemas.clearance_answer(await verify_clearance(work, code))))
