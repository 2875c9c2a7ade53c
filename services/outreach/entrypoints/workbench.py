"""The workbench over HTTP: the staff's register, certificates, the queue, calls by hand. Pages: `entrypoints/desk`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from services.outreach.application import certify_staff, make_hand_calls, take_work, write_call_notes
from services.outreach.application.ports import Resources
from services.outreach.application.send_by_hand import send_by_hand
from services.outreach.application.workbench_records import QueueFilter, StaffMemberRow
from services.outreach.entrypoints import workbench_schemas as schemas
from shared.events.terms import Jurisdiction, Language
from shared.service.staff import STAFF_ID_PATTERN, Staff, StaffMember

LIST_MAX = 1_000


def get_resources(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


Given = Annotated[Resources, Depends(get_resources)]
router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["workbench"])


@router.post("/staff-members", summary="Register a person or a bot of the staff, or change them")
async def post_member(body: schemas.MemberBody, resources: Given) -> schemas.MemberAnswer:
    member = StaffMemberRow(body.staff_id, body.kind, tuple(body.languages), body.capacity, body.is_active)
    return schemas.member_answer(await certify_staff.register_member(resources, member))


@router.get("/staff-members", summary="The staff, with what their certificates amount to today")
async def get_members(resources: Given) -> schemas.MembersAnswer:
    found = await certify_staff.list_members(resources)
    return schemas.MembersAnswer(staff_members=[schemas.member_answer(each) for each in found])


@router.post("/certificates", summary="Record a certificate of somebody else", status_code=201)
async def post_certificate(
    body: schemas.CertificateBody, resources: Given, who: StaffMember
) -> schemas.CertificateAnswer:
    row = await certify_staff.certify(resources, who, body.staff_id, body.kind, body.issued_on, body.valid_until)
    return schemas.certificate_answer(row)


@router.get("/certificates", summary="Certificates, those that end last first")
async def get_certificates(
    resources: Given,
    staff_id: Annotated[str | None, Query(pattern=STAFF_ID_PATTERN)] = None,
    expiring_within_days: Annotated[int | None, Query(ge=0, le=366)] = None,
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = LIST_MAX,
) -> schemas.CertificatesAnswer:
    """`expiring_within_days`: only those that hold today and end within so many days."""
    today, rows = await certify_staff.list_certificates(resources, staff_id, limit)
    if expiring_within_days is not None:
        last = today + timedelta(days=expiring_within_days)
        rows = [row for row in rows if row.revoked_at is None and today <= row.valid_until <= last]
    return schemas.CertificatesAnswer(as_of=today, certificates=[schemas.certificate_answer(row) for row in rows])


@router.post("/certificates/{certificate_id}/revoke", summary="End a certificate today; it stays on record")
async def post_revocation(
    certificate_id: UUID, body: schemas.RevocationBody, resources: Given, who: StaffMember
) -> schemas.CertificateAnswer:
    row = await certify_staff.revoke_certificate(resources, who, certificate_id, body.reason)
    return schemas.certificate_answer(row)


@router.get("/work-items", summary="What needs a person, the most urgent first, with the reasons for its place")
async def get_items(
    resources: Given,
    kind: str | None = None,
    language: Language | None = None,
    jurisdiction: Jurisdiction | None = None,
    overdue: bool = False,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=take_work.PAGE_MAX)] = 25,
) -> schemas.QueueAnswer:
    wanted = QueueFilter(kind, language, jurisdiction, overdue, after, limit)
    page = await take_work.show_queue(resources, None, wanted)
    return schemas.QueueAnswer(
        total=page.total,
        items=[schemas.item_answer(item) for item in page.items],
        next_after=page.items[-1].item_id if page.has_more else None,
    )


@router.post("/work-items/next", summary="Take the most urgent item that nobody holds")
async def post_next(resources: Given, who: StaffMember) -> schemas.ItemAnswer | None:
    """`null` where there is nothing for this person."""
    item = await take_work.take_next(resources, who, QueueFilter())
    return schemas.item_answer(item) if item else None


@router.post("/work-items/{item_id}/claim", summary="Take this item; again: hold it for longer")
async def post_claim(item_id: UUID, resources: Given, who: StaffMember) -> schemas.ItemAnswer:
    return schemas.item_answer(await take_work.claim_item(resources, who, item_id))


@router.post("/work-items/{item_id}/release", summary="Give an item back", status_code=204)
async def post_item_release(item_id: UUID, resources: Given, who: StaffMember) -> None:
    await take_work.release_item(resources, who, item_id)


@router.post("/work-items/{item_id}/finish", summary="Be done with an item without a call")
async def post_finish(
    item_id: UUID, body: schemas.OutcomeBody, resources: Given, who: StaffMember
) -> schemas.ItemAnswer:
    return schemas.item_answer(await take_work.finish_item(resources, who, item_id, body.outcome))


@router.get("/work-load", summary="Each person's share of the work")
async def get_loads(resources: Given) -> schemas.LoadsAnswer:
    return schemas.LoadsAnswer(loads=[schemas.load_answer(load) for load in await take_work.show_loads(resources)])


@router.post("/cases/{case_id}/calls", summary="Begin a call by hand, if the gate allows it now", status_code=201)
async def post_call(case_id: UUID, body: schemas.CallBody, resources: Given, who: StaffMember) -> schemas.CallAnswer:
    """403 `contact_denied` with every rule that spoke; the denial is kept. The note settles the call."""
    call = await make_hand_calls.start_call(
        resources, who, case_id, body.contact_point_id, item_id=body.item_id, opening=body.opening
    )
    return schemas.call_answer(call)


@router.post("/cases/{case_id}/sends", summary="Send the ladder's next message now, if the gate allows it")
async def post_send(case_id: UUID, resources: Given, who: StaffMember) -> schemas.SendAnswer:
    """403 `contact_denied` with every rule that spoke; 409 where the next step is no message."""
    return schemas.SendAnswer(attempt_id=await send_by_hand(resources, who, case_id))


@router.post("/calls/{attempt_id}/note", summary="Write the note on a call; it settles the attempt")
async def post_note(attempt_id: UUID, body: schemas.NoteBody, resources: Given, who: StaffMember) -> schemas.NoteAnswer:
    return schemas.note_answer(await write_call_notes.write_note(resources, who, attempt_id, body.note()))
