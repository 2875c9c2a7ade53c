"""What the borrower's pages ask and bring, signed by the service that serves them and knows who they are."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.outreach.application import raise_alarms, work_matters
from services.outreach.application.desk_records import MatterFilter
from services.outreach.application.open_matters import BY_THE_PERSON, Opening, open_matter_by_hand
from services.outreach.entrypoints.desks import schemas
from services.outreach.entrypoints.http import Given
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Unidentified
from shared.service.signatures import KEY_ID_HEADER, verify

PORTAL_KEY_ID = "service:negotiation"
OWN_MAX = 100


async def require_portal(request: Request, resources: Given) -> None:
    """The signature over the bytes as they came."""
    if request.headers.get(KEY_ID_HEADER) != PORTAL_KEY_ID:
        raise Unidentified("signature_wrong", "the key id or the signature is wrong")
    verify(
        [resources.desks.service_secret],
        request.headers,
        now=resources.clock.now(),
        method=request.method,
        path=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        body=await request.body(),
    )


router = APIRouter(prefix="/internal/v1/cases", dependencies=[Depends(require_portal)], tags=["portal"])


@router.get("/{case_id}/matters", summary="The person's own complaints and disputes, with state and due date")
async def get_own_matters(case_id: UUID, resources: Given) -> schemas.OwnMatters:
    found = [
        matter
        for is_open in (True, False)
        for matter in await work_matters.list_matters(
            resources, MatterFilter(is_open=is_open, case_id=case_id, limit=OWN_MAX)
        )
    ]
    return schemas.OwnMatters(matters=[schemas.own_matter(matter) for matter in found])


@router.post("/{case_id}/complaints", summary="The person complains on their pages", status_code=201)
async def post_own_complaint(
    request: Request, case_id: UUID, body: schemas.PortalComplaintBody, resources: Given
) -> schemas.OwnMatter:
    opening = Opening(
        kind="complaint",
        topic=body.category,
        channel="portal",
        received_at=resources.clock.now(),
        recorded_by=BY_THE_PERSON,
        reference=body.reference,
        request_hash=request_hash(await request.body()),
        words=body.words,
    )
    return schemas.own_matter(await open_matter_by_hand(resources, case_id, opening))


@router.post("/{case_id}/disputes", summary="The person disputes on their pages", status_code=201)
async def post_own_dispute(
    request: Request, case_id: UUID, body: schemas.PortalDisputeBody, resources: Given
) -> schemas.OwnMatter:
    opening = Opening(
        kind="dispute",
        topic=body.ground,
        channel="portal",
        received_at=resources.clock.now(),
        recorded_by=BY_THE_PERSON,
        reference=body.reference,
        request_hash=request_hash(await request.body()),
        words=body.words,
        part_minor_units=body.part_minor_units,
    )
    return schemas.own_matter(await open_matter_by_hand(resources, case_id, opening))


@router.post("/{case_id}/conduct-alarms", summary="The person reports critical conduct", status_code=201)
async def post_own_alarm(case_id: UUID, body: schemas.OwnAlarmBody, resources: Given) -> schemas.OwnAlarm:
    new = raise_alarms.NewAlarm(case_id, body.category, "portal", BY_THE_PERSON, reference=body.reference)
    alarm = await raise_alarms.raise_alarm(resources, new)
    return schemas.OwnAlarm(alarm_id=alarm.alarm_id, category=alarm.category, raised_at=alarm.raised_at)
