"""What was written to the borrower on these pages; reading it proves the delivery."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import HEADERS, Section, render, section_router
from services.negotiation.entrypoints.portal.texts.record import INBOX
from services.negotiation.entrypoints.portal.visitor import SentForm, Visitor

PATH = "/portal/messages"

router = section_router()
SECTION = Section(PATH, "Messages", "消息", router)


@router.get(PATH)
async def see_inbox(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
    messages = await resources.record.inbox(case.person_id) if case.person_id is not None else []
    return render(request, visit, "inbox.html", texts=INBOX, case=case, messages=messages)


@router.post(PATH + "/{message_id}/read")
async def note_read(message_id: UUID, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
    if case.person_id is not None:
        await resources.record.note_read(case.person_id, message_id)
    return RedirectResponse(PATH, status_code=303, headers=HEADERS)
