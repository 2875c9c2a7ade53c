"""Who is at the workbench: the signed session of a request, forms that belong to it, refusals as pages."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from services.outreach.application.admit_staff import check_form, form_token, read_session
from services.outreach.entrypoints.desk.rendering import query, render, resources_of
from services.outreach.entrypoints.desk.texts import TEXTS
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Refusal, Unidentified

SESSION_COOKIE = "concord_desk"
_STATUS: dict[type[Refusal], int] = {NotAllowed: 403, Conflict: 409, Invalid: 422}


@dataclass(frozen=True, slots=True)
class Session:
    """`form_token` goes into every form and is checked when it comes back."""

    staff_id: str
    form_token: str

    @property
    def page(self) -> dict[str, Any]:
        """What `render` needs of it."""
        return {"staff_id": self.staff_id, "form_token": self.form_token}


def session_of(request: Request) -> Session:
    """Raises `Unidentified` where nobody is signed in."""
    access = resources_of(request).workbench
    cookie = request.cookies.get(SESSION_COOKIE, "")
    staff_id = read_session(access.session_secret, cookie, access.wall.now())
    return Session(staff_id, form_token(access.session_secret, cookie))


def posted_by(request: Request, form_token: Annotated[str, Form(max_length=200)] = "") -> Session:
    """The session of a form. Raises `NotAllowed` for a form that is not from one of its own pages."""
    session = session_of(request)
    check_form(resources_of(request).workbench.session_secret, request.cookies[SESSION_COOKIE], form_token)
    return session


SignedIn = Annotated[Session, Depends(session_of)]
Posted = Annotated[Session, Depends(posted_by)]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DeskRoute(APIRoute):
    """Refusals as pages, where the API would answer with a problem document."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def as_page(request: Request) -> Response:
            try:
                return await handle(request)
            except Unidentified:
                here = request.url.path if request.method == "GET" else None
                return RedirectResponse("/desk/login" + query({"next": here}), status_code=303)
            except NotFound:
                return render(request, "missing.html", status=404, **_page_of(request))
            except (NotAllowed, Conflict, Invalid) as refusal:
                key = f"refused.{refusal.code}"
                return render(
                    request,
                    "refused.html",
                    status=_STATUS[type(refusal)],
                    key=key if key in TEXTS else "refused.other",
                    reasons=refusal.reasons,
                    **_page_of(request),
                )

        return as_page


def own_path(path: str | None) -> str:
    """A page of the workbench, or its first: never another site's address (`//elsewhere`, `/\\elsewhere`)."""
    if not path or not path.startswith("/desk") or "\\" in path or any(ord(c) < 0x20 for c in path):
        return "/desk"
    return path


def _page_of(request: Request) -> dict[str, Any]:
    try:
        return session_of(request).page
    except Unidentified:
        return {}
