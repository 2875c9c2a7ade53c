"""The pages of the complaint and the dispute desk: a list with how late each is, and one page for each matter."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.outreach.application import answer_matters, work_matters
from services.outreach.application.answer_matters import CHANNELS, Answer
from services.outreach.application.desk_records import MatterFilter
from services.outreach.application.seal_evidence import open_pack
from services.outreach.domain.desk.matter import (
    DISPUTE_OUTCOMES,
    FINDINGS,
    REDRESS,
    ROOT_CAUSES,
    Kind,
    may_follow,
)
from services.outreach.domain.desk.pack import SECTIONS
from services.outreach.entrypoints.desk.case_pages import known
from services.outreach.entrypoints.desk.rendering import render, resources_of
from services.outreach.entrypoints.desk.session import DeskRoute, Posted, SignedIn
from shared.kernel.refusal import Invalid, NotFound

LIST_MAX = 200
ROWS_SHOWN = 50
KINDS: dict[str, Kind] = {"complaints": "complaint", "disputes": "dispute"}
STEPS = ("acknowledge", "investigate", "take", "finish")

pages = APIRouter(prefix="/desk", include_in_schema=False, route_class=DeskRoute)


@pages.get("/complaints")
async def complaints_page(request: Request, session: SignedIn) -> Response:
    return await _list(request, session.page, "complaints")


@pages.get("/disputes")
async def disputes_page(request: Request, session: SignedIn) -> Response:
    return await _list(request, session.page, "disputes")


@pages.get("/complaints/{matter_id}")
async def complaint_page(request: Request, session: SignedIn, matter_id: str) -> Response:
    return await _page(request, session.page, "complaints", known(matter_id))


@pages.get("/disputes/{matter_id}")
async def dispute_page(request: Request, session: SignedIn, matter_id: str) -> Response:
    return await _page(request, session.page, "disputes", known(matter_id))


@pages.post("/{desk}/{matter_id}/step")
async def step(
    request: Request,
    session: Posted,
    desk: str,
    matter_id: str,
    step: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    resources, kind, subject = resources_of(request), _kind(desk), known(matter_id)
    if step == "acknowledge":
        await work_matters.acknowledge(resources, session.staff_id, kind, subject)
    elif step == "investigate":
        await work_matters.investigate(resources, session.staff_id, kind, subject)
    elif step == "take":
        await work_matters.assign(resources, session.staff_id, kind, subject, session.staff_id)
    elif step == "finish":
        await work_matters.close_matter(resources, session.staff_id, kind, subject)
    else:
        raise Invalid("step_wrong", "one of: " + ", ".join(STEPS))
    return _to(desk, subject)


@pages.post("/{desk}/{matter_id}/answer")
async def answer(
    request: Request,
    session: Posted,
    desk: str,
    matter_id: str,
    outcome: Annotated[str, Form(max_length=40)] = "",
    root_cause: Annotated[str, Form(max_length=40)] = "",
    words: Annotated[str, Form(max_length=10_000)] = "",
    corrected: Annotated[str, Form(max_length=20)] = "",
    redress: Annotated[list[str] | None, Form(max_length=10)] = None,
) -> Response:
    if corrected and not corrected.isdecimal():
        raise Invalid("corrected_amount_wrong", "whole minor units")
    given = Answer(
        outcome=outcome,
        words=words.strip(),
        root_cause=root_cause or None,
        redress=tuple(dict.fromkeys(redress or ())),
        corrected_minor_units=int(corrected) if corrected else None,
    )
    subject = known(matter_id)
    await answer_matters.answer_matter(resources_of(request), session.staff_id, _kind(desk), subject, given)
    return _to(desk, subject)


@pages.post("/{desk}/{matter_id}/send")
async def send(
    request: Request,
    session: Posted,
    desk: str,
    matter_id: str,
    channel: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    if channel not in CHANNELS:
        raise Invalid("channel_wrong", "one of: " + ", ".join(CHANNELS))
    subject = known(matter_id)
    await answer_matters.send_answer(resources_of(request), session.staff_id, _kind(desk), subject, channel)
    return _to(desk, subject)


async def _list(request: Request, session: dict[str, Any], desk: str) -> Response:
    resources, given = resources_of(request), request.query_params
    wanted = MatterFilter(
        kind=_kind(desk),
        is_open=given.get("status") != "closed",
        is_overdue=given.get("overdue") == "1",
        limit=LIST_MAX,
    )
    return render(
        request,
        "matters.html",
        desk=desk,
        matters=await work_matters.list_matters(resources, wanted),
        lessons=[line for line in await work_matters.list_lessons(resources) if line.kind == wanted.kind],
        wanted=wanted,
        now=resources.clock.now(),
        **session,
    )


async def _page(request: Request, session: dict[str, Any], desk: str, matter_id: UUID) -> Response:
    resources, kind = resources_of(request), _kind(desk)
    shown = await work_matters.show_matter(resources, kind, matter_id)
    pack = shown.packs[0] if shown.packs else None
    document = orjson.loads(open_pack(resources, pack)) if pack is not None else None
    state = shown.matter.state
    return render(
        request,
        "matter.html",
        desk=desk,
        shown=shown,
        matter=shown.matter,
        pack=pack,
        sections=[(name, document[name][:ROWS_SHOWN], len(document[name])) for name in SECTIONS] if document else [],
        may={name: may_follow(state, name) for name in ("acknowledged", "investigating", "answered", "closed")},
        outcomes=FINDINGS if kind == "complaint" else DISPUTE_OUTCOMES,
        root_causes=ROOT_CAUSES,
        redress=REDRESS,
        channels=CHANNELS,
        now=resources.clock.now(),
        **session,
    )


def _kind(desk: str) -> Kind:
    found = KINDS.get(desk)
    if found is None:
        raise NotFound("not_found", "there is no such desk")
    return found


def _to(desk: str, matter_id: UUID) -> RedirectResponse:
    return RedirectResponse(f"/desk/{desk}/{matter_id}", status_code=303)
