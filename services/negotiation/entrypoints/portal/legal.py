"""What is going on in law about this debt, in calm words: the step, what it means, what one can do, who looked."""

from __future__ import annotations

from fastapi import Request, Response

from services.negotiation.application.show_legal import legal_for_borrower
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.legal_texts import information_sheet
from services.negotiation.entrypoints.portal.frame import Section, language_of, render, section_router
from services.negotiation.entrypoints.portal.texts.legal import DECISIONS, LEGAL, PLACES, STEPS
from services.negotiation.entrypoints.portal.visitor import Visitor

PATH = "/portal/law"

router = section_router()
SECTION = Section(PATH, "Legal steps", "法律程序", router)


@router.get(PATH)
async def see_legal(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    """Always in the menu: that nothing is going on is worth knowing too."""
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        files = await legal_for_borrower(work, visit.case_id)
    language = language_of(request, visit)
    index = 1 if language == "zh" else 0
    return render(
        request,
        visit,
        "legal.html",
        texts=LEGAL,
        case=case,
        files=[(file, information_sheet(file.information, case.jurisdiction, language)) for file in files],
        step=lambda code: STEPS.get(code, (code, code))[index],
        decision=lambda code: DECISIONS.get(code, (code, code))[index],
        place=lambda code: PLACES.get(code, (code, code))[index],
    )
