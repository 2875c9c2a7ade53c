"""A call by hand: begin it, lead it, write its note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.outreach.application.make_hand_calls import dial, situation_of, start_call
from services.outreach.application.send_by_hand import send_by_hand
from services.outreach.application.write_call_notes import write_note
from services.outreach.domain.call_note import FEELINGS, NEXT_STEPS, OUTCOMES, CallNote, Promise
from services.outreach.entrypoints.desk.case_pages import known
from services.outreach.entrypoints.desk.rendering import identifier, language_of, render, resources_of
from services.outreach.entrypoints.desk.scripting import script
from services.outreach.entrypoints.desk.session import DeskRoute, Posted, Session, SignedIn
from shared.events.terms import ArrearsCause
from shared.kernel.money import EXPONENTS
from shared.kernel.refusal import Invalid, Reason

CAUSES: tuple[str, ...] = get_args(ArrearsCause)
FORM_LENGTH_MAX = 4_000
EMPTY: Mapping[str, str] = {}

pages = APIRouter(prefix="/desk", include_in_schema=False, route_class=DeskRoute)


@pages.post("/cases/{case_id}/calls")
async def start(
    request: Request,
    session: Posted,
    case_id: str,
    contact_point_id: Annotated[str, Form(max_length=60)] = "",
    item_id: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    call = await start_call(
        resources_of(request),
        session.staff_id,
        known(case_id),
        known(contact_point_id),
        item_id=identifier(item_id),
    )
    return RedirectResponse(f"/desk/calls/{call.attempt_id}", status_code=303)


@pages.post("/cases/{case_id}/sends")
async def send(request: Request, session: Posted, case_id: str) -> Response:
    await send_by_hand(resources_of(request), session.staff_id, known(case_id))
    return RedirectResponse(f"/desk/cases/{known(case_id)}", status_code=303)


@pages.get("/calls/{attempt_id}")
async def call_page(request: Request, session: SignedIn, attempt_id: str) -> Response:
    return await _call_page(request, session, known(attempt_id), EMPTY, (), 200)


@dataclass(frozen=True, slots=True)
class NoteForm:
    """The note as it was typed."""

    outcome: Annotated[str, Form(max_length=40)] = ""
    right_party: Annotated[str, Form(max_length=8)] = ""
    cause: Annotated[str, Form(max_length=40)] = "unknown"
    feelings: Annotated[str, Form(max_length=40)] = "unclear"
    words: Annotated[str, Form(max_length=FORM_LENGTH_MAX)] = ""
    promised_on: Annotated[str, Form(max_length=40)] = ""
    promised: Annotated[str, Form(max_length=40)] = ""
    confirmed: Annotated[str, Form(max_length=8)] = ""
    next_step: Annotated[str, Form(max_length=40)] = "none"
    next_at: Annotated[str, Form(max_length=40)] = ""
    recording: Annotated[str, Form(max_length=128, pattern=r"^[A-Za-z0-9._:-]*$")] = ""


@pages.post("/calls/{attempt_id}/note")
async def save_note(
    request: Request, session: Posted, attempt_id: str, form: Annotated[NoteForm, Depends()]
) -> Response:
    """What cannot be kept comes back as it was typed, with everything that is wrong."""
    resources = resources_of(request)
    _, file, _ = await dial(resources, session.staff_id, known(attempt_id))
    try:
        await write_note(resources, session.staff_id, known(attempt_id), _note(form, file.currency))
    except Invalid as refusal:
        typed = {name: getattr(form, name) for name in form.__slots__}
        return await _call_page(request, session, known(attempt_id), typed, refusal.reasons, 422)
    return RedirectResponse("/desk?notice=done", status_code=303)


async def _call_page(
    request: Request,
    session: Session,
    attempt_id: UUID,
    typed: Mapping[str, str],
    reasons: tuple[Reason, ...],
    status: int,
) -> Response:
    resources = resources_of(request)
    call, file, dialled = await dial(resources, session.staff_id, attempt_id)
    who, situation = await situation_of(resources, session.staff_id, call)
    return render(
        request,
        "call.html",
        status=status,
        call=call,
        file=file,
        dialled=dialled,
        steps=script(resources, file, who, language_of(request), situation, dialled),
        typed=typed,
        errors={reason.pointer.removeprefix("/"): reason.code for reason in reversed(reasons)},
        problems=[reason.code for reason in reasons],
        outcomes=OUTCOMES,
        causes=CAUSES,
        feelings=FEELINGS,
        next_steps=NEXT_STEPS,
        **session.page,
    )


def _note(form: NoteForm, currency: str) -> CallNote:
    return CallNote(
        outcome=form.outcome,
        is_right_party={"yes": True, "no": False}.get(form.right_party),
        cause=form.cause if form.cause in CAUSES else "unknown",
        feelings=form.feelings,
        words=form.words.strip(),
        promise=_promise(form, currency),
        is_confirmed_back=form.confirmed == "yes",
        next_step=form.next_step,
        next_at=_moment(form.next_at),
        recording=form.recording or None,
    )


def _promise(form: NoteForm, currency: str) -> Promise | None:
    """Half a promise is no promise: the other half is asked for."""
    if not form.promised_on and not form.promised:
        return None
    try:
        minor_units = Decimal(form.promised.replace(",", "")).scaleb(EXPONENTS.get(currency, 2))
        if minor_units != minor_units.to_integral_value():
            raise InvalidOperation
        return Promise(date.fromisoformat(form.promised_on), int(minor_units))
    except (ValueError, InvalidOperation, OverflowError):
        field = "promised" if form.promised_on else "promised_on"
        reason = Reason("promise_incomplete", f"/{field}", "a promise has a date and an amount")
        raise Invalid("note_wrong", "this note cannot be kept", [reason]) from None


def _moment(given: str) -> datetime | None:
    if not given:
        return None
    try:
        return datetime.fromisoformat(given).replace(tzinfo=UTC)
    except ValueError:
        reason = Reason("call_back_time_wrong", "/next_at", "not a time")
        raise Invalid("note_wrong", "this note cannot be kept", [reason]) from None
