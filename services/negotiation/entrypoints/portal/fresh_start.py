"""After the debt: the certificate, what became of the credit record, and a calm question that nobody must answer."""

from __future__ import annotations

from typing import cast

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.application.once import once
from services.negotiation.application.show_fresh_start import answer_question, show_fresh_start
from services.negotiation.domain.fresh_start.check_ins import CheckInAnswer
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import HEADERS, Section, language_of, render, section_router
from services.negotiation.entrypoints.portal.texts.papers import FRESH_START
from services.negotiation.entrypoints.portal.visitor import SentForm, Visitor
from shared.db.idempotency import request_hash

PATH = "/portal/fresh-start"
ANSWERS: tuple[CheckInAnswer, ...] = ("well", "needs_help")

router = section_router()
SECTION = Section(PATH, "Fresh start", "重新开始", router, in_menu=False)


@router.get(PATH)
async def see_fresh_start(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    """Raises NotCleared while something is owed: the page says that this is not possible yet."""
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        found = await show_fresh_start(work, visit.case_id, language_of(request, visit))
    values = {"found": found, "answers": ANSWERS, "is_noted": request.query_params.get("said") == "noted"}
    return render(request, visit, "fresh_start.html", texts=FRESH_START, case=case, values=values)


@router.post(PATH + "/questions/{days}")
async def answer(days: int, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    said = cast(CheckInAnswer, sent.choice("answer", list(ANSWERS)))
    sent.check()
    async with resources.begin(visit.case_id) as work:

        async def act() -> bytes:
            return (await answer_question(work, visit.case_id, days, said)).state.encode()

        hashed = request_hash(str(days).encode(), said.encode())
        await once(work, scope=f"question:{visit.case_id}", key=sent.key, request_hash=hashed, act=act)
    return RedirectResponse(f"{PATH}?said=noted", status_code=303, headers=HEADERS)
