"""Relief over HTTP: borrowers ask and bring papers, lenders decide by signed requests, staff keep the queue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.exceptions import HTTPException

from services.negotiation.application import decide_relief, request_relief
from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources, Work
from services.negotiation.application.relief_ports import Queue
from services.negotiation.application.upload_evidence import (
    list_evidence,
    list_openings,
    open_evidence,
    upload_evidence,
)
from services.negotiation.domain.relief.causes import EvidenceKind
from services.negotiation.domain.relief.files import EXTENSIONS, FILE_BYTES_MAX
from services.negotiation.domain.relief.request import Relief
from services.negotiation.entrypoints import relief_schemas as schemas
from services.negotiation.entrypoints.http import NO_STORE
from services.negotiation.entrypoints.identity import BorrowersCase, IdempotencyKey, ResourcesOf
from services.negotiation.entrypoints.lender import IS_SIGNED, LendersCreditor
from services.negotiation.entrypoints.places import CURSOR_MAX, cursor, read_cursor
from services.negotiation.entrypoints.schemas import dumped
from shared.db.idempotency import request_hash
from shared.service.staff import Staff, StaffMember

borrower = APIRouter(prefix="/v1/borrower", tags=["borrower"])
staff = APIRouter(prefix="/v1", dependencies=[Staff], tags=["staff"])
lender = APIRouter(prefix="/v1/lender", dependencies=[IS_SIGNED], tags=["lender"])

Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(alias="cursor", max_length=CURSOR_MAX)]
Language = Annotated[str, Query(alias="lang", pattern="^(en|zh)$")]


@borrower.get("/relief", summary="What may be asked for, and the requests so far")
async def see_relief(case_id: BorrowersCase, resources: ResourcesOf, lang: Language = "en") -> Response:
    async with resources.begin(case_id) as work:
        found = await work.reliefs.of_case(case_id)
        files = await list_evidence(work, case_id)
    content = {
        **schemas.wishes_answer(lang),
        "requests": [schemas.relief_answer(relief, lang) for relief in found],
        "files": [schemas.file_answer(file) for file in files],
    }
    return _json(content)


@borrower.post("/relief", summary="Ask for relief; contact about payment is suspended from now on")
async def ask(
    case_id: BorrowersCase,
    body: schemas.ReliefBody,
    request: Request,
    key: IdempotencyKey,
    resources: ResourcesOf,
    lang: Language = "en",
) -> Response:
    async def act(work: Work) -> Relief:
        return await request_relief.request_relief(work, case_id, body.wish())

    return await _once(resources, case_id, f"relief:{case_id}", key, await request.body(), act, lang)


@borrower.post("/relief/{relief_id}/evidence", summary="Add papers to a request")
async def bring(
    case_id: BorrowersCase, relief_id: UUID, body: schemas.EvidenceBody, resources: ResourcesOf, lang: Language = "en"
) -> Response:
    """Twice is the same as once."""
    async with resources.begin(case_id) as work:
        relief = await request_relief.bring_evidence(work, case_id, relief_id, body.file_ids)
        await work.commit()
    return _json(schemas.relief_answer(relief, lang))


@borrower.post("/relief/{relief_id}/withdraw", summary="Take a request back, or end the relief")
async def withdraw(case_id: BorrowersCase, relief_id: UUID, resources: ResourcesOf, lang: Language = "en") -> Response:
    async with resources.begin(case_id) as work:
        relief = await request_relief.withdraw_relief(work, case_id, relief_id)
        await work.commit()
    return _json(schemas.relief_answer(relief, lang))


@borrower.post("/relief/{relief_id}/circumstances", summary="How things are now, before the relief ends")
async def circumstances(
    case_id: BorrowersCase,
    relief_id: UUID,
    body: schemas.CircumstancesBody,
    resources: ResourcesOf,
    lang: Language = "en",
) -> Response:
    async with resources.begin(case_id) as work:
        relief = await request_relief.answer_review(work, case_id, relief_id, body.circumstances)
        await work.commit()
    return _json(schemas.relief_answer(relief, lang))


@borrower.post("/evidence", summary="Keep a paper: PDF, JPEG or PNG, at most 5 MB, as the body itself")
async def upload(case_id: BorrowersCase, kind: EvidenceKind, request: Request, resources: ResourcesOf) -> Response:
    """The type is told by the content. The same file again is kept once."""
    content = await read_bounded(request)
    file = await upload_evidence(resources.begin, resources.sealer, case_id, kind, content)
    return _json(schemas.file_answer(file))


async def read_bounded(request: Request) -> bytes:
    """The body, or 413 as soon as it is larger than any file may be."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > FILE_BYTES_MAX:
            raise HTTPException(413)
    return bytes(content)


