"""Our own conduct, open to the borrower: every contact, every blocked one with reasons, who looked, and all to take."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
from fastapi import Request, Response

from services.negotiation.application.note_looks import show_looks
from services.negotiation.application.show_case import show_case
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import HEADERS, Section, language_of, render, section_router
from services.negotiation.entrypoints.portal.texts.record import CHANNELS, OUTCOMES, RECORD
from services.negotiation.entrypoints.portal.visitor import Visitor
from services.negotiation.entrypoints.schemas import case_answer

PATH = "/portal/record"
CONTACTS_SHOWN = 100
LOOKS_SHOWN = 50

router = section_router()
SECTION = Section(PATH, "Our conduct", "联系记录", router)


@router.get(PATH)
async def see_record(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        looks = (await show_looks(work, visit.case_id))[:LOOKS_SHOWN]
    contacts = await resources.record.contacts(visit.case_id)
    index = 1 if language_of(request, visit) == "zh" else 0
    return render(
        request,
        visit,
        "record.html",
        texts=RECORD,
        case=case,
        contacts=contacts[:CONTACTS_SHOWN],
        older=max(0, len(contacts) - CONTACTS_SHOWN),
        looks=looks,
        channel=lambda code: CHANNELS.get(code, (code, code))[index],
        outcome=lambda code: OUTCOMES.get(code, (code, code))[index],
        at=lambda moment: moment.strftime("%Y-%m-%d %H:%M"),
        words=lambda reason: reason.zh if index else reason.en,
    )


@router.get(PATH + "/proof.zip")
async def take_proof(visit: Visitor, resources: ResourcesOf) -> Response:
    """What the verifier reads, byte for byte as outreach gave it out."""
    content = await resources.record.proof(visit.case_id)
    return _file(content, "application/zip", "concord-decisions.zip")


@router.get(PATH + "/record.json")
async def take_all(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    """All that these pages show, for a program or an adviser."""
    async with resources.begin(visit.case_id) as work:
        looks = await show_looks(work, visit.case_id)
        ledger = await work.ledger.entries(visit.case_id)
    async with resources.begin(visit.case_id) as work:
        # Offers are put by being seen: this one commits.
        view = await show_case(work, visit.case_id)
    contacts = await resources.record.contacts(visit.case_id)
    document: dict[str, Any] = {
        "case": case_answer(view, language_of(request, visit)),
        "payments": [asdict(payment) for payment in view.payments],
        "ledger": [asdict(entry) for entry in ledger],
        "contacts": [asdict(contact) for contact in contacts],
        "looks": [asdict(look) for look in looks],
    }
    content = orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    return _file(content, "application/json", "concord-record.json")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
