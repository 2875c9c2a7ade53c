"""One item of the queue and the person behind it: everything known, and the gate's answer before any button."""

from __future__ import annotations

from datetime import date
from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.outreach.application import take_work
from services.outreach.application.review_replies import Reading
from services.outreach.application.unmask_words import REASONS, unmask
from services.outreach.application.view_person import PersonView, view_person
from services.outreach.application.workbench_records import WorkItem
from services.outreach.domain.work_queue import BY_HAND_OUTCOMES
from services.outreach.entrypoints.desk.rendering import identifier, language_of, render, resources_of
from services.outreach.entrypoints.desk.scripting import script
from services.outreach.entrypoints.desk.session import DeskRoute, Posted, Session, SignedIn
from shared.events.terms import ReplyIntent
from shared.kernel.refusal import Invalid, NotFound

INTENTS = get_args(ReplyIntent)

pages = APIRouter(prefix="/desk", include_in_schema=False, route_class=DeskRoute)


@pages.get("/items/{item_id}")
async def item_page(request: Request, session: SignedIn, item_id: str) -> Response:
    """Looking at one's own item keeps it for longer."""
    resources = resources_of(request)
    item = await take_work.look_at(resources, session.staff_id, known(item_id))
    view = await view_person(resources, session.staff_id, item.case_id)
    return _case_page(request, session, view, item)


@pages.get("/cases/{case_id}")
async def case_page(request: Request, session: SignedIn, case_id: str) -> Response:
    view = await view_person(resources_of(request), session.staff_id, known(case_id))
    return _case_page(request, session, view, None)


@pages.post("/items/{item_id}/claim")
async def claim(request: Request, session: Posted, item_id: str) -> Response:
    item = await take_work.claim_item(resources_of(request), session.staff_id, known(item_id))
    return RedirectResponse(f"/desk/items/{item.item_id}", status_code=303)


@pages.post("/items/{item_id}/release")
async def release(request: Request, session: Posted, item_id: str) -> Response:
    await take_work.release_item(resources_of(request), session.staff_id, known(item_id))
    return RedirectResponse("/desk?notice=released", status_code=303)


@pages.post("/items/{item_id}/finish")
async def finish(
    request: Request, session: Posted, item_id: str, outcome: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    await take_work.finish_item(resources_of(request), session.staff_id, known(item_id), outcome)
    return RedirectResponse("/desk?notice=finished", status_code=303)


@pages.post("/items/{item_id}/reading")
async def read(
    request: Request,
    session: Posted,
    item_id: str,
    intent: Annotated[str, Form(max_length=40)] = "",
    promised_on: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    if intent not in INTENTS:
        raise Invalid("intent_wrong", "one of: " + ", ".join(INTENTS))
    try:
        on = date.fromisoformat(promised_on) if promised_on else None
    except ValueError:
        raise Invalid("promise_day_wrong", "not a day") from None
    reading = Reading(intent, promised_on=on)
    await take_work.read_reply(resources_of(request), session.staff_id, known(item_id), reading)
    return RedirectResponse("/desk?notice=finished", status_code=303)


@pages.post("/replies/{subject_id}/unmask")
async def unmask_reply(
    request: Request, session: Posted, subject_id: str, reason: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    return await _unmasked(request, session, "reply", known(subject_id), reason)


@pages.post("/notes/{subject_id}/unmask")
async def unmask_note(
    request: Request, session: Posted, subject_id: str, reason: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    return await _unmasked(request, session, "call_note", known(subject_id), reason)


def known(given: str) -> UUID:
    found = identifier(given)
    if found is None:
        raise NotFound("not_found", "there is no such thing")
    return found


async def _unmasked(request: Request, session: Session, subject: str, subject_id: UUID, reason: str) -> Response:
    """Shown in the answer itself: no address leads to it, and nothing keeps it."""
    resources = resources_of(request)
    case_id, words = await unmask(resources, session.staff_id, subject, subject_id, reason)
    return render(
        request,
        "unmasked.html",
        case_id=case_id,
        said=words,
        reason=reason,
        now=resources.clock.now(),
        **session.page,
    )


def _case_page(request: Request, session: Session, view: PersonView, item: WorkItem | None) -> Response:
    is_mine = item is not None and item.is_held and item.holder == session.staff_id
    return render(
        request,
        "case.html",
        view=view,
        item=item,
        is_mine=is_mine,
        may_call=view.acting.standing.is_certified and (item is None or is_mine),
        steps=script(
            resources_of(request), view.file, view.acting, language_of(request), item.kind if item else "call"
        ),
        outcomes=BY_HAND_OUTCOMES,
        reasons=REASONS,
        intents=INTENTS,
        **session.page,
    )
