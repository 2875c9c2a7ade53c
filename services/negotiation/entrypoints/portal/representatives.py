"""Who acts for the borrower: a representative we then speak to, and tokens for advisers and programs to negotiate."""

from __future__ import annotations

import base64
import re
from typing import cast
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.application.grant_voices import GivenGrant, grant_voice, revoke_voice, show_voices
from services.negotiation.application.record_ports import Wishes
from services.negotiation.domain.conversation import GRANT_DAYS_MAX, Holder, Scope
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
from services.negotiation.entrypoints.portal.texts.record import REPRESENTATIVES
from services.negotiation.entrypoints.portal.visitor import Sent, SentForm, Visitor

PATH = "/portal/representatives"
WHO = ("attorney", "adviser", "guardian")
HOLDERS: tuple[Holder, ...] = ("adviser", "software")
SCOPES: tuple[Scope, ...] = ("read", "propose", "accept")
_KEY = re.compile(r"^[A-Za-z0-9_-]{43}$")

router = section_router()
SECTION = Section(PATH, "Who acts for you", "代理人", router)


@router.get(PATH)
async def see_representatives(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _page(request, visit, resources)


@router.post(PATH + "/name")
async def name_one(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    who = sent.choice("who", WHO)
    sent.confirmed("authority")
    if sent.faults:
        return await _page(request, visit, resources, sent=sent, faults=tuple(sent.faults))
    reference = f"portal:{sent.key}"
    entry = {"kind": "representative", "representative": who, "proof_reference": reference}
    await resources.record.wish(await _person(resources, visit), {**entry, "reference": reference, "source": "portal"})
    return RedirectResponse(f"{PATH}?said=saved", status_code=303, headers=HEADERS)


@router.post(PATH + "/end/{entry_id}")
async def end_one(entry_id: UUID, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    reference = f"portal:{sent.key}"
    entry = {"kind": "representative", "withdraws": str(entry_id), "proof_reference": reference}
    await resources.record.wish(await _person(resources, visit), {**entry, "reference": reference, "source": "portal"})
    return RedirectResponse(f"{PATH}?said=saved", status_code=303, headers=HEADERS)


@router.post(PATH + "/grant")
async def give(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    holder = cast(Holder, sent.choice("holder", HOLDERS))
    scopes = tuple(scope for scope in SCOPES if sent.text(f"scope_{scope}") == "yes")
    if not scopes:
        sent.faults.append(FieldFault("scope_read", "not_a_choice"))
    key = sent.text("key", length_max=60)
    if not _KEY.fullmatch(key):
        language = language_of(request, visit)
        sent.faults.append(FieldFault("key", REPRESENTATIVES["key_wrong"][1 if language == "zh" else 0]))
    days = sent.number("days", first=1, last=GRANT_DAYS_MAX)
    if sent.faults or days is None:
        return await _page(request, visit, resources, sent=sent, faults=tuple(sent.faults))
    async with resources.begin(visit.case_id) as work:
        raw = base64.urlsafe_b64decode(key + "=")
        given = await grant_voice(work, visit.case_id, holder=holder, scopes=scopes, public_key=raw, days=days)
        await work.commit()
    # Shown in the answer itself: the token is in no address, and nowhere to be found again.
    return await _page(request, visit, resources, given=given)


@router.post(PATH + "/grant/{grant_id}/take-back")
async def take_back(grant_id: UUID, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        await revoke_voice(work, visit.case_id, grant_id)
        await work.commit()
    return RedirectResponse(f"{PATH}?said=saved", status_code=303, headers=HEADERS)


async def _person(resources: ResourcesOf, visit: Visit) -> UUID:
    async with resources.begin(visit.case_id) as work:
        person_id = (await work.cases.read(visit.case_id)).person_id
    if person_id is None:
        raise NoSuchThing("person")
    return person_id


async def _page(
    request: Request,
    visit: Visit,
    resources: ResourcesOf,
    *,
    sent: Sent | None = None,
    faults: tuple[FieldFault, ...] = (),
    given: GivenGrant | None = None,
) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        grants = await show_voices(work, visit.case_id)
        now = work.now
    nothing = Wishes((), (), None, None)
    wishes = await resources.record.wishes(case.person_id) if case.person_id is not None else nothing
    return render(
        request,
        visit,
        "representatives.html",
        texts=REPRESENTATIVES,
        status=422 if faults else 200,
        faults=faults,
        case=case,
        here=PATH,
        acting=wishes.representative,
        grants=[(grant, grant.stands(now)) for grant in grants],
        new=given,
        sent_fields=sent.fields if sent else {},
        who_choices=WHO,
        holders=HOLDERS,
        scopes=SCOPES,
        is_saved=request.query_params.get("said") == "saved",
    )
