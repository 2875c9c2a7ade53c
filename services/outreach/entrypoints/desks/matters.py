"""Complaints and disputes for the staff: take one in, work on it, answer it, learn from all of them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.outreach.application import answer_matters, work_matters
from services.outreach.application.desk_records import MatterFilter
from services.outreach.application.open_matters import open_matter_by_hand
from services.outreach.application.seal_evidence import open_pack
from services.outreach.domain.desk.matter import Kind
from services.outreach.entrypoints.desks import schemas
from services.outreach.entrypoints.http import Given
from shared.db.idempotency import request_hash
from shared.kernel.refusal import NotFound
from shared.service.staff import STAFF_ID_PATTERN, Staff, StaffMember

router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["desks"])
Matters = Literal["complaints", "disputes"]
KINDS: dict[Matters, Kind] = {"complaints": "complaint", "disputes": "dispute"}


@router.post("/complaints", summary="A complaint that came in by any way", status_code=201)
async def post_complaint(
    request: Request, body: schemas.ComplaintBody, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    """Clock, hold, event and sealed evidence at once. The same reference again is the same complaint; 409 otherwise."""
    opening = body.opening(who, request_hash(await request.body()))
    matter = await open_matter_by_hand(resources, body.case_id, opening)
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/disputes", summary="A dispute that came in by any way", status_code=201)
async def post_dispute(
    request: Request, body: schemas.DisputeBody, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    """No contact until it is answered, but the answer. `duplicate_of`: a notice of duplication answers it."""
    opening = body.opening(who, request_hash(await request.body()))
    matter = await open_matter_by_hand(resources, body.case_id, opening)
    return schemas.matter_answer(matter, resources.clock.now())


@router.get("/matters", summary="Complaints and disputes as the desk sees them, the one due first first")
async def get_matters(
    resources: Given,
    kind: Kind | None = None,
    status: Literal["open", "closed"] = "open",
    overdue: Annotated[bool, Query(description="only those whose answer is late")] = False,
    assigned_to: Annotated[str | None, Query(pattern=STAFF_ID_PATTERN)] = None,
    case_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=work_matters.LIST_MAX)] = 100,
) -> schemas.MattersAnswer:
    wanted = MatterFilter(kind, status == "open", overdue, assigned_to, case_id, limit)
    found = await work_matters.list_matters(resources, wanted)
    now = resources.clock.now()
    return schemas.MattersAnswer(matters=[schemas.matter_answer(matter, now) for matter in found])


@router.get("/lessons", summary="What was found at the root of complaints and disputes, the most frequent first")
async def get_lessons(resources: Given) -> schemas.LessonsAnswer:
    found = await work_matters.list_lessons(resources)
    lessons = [schemas.LessonAnswer.model_validate(line, from_attributes=True) for line in found]
    return schemas.LessonsAnswer(lessons=lessons)


@router.get("/{matters}/{matter_id}", summary="One of them, with its steps and its evidence")
async def get_matter(matters: Matters, matter_id: UUID, resources: Given) -> schemas.ShownAnswer:
    shown = await work_matters.show_matter(resources, KINDS[matters], matter_id)
    return schemas.shown_answer(shown, resources.clock.now())


@router.get(
    "/{matters}/{matter_id}/evidence/{pack_id}",
    summary="The evidence as it was when the matter came in: canonical JSON (RFC 8785)",
)
async def get_evidence(matters: Matters, matter_id: UUID, pack_id: UUID, resources: Given) -> Response:
    """Its SHA-256 is in `ETag` and in the matter; it holds ids, codes and hashes, and no text of anybody."""
    shown = await work_matters.show_matter(resources, KINDS[matters], matter_id)
    pack = next((known for known in shown.packs if known.pack_id == pack_id), None)
    if pack is None:
        raise NotFound("evidence_unknown", "this matter has no such evidence")
    document = open_pack(resources, pack)
    return Response(document, media_type="application/json", headers={"ETag": f'"{pack.sha256}"'})


@router.get("/{matters}/{matter_id}/answer", summary="The letter that answers: its PDF, or its text")
async def get_answer(matters: Matters, matter_id: UUID, resources: Given) -> Response:
    media_type, document = await answer_matters.read_answer(resources, KINDS[matters], matter_id)
    return Response(document, media_type=media_type, headers={"Cache-Control": "no-store"})


@router.post("/{matters}/{matter_id}/acknowledge", summary="The person has been told that it came in")
async def post_acknowledge(
    matters: Matters, matter_id: UUID, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    matter = await work_matters.acknowledge(resources, who, KINDS[matters], matter_id)
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/{matters}/{matter_id}/assign", summary="Who works on it; never who is complained about")
async def post_assign(
    matters: Matters, matter_id: UUID, body: schemas.AssignBody, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    matter = await work_matters.assign(resources, who, KINDS[matters], matter_id, body.to)
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/{matters}/{matter_id}/investigate", summary="The investigation begins")
async def post_investigate(
    matters: Matters, matter_id: UUID, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    matter = await work_matters.investigate(resources, who, KINDS[matters], matter_id)
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/complaints/{matter_id}/extend", summary="More time for a complex complaint; needs a second person")
async def post_extension(
    matter_id: UUID, body: schemas.ExtensionBody, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    """Counted from the receipt. 409 `too_late` once the term is over."""
    matter = await work_matters.give_more_time(resources, who, matter_id, body.complexity, body.approved_by)
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/{matters}/{matter_id}/answer", summary="The finding, its cause, its redress, and the letter")
async def post_answer(
    matters: Matters, matter_id: UUID, body: schemas.AnswerBody, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    """The words pass the conduct checker. The letter is kept; it leaves by `.../send`."""
    matter = await answer_matters.answer_matter(resources, who, KINDS[matters], matter_id, body.answer())
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/{matters}/{matter_id}/send", summary="Send the answer, past the gate")
async def post_send(
    matters: Matters, matter_id: UUID, body: schemas.SendBody, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    """403 `contact_denied` names the rules; once it has left it is not sent again."""
    matter = await answer_matters.send_answer(resources, who, KINDS[matters], matter_id, body.channel)
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/{matters}/{matter_id}/finish", summary="Close what is answered; ends its hold unless another is open")
async def post_finish(matters: Matters, matter_id: UUID, resources: Given, who: StaffMember) -> schemas.MatterAnswer:
    matter = await work_matters.close_matter(resources, who, KINDS[matters], matter_id)
    return schemas.matter_answer(matter, resources.clock.now())


@router.post("/{matters}/{matter_id}/reopen", summary="Take a closed one up again, as a new one", status_code=201)
async def post_reopen(
    matters: Matters, matter_id: UUID, body: schemas.ReopenBody, resources: Given, who: StaffMember
) -> schemas.MatterAnswer:
    matter = await work_matters.reopen(resources, who, KINDS[matters], matter_id, body.channel)
    return schemas.matter_answer(matter, resources.clock.now())
