"""Mandates and approvals: for staff by bearer and code, for lenders by their signature. Maker and checker differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.negotiation.application.approval_ports import PAGE_MAX, FiledVersion, Filter
from services.negotiation.application.ask_offer_approval import ask_offer_approval
from services.negotiation.application.decide_approval import Decision, creditor_of_approval, decide_approval
from services.negotiation.application.draft_mandate import creditor_of_mandate, draft_mandate, retire_mandate
from services.negotiation.application.ports import Resources
from services.negotiation.application.show_fairness import show_fairness
from services.negotiation.domain.approvals import Actor, Approval, ApprovalStatus, SubjectKind
from services.negotiation.domain.mandates.version import VersionStatus
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.entrypoints import mandate_schemas as bodies
from services.negotiation.entrypoints.actors import LenderActor, StaffActor
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.lender import IS_SIGNED
from services.negotiation.entrypoints.schemas import dumped
from shared.events.terms import Product
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Invalid, Reason
from shared.service.staff import Staff

staff = APIRouter(prefix="/v1", tags=["staff"], dependencies=[Staff])
lenders = APIRouter(prefix="/v1/lender", tags=["lender"], dependencies=[IS_SIGNED])

Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Cursor = Annotated[UUID | None, Query(description="`next_cursor` of the page before")]


@staff.get("/mandates")
async def list_mandates(
    resources: ResourcesOf,
    creditor_id: UUID | None = None,
    status: VersionStatus | None = None,
    product: Product | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Versions in the order they were drafted, a page at a time."""
    wanted = Filter(creditor_id=creditor_id, status=status, product=product, after=cursor, limit=limit)
    async with resources.begin(is_staff=True) as work:
        return _versions(await work.mandates.page(wanted), limit)


@staff.get("/mandates/{mandate_id}")
async def see_mandate(mandate_id: UUID, resources: ResourcesOf) -> Response:
    async with resources.begin(is_staff=True) as work:
        return _json(bodies.mandate_answer(await work.mandates.read(mandate_id)))


@staff.post("/mandates", status_code=201)
async def draft(body: bodies.MandateBody, by: StaffActor, resources: ResourcesOf) -> Response:
    """Draft a version and ask for its approval by somebody else. Every fault of the figures at once."""
    return await _draft(resources, body, body.creditor_id, by)


@staff.post("/mandates/{mandate_id}/retire")
async def retire(mandate_id: UUID, by: StaffActor, resources: ResourcesOf) -> Response:
    """End a version now. What the lender gave its word on, only the lender ends."""
    creditor_id = await creditor_of_mandate(resources.begin, mandate_id)
    return await _retire(resources, mandate_id, creditor_id, by)


