"""How the borrower wants to be reached: ways they refuse, times that do not suit; it counts on the next decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.application.record_ports import Wishes
from services.negotiation.domain.refusals import NoSuchThing
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
from services.negotiation.entrypoints.portal.texts.record import CHANNELS, WISHES
from services.negotiation.entrypoints.portal.visitor import Sent, SentForm, Visitor

PATH = "/portal/wishes"
DAYS = tuple(str(day) for day in range(7))

router = section_router()
SECTION = Section(PATH, "Reaching you", "联系偏好", router)


@router.get(PATH)
async def see_wishes(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _page(request, visit, resources)


@router.post(PATH + "/refuse")
async def refuse(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    channel = sent.choice("channel", list(CHANNELS))
    return await _write(request, visit, sent, resources, {"kind": "opt_out", "channel": channel})


@router.post(PATH + "/time")
async def keep_time_free(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    days = [int(day) for day in DAYS if sent.text(f"day_{day}") == "yes"]
    if not days:
        sent.faults.append(FieldFault("day_0", "not_a_choice"))
    begins = sent.number("begins", first=0, last=23)
    ends = sent.number("ends", first=1, last=24)
    if begins is not None and ends is not None and ends <= begins:
        sent.faults.append(FieldFault("ends", "not_a_number"))
    until = None if ends in (None, 24) else f"{ends:02}:00:00"
    entry = {"kind": "inconvenient_time", "days": days, "begins": f"{begins or 0:02}:00:00", "ends": until}
    return await _write(request, visit, sent, resources, entry)


@router.post(PATH + "/withdraw/{entry_id}")
async def withdraw(
    entry_id: UUID, request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf
) -> Response:
    kind = sent.choice("kind", ["opt_out", "inconvenient_time"])
    # The proof of what opens contact again: they came in by their link and their answer, and sent this form.
    entry = {"kind": kind, "withdraws": str(entry_id), "proof_reference": f"portal:{sent.key}"}
    return await _write(request, visit, sent, resources, entry)


async def _write(
    request: Request, visit: Visit, sent: Sent, resources: ResourcesOf, entry: Mapping[str, Any]
) -> Response:
    if sent.faults:
        return await _page(request, visit, resources, sent=sent, faults=tuple(sent.faults))
    async with resources.begin(visit.case_id) as work:
        person_id = (await work.cases.read(visit.case_id)).person_id
    if person_id is None:
        raise NoSuchThing("person")
    reference = f"portal:{sent.key}"
    await resources.record.wish(person_id, {**entry, "reference": reference, "source": "portal"})
    return RedirectResponse(f"{PATH}?said=saved", status_code=303, headers=HEADERS)


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
    nothing = Wishes((), (), None, None)
    wishes = await resources.record.wishes(case.person_id) if case.person_id is not None else nothing
    index = 1 if language_of(request, visit) == "zh" else 0
    refused = {channel for _, channel in wishes.refusals}
    return render(
        request,
        visit,
        "wishes.html",
        texts=WISHES,
        status=422 if faults else 200,
        faults=faults,
        case=case,
        here=PATH,
        wishes=wishes,
        given=sent.fields if sent else {},
        days=DAYS,
        open_channels=[(code, texts[index]) for code, texts in CHANNELS.items() if code not in refused],
        channel=lambda code: CHANNELS.get(code, (code, code))[index],
        is_saved=request.query_params.get("said") == "saved",
    )
