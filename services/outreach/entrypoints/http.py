"""The HTTP interface: what providers bring (signed), and what staff do (bearer token)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Literal, cast
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from services.outreach.application import apply_holds, close_grievances, show_contacts
from services.outreach.application.ports import Resources
from services.outreach.application.record_receipts import record_receipts
from services.outreach.application.take_replies import take_replies
from services.outreach.entrypoints import schemas
from shared.kernel.refusal import Unidentified
from shared.service.signatures import KEY_ID_HEADER, verify
from shared.service.staff import Staff

PROVIDER_KEY_ID = "provider:sandbox"
LIST_MAX = 1_000


def get_resources(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


Given = Annotated[Resources, Depends(get_resources)]


async def require_provider(request: Request, resources: Given) -> None:
    """The webhook's signature, over the bytes as they came."""
    if request.headers.get(KEY_ID_HEADER) != PROVIDER_KEY_ID:
        raise Unidentified("signature_wrong", "the key id or the signature is wrong")
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    verify(
        [resources.webhook_secret],
        request.headers,
        now=resources.clock.now(),
        method=request.method,
        path=path,
        body=await request.body(),
    )


webhooks = APIRouter(prefix="/v1", dependencies=[Depends(require_provider)], tags=["providers"])
staff = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])


@webhooks.post("/replies", summary="What borrowers wrote or said")
async def post_replies(body: schemas.RepliesBody | schemas.ReplyBody, resources: Given) -> schemas.RepliesAnswer:
    """One message or many. The same `reply_reference` again gets the same answer; a bad one never stops the others."""
    replies = body.replies if isinstance(body, schemas.RepliesBody) else [body]
    answers = await take_replies(resources, [reply.incoming() for reply in replies])
    return schemas.RepliesAnswer(replies=[schemas.reply_answer(answer) for answer in answers])


@webhooks.post("/delivery-receipts", summary="What became of messages")
async def post_delivery_receipts(body: schemas.ReceiptsBody, resources: Given) -> schemas.ReceiptsAnswer:
    """Twice and in any order: the state that proves most stands."""
    known = await record_receipts(resources, [(receipt.attempt_id, receipt.status) for receipt in body.receipts])
    unknown = sorted({receipt.attempt_id for receipt in body.receipts} - known)
    return schemas.ReceiptsAnswer(accepted=len(body.receipts) - len(unknown), unknown=unknown)


@staff.post("/cases/{case_id}/holds", summary="Put a case on hold")
async def post_hold(case_id: UUID, body: schemas.HoldBody, resources: Given) -> schemas.HoldAnswer:
    return schemas.hold_answer(await apply_holds.apply_hold(resources, case_id, body.kind, body.until))


@staff.post("/holds/{hold_id}/release", summary="Release a hold")
async def post_release(hold_id: UUID, resources: Given, body: schemas.ReleaseBody | None = None) -> schemas.HoldAnswer:
    reason = (body or schemas.ReleaseBody()).reason
    return schemas.hold_answer(await apply_holds.release_hold(resources, hold_id, reason))


@staff.get("/cases/{case_id}/contacts", summary="Contacts and denials of a case with their decisions, newest first")
async def get_contacts(case_id: UUID, resources: Given) -> schemas.ContactsAnswer:
    lines = await show_contacts.list_contacts(resources, case_id)
    return schemas.ContactsAnswer(case_id=case_id, contacts=[schemas.contact_answer(line) for line in lines])


@staff.put("/cases/{case_id}/preferences", summary="When it does not suit the person", status_code=204)
async def put_preferences(case_id: UUID, body: schemas.PreferencesBody, resources: Given) -> None:
    times = [entry.as_fact() for entry in body.inconvenient_times]
    await show_contacts.note_inconvenient_times(resources, case_id, times)


@staff.get("/complaints", summary="Complaints, the most urgent first")
async def get_complaints(
    resources: Given,
    status: Literal["open", "closed"] = "open",
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 100,
) -> schemas.ComplaintsAnswer:
    found = await close_grievances.list_grievances(resources, "complaint", is_open=status == "open", limit=limit)
    return schemas.ComplaintsAnswer(complaints=[schemas.complaint_answer(entry) for entry in found])


@staff.get("/disputes", summary="Disputes, the oldest first")
async def get_disputes(
    resources: Given,
    status: Literal["open", "closed"] = "open",
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 100,
) -> schemas.DisputesAnswer:
    found = await close_grievances.list_grievances(resources, "dispute", is_open=status == "open", limit=limit)
    return schemas.DisputesAnswer(disputes=[schemas.dispute_answer(entry) for entry in found])


@staff.post("/complaints/{complaint_id}/close", summary="Close a complaint with its outcome")
async def post_complaint_close(
    complaint_id: UUID, body: schemas.ComplaintOutcomeBody, resources: Given
) -> schemas.ComplaintAnswer:
    closed = await close_grievances.close_grievance(resources, "complaint", complaint_id, body.outcome)
    return schemas.complaint_answer(closed)


@staff.post("/disputes/{dispute_id}/close", summary="Close a dispute with its outcome")
async def post_dispute_close(
    dispute_id: UUID, body: schemas.DisputeOutcomeBody, resources: Given
) -> schemas.DisputeAnswer:
    closed = await close_grievances.close_grievance(resources, "dispute", dispute_id, body.outcome)
    return schemas.dispute_answer(closed)


@staff.get("/decisions/export", summary="Decisions as they can be run again, one JSON document a line")
async def get_decisions(
    resources: Given,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    after: Annotated[UUID | None, Query(description="decision_id of the last line of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=show_contacts.EXPORT_MAX)] = 1_000,
) -> StreamingResponse:
    """`facts` is the canonical text (RFC 8785) that `facts_hash` is the SHA-256 of; `chain_hash` is the SHA-256 of the
    `chain_hash` before and the canonical text of the line without `facts` and `chain_hash`.
    """
    rows = await show_contacts.export_decisions(resources, after, since, limit)

    async def lines() -> AsyncIterator[bytes]:
        for row in rows:
            yield orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE)

    return StreamingResponse(lines(), media_type="application/x-ndjson")


router = APIRouter()
router.include_router(webhooks)
router.include_router(staff)
