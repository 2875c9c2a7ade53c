"""The pages of the workbench: sign-in, queue, people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.outreach.application import take_work
from services.outreach.application.admit_staff import SESSION_HOURS, sign_in
from services.outreach.application.certify_staff import list_members
from services.outreach.application.workbench_records import QueueFilter
from services.outreach.domain.work_queue import KINDS
from services.outreach.entrypoints.desk import call_pages, case_pages
from services.outreach.entrypoints.desk.rendering import (
    LANGUAGE_COOKIE,
    STYLESHEET,
    identifier,
    keep_language,
    render,
    resources_of,
)
from services.outreach.entrypoints.desk.session import SESSION_COOKIE, DeskRoute, Posted, SignedIn, own_path
from services.outreach.entrypoints.desk.texts import LANGUAGES
from shared.kernel.refusal import Overloaded, Unidentified

JURISDICTIONS = ("US", "CN", "GB", "IE", "IN", "ID", "PH", "VN", "SG", "AU")
NOTICES = ("done", "finished", "released", "nothing")

ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b5d5b"/>'
    b'<path d="M9 10h14M9 16h14M9 22h8" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)

pages = APIRouter(prefix="/desk", include_in_schema=False, route_class=DeskRoute)


@pages.get("")
async def queue_page(request: Request, session: SignedIn) -> Response:
    wanted = _wanted(request)
    page = await take_work.show_queue(resources_of(request), session.staff_id, wanted)
    notice = request.query_params.get("notice")
    return render(
        request,
        "queue.html",
        page=page,
        wanted=wanted,
        kinds=KINDS,
        jurisdictions=JURISDICTIONS,
        languages=LANGUAGES,
        filters=_filters(wanted),
        notice=notice if notice in NOTICES else None,
        now=resources_of(request).clock.now(),
        **session.page,
    )


@pages.post("/take")
async def take(request: Request, session: Posted) -> Response:
    item = await take_work.take_next(resources_of(request), session.staff_id, _wanted(request))
    return _to(f"/desk/items/{item.item_id}" if item else "/desk?notice=nothing")


@pages.get("/people")
async def people_page(request: Request, session: SignedIn) -> Response:
    resources = resources_of(request)
    loads = {load.staff_id: load for load in await take_work.show_loads(resources)}
    return render(request, "people.html", loads=loads, members=await list_members(resources), **session.page)


@pages.get("/login")
async def sign_in_page(request: Request) -> Response:
    return _sign_in_page(request, request.query_params.get("next"))


@pages.post("/login")
async def sign_in_form(
    request: Request,
    staff_id: Annotated[str, Form(max_length=100)] = "",
    token: Annotated[str, Form(max_length=1_000)] = "",
    following: Annotated[str, Form(alias="next", max_length=2_000)] = "/desk",
) -> Response:
    resources = resources_of(request)
    address = request.client.host if request.client else "unknown"
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        # Nobody is signed in by a form of another site.
        return _sign_in_page(request, following, error="wrong", status=403)
    try:
        member, made = await sign_in(resources, address, staff_id.strip(), token.strip())
    except Unidentified:
        return _sign_in_page(request, following, error="wrong", status=401)
    except Overloaded as refusal:
        response = _sign_in_page(
            request, following, error="limited", minutes=-(-refusal.retry_after_s // 60), status=429
        )
        response.headers["Retry-After"] = str(refusal.retry_after_s)
        return response
    answer = _to(own_path(following))
    answer.set_cookie(
        SESSION_COOKIE,
        made,
        max_age=SESSION_HOURS * 3_600,
        httponly=True,
        samesite="lax",
        secure=resources.workbench.cookies_need_https,
        path="/desk",
    )
    if LANGUAGE_COOKIE not in request.cookies:
        keep_language(request, answer, member.languages[0])
    return answer


@pages.post("/logout")
async def sign_out(request: Request, session: Posted) -> Response:
    answer = _to("/desk/login")
    answer.delete_cookie(SESSION_COOKIE, path="/desk")
    return answer


@pages.get("/desk.css")
async def stylesheet() -> Response:
    return Response(STYLESHEET, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


@pages.get("/icon.svg")
async def icon() -> Response:
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


def _sign_in_page(
    request: Request, following: str | None, *, error: str | None = None, minutes: int = 0, status: int = 200
) -> Response:
    return render(request, "login.html", status=status, following=own_path(following), error=error, minutes=minutes)


def _wanted(request: Request) -> QueueFilter:
    """What the filters say; a value that nobody offers is no filter."""
    given = request.query_params
    kind, language, jurisdiction = given.get("kind"), given.get("language"), given.get("jurisdiction")
    return QueueFilter(
        kind=kind if kind in KINDS else None,
        language=language if language in LANGUAGES else None,
        jurisdiction=jurisdiction if jurisdiction in JURISDICTIONS else None,
        is_overdue=given.get("overdue") == "1",
        after=identifier(given.get("after", "")),
    )


def _filters(wanted: QueueFilter) -> dict[str, object]:
    return {
        "kind": wanted.kind,
        "language": wanted.language,
        "jurisdiction": wanted.jurisdiction,
        "overdue": "1" if wanted.is_overdue else None,
    }


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


router = APIRouter()
for part in (pages, case_pages.pages, call_pages.pages):
    router.include_router(part)