@staff.get("/relief", summary="Requests for relief by queue, oldest first")
async def see_queue(
    resources: ResourcesOf, state: Queue = "requested", limit: Limit = 100, at: Cursor = None
) -> Response:
    return _page(await decide_relief.list_relief(resources.begin, state, read_cursor(at), limit), limit)


@staff.get("/relief/{relief_id}", summary="One request and what happened to it")
async def see_request(relief_id: UUID, resources: ResourcesOf) -> Response:
    async with resources.begin(is_staff=True) as work:
        relief = await work.reliefs.find(relief_id)
        steps = await work.reliefs.steps(relief_id)
    return _json({**schemas.staff_answer(relief), "steps": [schemas.step_answer(step) for step in steps]})


@staff.post("/relief/{relief_id}/move", summary="Ask for papers, or pass the request to the lender")
async def move(relief_id: UUID, body: schemas.MoveBody, who: StaffMember, resources: ResourcesOf) -> Response:
    return _json(schemas.staff_answer(await decide_relief.move_on(resources.begin, relief_id, body.to, who)))


@staff.post("/relief/{relief_id}/decision", summary="Write down what the lender decided")
async def propose(relief_id: UUID, body: schemas.DecisionBody, who: StaffMember, resources: ResourcesOf) -> Response:
    """Nothing happens until somebody else has confirmed it."""
    relief = await decide_relief.propose_decision(resources.begin, relief_id, body.decision(who))
    return _json(schemas.staff_answer(relief))


@staff.post("/relief/{relief_id}/confirm", summary="Confirm the lender's decision that somebody else wrote down")
async def confirm(relief_id: UUID, who: StaffMember, resources: ResourcesOf) -> Response:
    return _json(schemas.staff_answer(await decide_relief.confirm_decision(resources.begin, relief_id, who)))


@staff.post("/relief/{relief_id}/review", summary="Extend relief, or end it at its review")
async def review(relief_id: UUID, body: schemas.ReviewBody, who: StaffMember, resources: ResourcesOf) -> Response:
    return _json(schemas.staff_answer(await decide_relief.review_relief(resources.begin, relief_id, body.months, who)))


@staff.post("/evidence/{file_id}/open", summary="Download a paper; that it was opened, by whom and why, is kept")
async def open_file(file_id: UUID, body: schemas.OpenFileBody, who: StaffMember, resources: ResourcesOf) -> Response:
    file, content = await open_evidence(resources.begin, resources.sealer, file_id, who, body.reason)
    # Whatever the file would do in a browser, it does not do it on our pages: a download under a name of ours, of no
    # type that is shown, and no guessing.
    headers = {
        **NO_STORE,
        "Content-Disposition": f'attachment; filename="evidence-{file_id}.{EXTENSIONS[file.media_type]}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


@staff.get("/evidence/{file_id}/openings", summary="Who opened a paper, and why")
async def see_openings(file_id: UUID, resources: ResourcesOf) -> Response:
    found = await list_openings(resources.begin, file_id)
    return _json({"file_id": file_id, "openings": [schemas.opening_answer(opening) for opening in found]})


@lender.get("/relief", summary="Requests that wait for the lender that signs")
async def see_lenders_queue(
    creditor_id: LendersCreditor,
    resources: ResourcesOf,
    state: Queue = "with_lender",
    limit: Limit = 100,
    at: Cursor = None,
) -> Response:
    found = await decide_relief.list_relief(resources.begin, state, read_cursor(at), limit, creditor_id)
    return _page(found, limit)


@lender.post("/relief/{relief_id}/decision", summary="The lender's own decision")
async def decide(
    relief_id: UUID, body: schemas.DecisionBody, creditor_id: LendersCreditor, resources: ResourcesOf
) -> Response:
    """The same verdict twice is the same as once."""
    decision = body.decision(decide_relief.LENDER)
    relief = await decide_relief.decide_as_lender(resources.begin, creditor_id, relief_id, decision)
    return _json(schemas.staff_answer(relief))


async def _once(
    resources: Resources,
    case_id: UUID,
    scope: str,
    key: str,
    body: bytes,
    act: Callable[[Work], Awaitable[Relief]],
    lang: str,
) -> Response:
    async with resources.begin(case_id) as work:

        async def answer() -> bytes:
            return dumped(schemas.relief_answer(await act(work), lang))

        kept = await once(work, scope=scope, key=key, request_hash=request_hash(body), act=answer)
    return Response(kept.response, kept.status, headers=NO_STORE, media_type="application/json")


def _page(found: list[Relief], limit: int) -> Response:
    after = cursor((found[-1].requested_at, found[-1].relief_id)) if len(found) == limit else None
    return _json({"requests": [schemas.staff_answer(relief) for relief in found], "next_cursor": after})


def _json(content: dict[str, Any]) -> Response:
    return Response(dumped(content), media_type="application/json", headers=NO_STORE)
