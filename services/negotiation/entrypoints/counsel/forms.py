"""The forms of counsel's desk: one address a deed, read as closed sets and bounded words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from services.negotiation.application import show_legal, take_legal_steps, work_legal_file
from services.negotiation.application.draw_legal_papers import draw_legal_papers
from services.negotiation.application.legal_ports import DOCUMENT_BYTES_MAX
from services.negotiation.application.ports import Resources
from services.negotiation.entrypoints.counsel.rendering import resources_of
from services.negotiation.entrypoints.counsel.session import CounselRoute, Posted, Seat
from services.negotiation.entrypoints.formatting import typed_amount
from services.negotiation.entrypoints.legal_texts import information_sheet, sheet_text
from shared.kernel.refusal import Invalid, NotAllowed

router = APIRouter(prefix="/counsel/files/{legal_id}", include_in_schema=False, route_class=CounselRoute)

Short = Annotated[str, Form(max_length=64)]
Words = Annotated[str, Form(max_length=500)]


@router.post("/sign")
async def sign(
    request: Request,
    legal_id: UUID,
    seat: Posted,
    step: Short = "",
    decision: Short = "",
    reasons: Annotated[str, Form(max_length=4_000)] = "",
    contents_hash: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    if not seat.is_counsel:
        raise NotAllowed("counsel_not_admitted", "only a registered lawyer signs")
    given = tuple(line.strip() for line in reasons.splitlines() if line.strip())
    if decision not in ("approve", "return", "refuse") or not 1 <= len(given) <= 10 or any(len(x) > 500 for x in given):
        raise Invalid("form_wrong", "a decision and one to ten reasons")
    resources = resources_of(request)
    await work_legal_file.sign_file(resources, seat.staff_id, legal_id, step, decision, given, contents_hash)  # type: ignore[arg-type]  # looked at above
    return _back(legal_id)


@router.post("/check")
async def check(request: Request, legal_id: UUID, seat: Posted, item: Short = "") -> Response:
    await work_legal_file.tick(resources_of(request), seat.staff_id, legal_id, item, None)
    return _back(legal_id)


@router.post("/documents")
async def add_document(
    request: Request,
    legal_id: UUID,
    seat: Posted,
    content: Annotated[UploadFile, File()],
    kind: Short = "",
    title: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    given = await content.read(DOCUMENT_BYTES_MAX + 1)
    media_type = "application/pdf" if given.startswith(b"%PDF-") else "text/plain"
    named = " ".join(title.split()) or kind
    await work_legal_file.add_document(resources_of(request), seat.staff_id, legal_id, kind, named, media_type, given)
    return _back(legal_id)


@router.post("/collect")
async def collect(request: Request, legal_id: UUID, seat: Posted) -> Response:
    await work_legal_file.collect_record(resources_of(request), legal_id)
    return _back(legal_id)


@router.post("/draw")
async def draw(request: Request, legal_id: UUID, seat: Posted) -> Response:
    """In the borrower's language."""
    resources = resources_of(request)
    view = await show_legal.show_file(resources, legal_id)
    sheet = information_sheet("letter_before_action", view.file.jurisdiction, view.case.language)
    await draw_legal_papers(resources, legal_id, sheet.title, sheet_text(sheet))
    return _back(legal_id)


@router.post("/deadlines")
async def set_deadline(
    request: Request, legal_id: UUID, seat: Posted, kind: Short = "", due_on: Short = ""
) -> Response:
    await work_legal_file.set_deadline(resources_of(request), seat.staff_id, legal_id, kind, _day(due_on))
    return _back(legal_id)


@router.post("/deadlines/{deadline_id}/done")
async def finish_deadline(request: Request, legal_id: UUID, deadline_id: UUID, seat: Posted) -> Response:
    await work_legal_file.finish_deadline(resources_of(request), seat.staff_id, legal_id, deadline_id)
    return _back(legal_id)


@router.post("/hearings")
async def set_hearing(request: Request, legal_id: UUID, seat: Posted, on: Short = "", place: Short = "") -> Response:
    await take_legal_steps.set_hearing(resources_of(request), seat.staff_id, legal_id, _day(on), place)
    return _back(legal_id)


@router.post("/hearings/{hearing_id}/outcome")
async def record_hearing(
    request: Request, legal_id: UUID, hearing_id: UUID, seat: Posted, outcome: Short = ""
) -> Response:
    await take_legal_steps.record_hearing(resources_of(request), seat.staff_id, legal_id, str(hearing_id), outcome)
    return _back(legal_id)


@router.post("/costs")
async def add_cost(
    request: Request,
    legal_id: UUID,
    seat: Posted,
    kind: Short = "",
    amount: Short = "",
    recoverable: Short = "",
    note: Words = "",
) -> Response:
    resources = resources_of(request)
    minor = typed_amount(amount, (await show_legal.show_file(resources, legal_id)).case.currency)
    if minor is None:
        raise Invalid("form_wrong", "an amount")
    given = (kind, minor, recoverable == "yes", note.strip())
    await work_legal_file.add_cost(resources, seat.staff_id, legal_id, *given)
    return _back(legal_id)


@router.post("/steps/{step}")
async def take_step(request: Request, legal_id: UUID, step: str, seat: Posted) -> Response:
    given = {name: str(value)[:500] for name, value in (await request.form()).items()}
    await _take(resources_of(request), seat, legal_id, step, given)
    return _back(legal_id)


async def _take(resources: Resources, seat: Seat, legal_id: UUID, step: str, given: Mapping[str, Any]) -> None:
    who = seat.staff_id
    if step == "letter_before_action":
        await take_legal_steps.send_letter(resources, who, legal_id)
    elif step == "mediation":
        await take_legal_steps.offer_mediation(resources, who, legal_id)
    elif step == "mediated":
        await take_legal_steps.record_mediation(resources, who, legal_id, given.get("result", ""))
    elif step in ("suit", "arbitration"):
        currency = (await show_legal.show_file(resources, legal_id)).case.currency
        amount, reference = typed_amount(given.get("amount", ""), currency), given.get("reference", "").strip()
        if amount is None or not reference:
            raise Invalid("form_wrong", "an amount and the number that the court gave")
        await take_legal_steps.file_claim(resources, who, legal_id, step, amount, reference[:64])
    elif step == "judgment":
        days = _day(given.get("pay_by", "")), _day(given.get("enforceable_until", ""))
        await take_legal_steps.record_judgment(resources, who, legal_id, given.get("won") == "yes", *days)
    elif step == "enforcement":
        await take_legal_steps.enforce(resources, who, legal_id)
    elif step == "returned":
        await work_legal_file.return_file(resources, who, legal_id, "given_back")
    elif step == "complaint" and seat.is_counsel and given.get("why", "").strip():
        await work_legal_file.consider_complaint(resources, who, legal_id, given["why"].strip())
    else:
        raise Invalid("form_wrong", "no step of this desk")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("form_wrong", "a day as YYYY-MM-DD") from None


def _back(legal_id: UUID) -> Response:
    return RedirectResponse(f"/counsel/files/{legal_id}?done=1", status_code=303)
