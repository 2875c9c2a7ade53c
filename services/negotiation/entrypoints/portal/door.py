"""The door: a link is opened, a question asked, and after the right answer the link is used up.

Until then the page says who we are and nothing else: no name, no creditor, no debt.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.negotiation.application.ask_for_link import ask_for_link
from services.negotiation.application.enter_portal import ask_question, enter_portal
from services.negotiation.application.ports import Resources
from services.negotiation.application.visit_portal import leave_portal
from services.negotiation.domain.access import FactorKind, FactorWrong, GuessesPaused, LinkUsed
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import (
    HEADERS,
    HOME,
    FieldFault,
    is_secure_only,
    language_of,
    render,
    section_router,
    status_of,
)
from services.negotiation.entrypoints.portal.texts.door import DOOR
from services.negotiation.entrypoints.portal.visitor import (
    DOOR_COOKIE,
    SESSION_COOKIE,
    Sent,
    SentForm,
    Visitor,
    door_holder,
    read_form,
)
from shared.kernel.refusal import Invalid, Refusal, Unidentified

router = section_router()

DOOR_BYTES = 16
ANSWER_LENGTH_MAX = 64


@router.get("/b/{token}")
async def open_link(token: str, request: Request, resources: ResourcesOf) -> Response:
    return await _question(request, resources, token)


@router.post("/b/{token}")
async def answer(token: str, request: Request, resources: ResourcesOf) -> Response:
    sent = await read_form(request, resources, door_holder(request.cookies.get(DOOR_COOKIE, "")))
    await sent.close()
    said = _answer_of(sent)
    if said is None:
        return await _question(request, resources, token, fault="factor_missing", status=422)
    try:
        entered = await enter_portal(resources, token, said)
    except (FactorWrong, Invalid):
        return await _question(request, resources, token, fault="factor_wrong", status=401)
    except Refusal as refusal:
        return _closed(request, token, refusal)
    response = RedirectResponse(HOME, status_code=303, headers=HEADERS)
    response.set_cookie(
        SESSION_COOKIE,
        entered.key,
        path=HOME,
        httponly=True,
        samesite="strict",
        secure=is_secure_only(request, resources),
    )
    return response


@router.post("/b/{token}/new-link")
async def new_link(token: str, request: Request, resources: ResourcesOf) -> Response:
    await (await read_form(request, resources, door_holder(request.cookies.get(DOOR_COOKIE, "")))).close()
    try:
        await ask_for_link(resources, token)
    except Refusal as refusal:
        return _closed(request, token, refusal)
    return _note(request, "asked", 200, f"/b/{token}")


@router.post(HOME + "/leave")
async def leave(request: Request, visit: Visitor, _: SentForm, resources: ResourcesOf) -> Response:
    await leave_portal(resources, visit.key)
    request.state.visit = None
    response = _note(request, "left", 200, HOME)
    response.delete_cookie(SESSION_COOKIE, path=HOME, httponly=True, samesite="strict")
    return response


async def _question(
    request: Request, resources: Resources, token: str, *, fault: str | None = None, status: int = 200
) -> Response:
    try:
        kind = await ask_question(resources, token)
    except Refusal as refusal:
        return _closed(request, token, refusal, is_wrong=fault == "factor_wrong")
    return _with_door(request, resources, lambda: _door_page(request, token, kind, fault, status))


def _door_page(request: Request, token: str, kind: FactorKind, fault: str | None, status: int) -> Response:
    index = 1 if language_of(request, None) == "zh" else 0
    faults = [FieldFault(_first_field(kind), DOOR[fault][index])] if fault else []
    return render(
        request, None, "door.html", texts=DOOR, status=status, faults=faults, kind=kind, token=token, here=f"/b/{token}"
    )


def _closed(request: Request, token: str, refusal: Refusal, *, is_wrong: bool = False) -> Response:
    """The link lets nobody in at this moment: why, and what to do instead."""
    here, status = f"/b/{token}", status_of(refusal)
    resources: Resources = request.app.state.resources
    if isinstance(refusal, LinkUsed):
        return _with_door(
            request,
            resources,
            lambda: render(request, None, "door_used.html", texts=DOOR, status=status, token=token, here=here),
        )
    if isinstance(refusal, GuessesPaused):
        headers = {"Retry-After": str(refusal.retry_after_s)}
        if refusal.is_locked:
            return _note(request, "locked", status, here, headers)
        wait = _wait(refusal.retry_after_s, language_of(request, None))
        page, values = "door_paused.html", {"wait": wait, "is_wrong": is_wrong}
        return render(request, None, page, texts=DOOR, status=status, headers=headers, here=here, values=values)
    if isinstance(refusal, Unidentified | NoSuchThing):
        return _note(request, "link_invalid", status, here)
    raise refusal


def _note(
    request: Request, said: str, status: int, here: str, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A page of a few words, and how to reach us."""
    return render(request, None, "door_note.html", texts=DOOR, status=status, headers=headers, here=here, said=said)


def _with_door(request: Request, resources: Resources, page: Callable[[], Response]) -> Response:
    """A page with a form at the door: its browser gets a cookie that the form's token is bound to."""
    value = request.cookies.get(DOOR_COOKIE) or secrets.token_urlsafe(DOOR_BYTES)
    request.state.door = door_holder(value)
    response = page()
    response.set_cookie(
        DOOR_COOKIE,
        value,
        path="/b",
        httponly=True,
        samesite="strict",
        secure=is_secure_only(request, resources),
    )
    return response


def _answer_of(sent: Sent) -> str | None:
    """The answer in the vault's form: an ISO date, or the account number as typed."""
    if "account_number" in sent.fields:
        return sent.text("account_number", length_max=ANSWER_LENGTH_MAX) or None
    parts = [sent.text(name, length_max=4) for name in ("year", "month", "day")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = (int(part) for part in parts)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _first_field(kind: FactorKind) -> str:
    return "day" if kind == "born_on" else "account_number"


def _wait(seconds: int, language: str) -> str:
    index = 1 if language == "zh" else 0
    if seconds <= 60:
        return DOOR["seconds"][index].format(n=seconds)
    return DOOR["minutes"][index].format(n=-(-seconds // 60))
