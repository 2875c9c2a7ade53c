"""Who is at counsel's desk: the signed session of a request, forms that belong to it, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from services.negotiation.application.admit_counsel import Seated, check_form, form_token, read_session
from services.negotiation.entrypoints.counsel.rendering import render, resources_of
from shared.kernel.refusal import NotFound, Refusal, Unidentified
from shared.service.problems import STATUS

SESSION_COOKIE = "concord_counsel"


@dataclass(frozen=True, slots=True)
class Seat:
    """`form_token` goes into every form and is checked when it comes back."""

    who: Seated
    form_token: str

    @property
    def staff_id(self) -> str:
        return self.who.staff_id

    @property
    def is_counsel(self) -> bool:
        return self.who.role == "counsel"


def seat_of(request: Request) -> Seat:
    """Raises `Unidentified` where nobody is signed in."""
    resources = resources_of(request)
    cookie = request.cookies.get(SESSION_COOKIE, "")
    who = read_session(resources.legal.key, cookie, resources.portal.machine.now())
    return Seat(who, form_token(resources.legal.key, cookie))


def posted_by(request: Request, form_token: Annotated[str, Form(max_length=200)] = "") -> Seat:
    """The seat of a form. Raises `NotAllowed` for a form that is not from one of its own pages."""
    seat = seat_of(request)
    check_form(resources_of(request).legal.key, request.cookies[SESSION_COOKIE], form_token)
    return seat


SignedIn = Annotated[Seat, Depends(seat_of)]
Posted = Annotated[Seat, Depends(posted_by)]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CounselRoute(APIRoute):
    """Refusals as pages, where the API would answer with a problem document."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def as_page(request: Request) -> Response:
            try:
                return await handle(request)
            except Unidentified:
                here = request.url.path if request.method == "GET" else "/counsel"
                return RedirectResponse(f"/counsel/login?{urlencode({'next': here})}", status_code=303)
            except NotFound:
                return render(request, "missing.html", status=404, seat=_seat_if_any(request))
            except Refusal as refusal:
                status = STATUS[next(kind for kind in type(refusal).__mro__ if kind in STATUS)]
                return render(request, "refused.html", status=status, code=refusal.code, seat=_seat_if_any(request))

        return as_page


def own_path(path: str | None) -> str:
    """A page of the desk, or its first: never another site's address."""
    if not path or not path.startswith("/counsel") or "\\" in path or any(ord(c) < 0x20 for c in path):
        return "/counsel"
    return path


def _seat_if_any(request: Request) -> Seat | None:
    try:
        return seat_of(request)
    except Unidentified:
        return None
