"""What was sent, what was kept back, and the reading of any text for misconduct, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.outreach.application import show_sent_texts
from services.outreach.application.check_conduct import check_conduct, check_transcript
from services.outreach.application.send_validation_notice import send_validation_notice
from services.outreach.domain.conduct.checker import Turn
from services.outreach.entrypoints.content import schemas
from services.outreach.entrypoints.content.templates import LIST_MAX, Given
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1", dependencies=[Staff], tags=["texts"])


@router.get("/attempts/{attempt_id}/text", summary="What was sent, made again and compared with its hash")
async def get_text(attempt_id: UUID, resources: Given, who: StaffMember) -> schemas.SentTextAnswer:
    return schemas.sent_text_answer(await show_sent_texts.show_sent_text(resources, attempt_id))


@router.get("/attempts/{attempt_id}/letter", summary="The letter as it was printed", response_class=Response)
async def get_letter(attempt_id: UUID, resources: Given, who: StaffMember) -> Response:
    pdf = await show_sent_texts.show_letter(resources, attempt_id)
    return Response(pdf, media_type="application/pdf", headers={"Cache-Control": "no-store"})


@router.post("/cases/{case_id}/validation-notices", summary="Send a validation notice", status_code=201)
async def post_validation_notice(
    case_id: UUID, body: schemas.ItemizationBody, resources: Given, who: StaffMember
) -> schemas.NoticeAnswer:
    """12 CFR 1006.34. 422 where the items do not add up to what is owed; 403 with every rule of the gate that spoke."""
    sent = await send_validation_notice(resources, case_id, body.notice_id, body.itemization())
    return schemas.NoticeAnswer(
        attempt_id=sent.attempt_id,
        template=sent.template,
        code=sent.code,
        content_hash=sent.content_hash,
        letter_hash=sent.letter_hash,
        worded_at=sent.worded_at,
    )


@router.get("/refused-texts", summary="Texts that the conduct checker kept back, the oldest first")
async def get_refused_texts(
    resources: Given,
    status: Literal["open", "resolved"] = "open",
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = 100,
) -> schemas.RefusedTextsAnswer:
    found = await show_sent_texts.list_refused_texts(resources, is_open=status == "open", limit=limit)
    return schemas.RefusedTextsAnswer(refused_texts=[schemas.refused_text_answer(entry) for entry in found])


@router.post("/refused-texts/{attempt_id}/resolve", summary="Somebody has looked and put the cause right")
async def post_resolve(attempt_id: UUID, resources: Given, who: StaffMember) -> schemas.RefusedTextAnswer:
    return schemas.refused_text_answer(await show_sent_texts.resolve_refused_text(resources, attempt_id, who))


@router.post("/conduct-checks", summary="Read a text or a transcript for what may not be said")
async def post_conduct_check(body: schemas.ConductBody, resources: Given) -> schemas.ConductAnswer:
    """Nothing is kept. Of a transcript only our own turns are read."""
    turns = [Turn(turn.speaker, turn.text) for turn in body.turns]
    findings = check_transcript(resources, turns, body.language, body.audience)
    if body.text is not None:
        findings = check_conduct(resources, body.text, body.language, body.audience) + findings
    return schemas.conduct_answer(findings)
