"""The pages: who is not signed in is sent to the sign-in, what is not there says so in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from services.reporting.application.admit import SESSION_HOURS, admit_session, sign_in
from services.reporting.application.show_case import show_case
from services.reporting.application.show_event_flow import show_event_flow
from services.reporting.application.verify_journal import verify_journal
from services.reporting.domain.scope import Scope
from services.reporting.entrypoints.access import Reporting, resources_of
from services.reporting.entrypoints.console.case_view import case_view
from services.reporting.entrypoints.console.flow_view import flow_view
from services.reporting.entrypoints.console.portfolio_view import portfolio_view
from services.reporting.entrypoints.console.rendering import STYLESHEET, language_of, query, render
from shared.kernel.refusal import NotFound, Overloaded, Unidentified

SESSION_COOKIE = "concord_session"
FAVICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b5d5b"/>'
    b'<path d="M21.5 11.2a7.5 7.5 0 1 0 0 9.6" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/>'
    b'<circle cx="22.6" cy="16" r="2.3" fill="#f2b84b"/></svg>'
)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """Refusals as pages, where the API would answer with a problem document."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def as_page(request: Request) -> Response:
            try:
                return await handle(request)
            except Unidentified:
                here = request.url.path + query(dict(request.query_params))
                return RedirectResponse("/login" + query({"next": here if here != "/" else None}), status_code=303)
            except NotFound:
                return render(request, "missing.html", status=404)

        return as_page


def session_of(request: Request) -> Scope:
    return admit_session(resources_of(request).access, request.cookies.get(SESSION_COOKIE))


SignedIn = Annotated[Scope, Depends(session_of)]

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
async def portfolio_page(request: Request, reporting: Reporting, staff: SignedIn) -> Response:
    view = await portfolio_view(reporting, staff, dict(request.query_params), language_of(request))
    return render(request, "portfolio.html", view=view, now=reporting.clock.now())


@router.get("/cases/{case_id}")
async def case_page(request: Request, reporting: Reporting, staff: SignedIn, case_id: str) -> Response:
    timeline = await show_case(reporting, staff, _identifier(case_id))
    view = case_view(timeline, reporting.traces_url, language_of(request))
    return render(request, "case.html", view=view, now=reporting.clock.now(), dump=_dump)


@router.get("/events")
async def events_page(request: Request, reporting: Reporting, staff: SignedIn) -> Response:
    topics, standstill = await show_event_flow(reporting, staff)
    verdict = await verify_journal(reporting) if request.query_params.get("verify") == "1" else None
    view = flow_view(topics, standstill)
    return render(request, "events.html", view=view, standstill=standstill, verdict=verdict, now=reporting.clock.now())


@router.get("/login")
async def sign_in_page(request: Request) -> Response:
    return _sign_in_page(request, request.query_params.get("next"))


@router.post("/login")
async def sign_in_form(
    request: Request,
    reporting: Reporting,
    token: Annotated[str, Form(max_length=1_000)] = "",
    following: Annotated[str, Form(alias="next", max_length=2_000)] = "/",
) -> Response:
    who = request.client.host if request.client else "unknown"
    try:
        session = sign_in(reporting.access, who, token.strip())
    except Unidentified:
        return _sign_in_page(request, following, error="wrong", status=401)
    except Overloaded as refusal:
        minutes = -(-refusal.retry_after_s // 60)
        response = _sign_in_page(request, following, error="limited", minutes=minutes, status=429)
        response.headers["Retry-After"] = str(refusal.retry_after_s)
        return response
    answer = RedirectResponse(_own_path(following), status_code=303)
    answer.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=SESSION_HOURS * 3_600,
        httponly=True,
        # Lax: a link from the trace viewer may lead here, a form elsewhere may not act here.
        samesite="lax",
        secure=reporting.access.cookies_need_https,
    )
    return answer


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.get("/console.css")
async def stylesheet() -> Response:
    return Response(STYLESHEET, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


@router.get("/favicon.svg")
@router.get("/favicon.ico")
async def favicon() -> Response:
    return Response(FAVICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


def _sign_in_page(
    request: Request, following: str | None, *, error: str | None = None, minutes: int = 0, status: int = 200
) -> Response:
    return render(request, "login.html", status=status, following=_own_path(following), error=error, minutes=minutes)


def _own_path(path: str | None) -> str:
    """A path of this site, or the first page: never another site's address (`//elsewhere`, `/\\elsewhere`)."""
    if not path or not path.startswith("/") or path[1:2] in ("/", "\\") or any(ord(c) < 0x20 for c in path):
        return "/"
    return path


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("not_found", "there is no such case") from None


def _dump(body: object) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False)