@staff.get("/approvals")
async def list_approvals(
    resources: ResourcesOf,
    creditor_id: UUID | None = None,
    case_id: UUID | None = None,
    status: ApprovalStatus | None = None,
    kind: SubjectKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What was asked, in order, a page at a time."""
    wanted = Filter(creditor_id, case_id, status, kind, after=cursor, limit=limit)
    async with resources.begin(is_staff=True) as work:
        return _approvals(await work.approvals.page(wanted), limit)


@staff.post("/approvals", status_code=201)
async def ask_for_offer(body: bodies.OfferQuestionBody, by: StaffActor, resources: ResourcesOf) -> Response:
    """Offer a case something: put at once within one's authority, else the question that somebody has to answer."""
    try:
        outline = body.outline.outline()
    except ValueError as error:
        raise Invalid("outline_wrong", str(error), [Reason("outline_wrong", "/outline", str(error))]) from None
    async with resources.begin(body.case_id) as work:
        asked = await ask_offer_approval(work, body.case_id, outline, by, body.note)
        await work.commit()
    approval = bodies.approval_answer(asked.approval) if asked.approval is not None else None
    offer = {"offer_id": asked.offer.offer_id, "expires_at": asked.offer.expires_at} if asked.offer else None
    return _json({"approval": approval, "offer": offer}, 201)


@staff.post("/approvals/{approval_id}/decide")
async def decide(approval_id: UUID, body: bodies.DecisionBody, by: StaffActor, resources: ResourcesOf) -> Response:
    """Approve or reject what another asked. The same decision again by the same person changes nothing."""
    creditor_id = await creditor_of_approval(resources.begin, approval_id)
    return await _decide(resources, approval_id, creditor_id, body, by)


@staff.get("/cases/{case_id}/fairness")
async def see_fairness(case_id: UUID, resources: ResourcesOf) -> Response:
    """Which cap on interest holds, whether the contract keeps it, and every fault and note of the open offers."""
    async with resources.begin(case_id) as work:
        return _json(bodies.fairness_answer(await show_fairness(work, case_id)))


@lenders.get("/mandates")
async def list_own_mandates(
    lender: LenderActor,
    resources: ResourcesOf,
    status: VersionStatus | None = None,
    product: Product | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The lender's own versions."""
    wanted = Filter(creditor_id=lender[0], status=status, product=product, after=cursor, limit=limit)
    async with resources.begin(tenant=lender[0]) as work:
        return _versions(await work.mandates.page(wanted), limit)


@lenders.post("/mandates", status_code=201)
async def draft_own(body: bodies.LimitsBody, lender: LenderActor, resources: ResourcesOf) -> Response:
    """The lender drafts by itself; somebody of the agency lets it through. It may allow more than came with a case."""
    return await _draft(resources, body, *lender)


@lenders.post("/mandates/{mandate_id}/retire")
async def retire_own(mandate_id: UUID, lender: LenderActor, resources: ResourcesOf) -> Response:
    return await _retire(resources, mandate_id, *lender)


@lenders.get("/approvals")
async def list_own_approvals(
    lender: LenderActor,
    resources: ResourcesOf,
    status: ApprovalStatus | None = None,
    kind: SubjectKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What concerns the lender's cases and mandates."""
    wanted = Filter(creditor_id=lender[0], status=status, kind=kind, after=cursor, limit=limit)
    async with resources.begin(tenant=lender[0]) as work:
        return _approvals(await work.approvals.page(wanted), limit)


@lenders.post("/approvals/{approval_id}/decide")
async def decide_as_lender(
    approval_id: UUID, body: bodies.DecisionBody, lender: LenderActor, resources: ResourcesOf
) -> Response:
    """The lender's word. Another lender's question is not there for it."""
    creditor_id, by = lender
    return await _decide(resources, approval_id, creditor_id, body, by)


async def _draft(resources: Resources, body: bodies.LimitsBody, creditor_id: UUID, by: Actor) -> Response:
    async with resources.begin(tenant=creditor_id) as work:
        filed, approval = await draft_mandate(work, body.version(new_id(), creditor_id), by)
        await work.commit()
    return _json({**bodies.mandate_answer(filed), "approval_id": approval.approval_id}, 201)


async def _retire(resources: Resources, mandate_id: UUID, creditor_id: UUID, by: Actor) -> Response:
    async with resources.begin(tenant=creditor_id) as work:
        filed = await retire_mandate(work, mandate_id, by)
        await work.commit()
    return _json(bodies.mandate_answer(filed))


async def _decide(
    resources: Resources, approval_id: UUID, creditor_id: UUID, body: bodies.DecisionBody, by: Actor
) -> Response:
    async with resources.begin(tenant=creditor_id) as work:
        decided = await decide_approval(work, approval_id, Decision(body.verdict, body.reasons, body.note), by)
        if decided.creditor_id != creditor_id:
            raise NoSuchThing("approval")
        await work.commit()
    return _json(bodies.approval_answer(decided))


def _versions(found: Sequence[FiledVersion], limit: int) -> Response:
    after = found[-1].version.version_id if len(found) == limit else None
    return _json({"mandates": [bodies.mandate_answer(filed) for filed in found], "next_cursor": after})


def _approvals(found: Sequence[Approval], limit: int) -> Response:
    after = found[-1].approval_id if len(found) == limit else None
    return _json({"approvals": [bodies.approval_answer(approval) for approval in found], "next_cursor": after})


def _json(answer: dict[str, Any], status: int = 200) -> Response:
    return Response(
        dumped(answer), status_code=status, media_type="application/json", headers={"Cache-Control": "no-store"}
    )
