"""What the legal track asks of outreach, signed by the service that keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from services.outreach.application import give_legal_record
from services.outreach.entrypoints.desks.portal import require_portal
from services.outreach.entrypoints.http import Given

router = APIRouter(prefix="/internal/v1", dependencies=[Depends(require_portal)], tags=["legal"])
PAGE_MAX = 100


class SignedHandover(BaseModel):
    handover_id: UUID
    case_id: UUID
    creditor_id: UUID
    state: str
    prepared_by: str
    signed_by: str
    signed_at: datetime
    proof: str = Field(description="canonical document (RFC 8785): every softer step with its recorded decisions")
    proof_hash: str


class SignedHandovers(BaseModel):
    handovers: list[SignedHandover]


class HandoverState(BaseModel):
    handover_id: UUID
    state: str


@router.get("/legal-handovers", summary="Signed hand-overs with their proof, in the order of their signatures")
async def get_signed_handovers(
    resources: Given,
    since: Annotated[AwareDatetime, Query(description="signed at this moment or later")],
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
) -> SignedHandovers:
    found = await give_legal_record.list_signed_handovers(resources, since, after, limit)
    return SignedHandovers(
        handovers=[
            SignedHandover(
                handover_id=handover.handover_id,
                case_id=handover.case_id,
                creditor_id=handover.creditor_id,
                state=handover.state,
                prepared_by=handover.prepared_by,
                signed_by=handover.counsel_id or "",
                signed_at=handover.signed_at or handover.prepared_at,
                proof=proof.document,
                proof_hash=proof.hash,
            )
            for handover, proof in found
        ]
    )


@router.get("/legal-handovers/{handover_id}", summary="Whether a hand-over still stands")
async def get_handover_state(handover_id: UUID, resources: Given) -> HandoverState:
    handover = await give_legal_record.show_signed_handover(resources, handover_id)
    return HandoverState(handover_id=handover.handover_id, state=handover.state)


@router.get("/cases/{case_id}/legal-record", summary="Contacts, denials, complaints and disputes as one document")
async def get_legal_record(case_id: UUID, resources: Given) -> Response:
    record = await give_legal_record.give_legal_record(resources, case_id)
    return Response(record, media_type="application/json", headers={"Cache-Control": "no-store"})
