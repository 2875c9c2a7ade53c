"""Dispute the debt, or complain about us, in one's own words; and see what became of it."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import (
    HEADERS,
    FieldFault,
    Section,
    Visit,
    language_of,
    render,
    section_router,
)
from services.negotiation.entrypoints.portal.texts.record import CATEGORIES, CONCERNS, GROUNDS
from services.negotiation.entrypoints.portal.visitor import Sent, SentForm, Visitor

PATH = "/portal/concerns"
WORDS_MAX = 4_000

router = section_router()
SECTION = Section(PATH, "Something is wrong", "异议与投诉", router)


@router.get(PATH)
async def see_concerns(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _page(request, visit, resources)


@router.post(PATH + "/dispute")
async def dispute(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    ground = sent.choice("ground", list(GROUNDS))
    words = sent.text("dispute_words", length_max=WORDS_MAX)
    if sent.faults:
        return await _page(request, visit, resources, sent=sent, faults=tuple(sent.faults))
    await resources.record.dispute(visit.case_id, f"portal:{sent.key}", ground, words or None)
    return RedirectResponse(f"{PATH}?said=noted", status_code=303, headers=HEADERS)


@router.post(PATH + "/complaint")
async def complain(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    category = sent.choice("category", list(CATEGORIES))
    words = sent.text("complaint_words", length_max=WORDS_MAX)
    if sent.faults:
        return await _page(request, visit, resources, sent=sent, faults=tuple(sent.faults))
    await resources.record.complain(visit.case_id, f"portal:{sent.key}", category, words or None)
    return RedirectResponse(f"{PATH}?said=noted", status_code=303, headers=HEADERS)


async def _page(
    request: Request,
    visit: Visit,
    resources: ResourcesOf,
    *,
    sent: Sent | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
    index = 1 if language_of(request, visit) == "zh" else 0
    topics = {**CATEGORIES, **GROUNDS}
    return render(
        request,
        visit,
        "concerns.html",
        texts=CONCERNS,
        status=422 if faults else 200,
        faults=faults,
        case=case,
        here=PATH,
        concerns=await resources.record.concerns(visit.case_id),
        given=sent.fields if sent else {},
        grounds=[(code, texts[index]) for code, texts in GROUNDS.items()],
        categories=[(code, texts[index]) for code, texts in CATEGORIES.items()],
        topic=lambda code: topics.get(code, (code, code))[index],
        is_noted=request.query_params.get("said") == "noted",
    )
