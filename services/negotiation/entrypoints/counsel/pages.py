"""The pages of counsel's desk that are read: sign-in, queue, one file, its documents, its bundle, its sheet."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.negotiation.application import show_legal
from services.negotiation.application.admit_counsel import SESSION_HOURS, sign_in
from services.negotiation.application.make_bundle import make_bundle
from services.negotiation.application.note_looks import note_staff_look
from services.negotiation.application.take_legal_steps import HEARING_OUTCOMES, PLACE_KINDS
from services.negotiation.application.work_legal_file import COST_KINDS, DEADLINE_KINDS, DOCUMENT_KINDS
from services.negotiation.domain.legal.file import MOVES
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.entrypoints.counsel.rendering import STYLESHEET, language_of, render, resources_of
from services.negotiation.entrypoints.counsel.session import (
    SESSION_COOKIE,
    CounselRoute,
    Posted,
    SignedIn,
    own_path,
)
from services.negotiation.entrypoints.counsel.texts import bundle_words
from services.negotiation.entrypoints.legal_texts import SHEET_CODES, information_sheet
from shared.kernel.refusal import Overloaded, Unidentified

PAGE = 50
STATES = ("open", *MOVES, "satisfied", "stopped", "returned")

ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#5a2a43"/>'
    b'<path d="M16 7v18M9 11h14M9 11l-3 8h6zM23 11l-3 8h6z" stroke="#fff" stroke-width="2" fill="none"/></svg>'
)

router = APIRouter(prefix="/counsel", include_in_schema=False, route_class=CounselRoute)


@router.get("")
async def queue_page(request: Request, seat: SignedIn) -> Response:
    resources = resources_of(request)
    wanted = request.query_params.get("state", "open")
    state = wanted if wanted in STATES else "open"
    files = await show_legal.list_files(resources, state, PAGE, _identifier(request.query_params.get("after", "")))
    refused = await show_legal.list_refused(resources)
    return render(
        request,
        "queue.html",
        seat=seat,
        files=files,
        refused=refused,
        state=state,
        states=STATES,
        has_more=len(files) == PAGE,
    )


@router.get("/files/{legal_id}")
async def file_page(request: Request, seat: SignedIn, legal_id: UUID) -> Response:
    """The borrower sees that somebody has looked."""
    resources = resources_of(request)
    view = await show_legal.show_file(resources, legal_id)
    await note_staff_look(resources, view.file.case_id, seat.staff_id, "legal")
    counsel = await show_legal.show_counsel(resources, seat.staff_id) if seat.is_counsel else None
    may_sign = counsel is not None and counsel.may_sign_in(view.file.jurisdiction)
    return render(
        request,
        "file.html",
        seat=seat,
        view=view,
        file=view.file,
        may_sign=may_sign and seat.staff_id not in view.file.makers,
        signable=show_legal.signable_steps(view.file),
        document_kinds=DOCUMENT_KINDS,
        cost_kinds=COST_KINDS,
        deadline_kinds=DEADLINE_KINDS,
        place_kinds=PLACE_KINDS,
        hearing_outcomes=HEARING_OUTCOMES,
        is_done=request.query_params.get("done") == "1",
    )


@router.get("/files/{legal_id}/bundle.pdf")
async def bundle(request: Request, seat: SignedIn, legal_id: UUID) -> Response:
    language = language_of(request)
    content = await make_bundle(resources_of(request), legal_id, language, bundle_words(language))
    return _download(content, "application/pdf", f"bundle-{legal_id}.pdf")


@router.get("/files/{legal_id}/documents/{document_id}")
async def document(request: Request, seat: SignedIn, legal_id: UUID, document_id: UUID) -> Response:
    """Always as a download: nothing that somebody brought is opened on this page's own address."""
    known, content = await show_legal.show_document(resources_of(request), legal_id, document_id)
    return _download(content, known.media_type, f"{known.kind}-{document_id}")


@router.get("/files/{legal_id}/sheet")
async def sheet_page(request: Request, seat: SignedIn, legal_id: UUID) -> Response:
    view = await show_legal.show_file(resources_of(request), legal_id)
    is_over = view.limit.is_over(view.today) and view.file.state not in ("judgment", "enforcement")
    code = "time_barred" if is_over else view.file.state
    if code not in SHEET_CODES:
        raise NoSuchThing("sheet")
    sheet = information_sheet(code, view.file.jurisdiction, language_of(request))
    return render(request, "sheet.html", seat=seat, sheet=sheet, file=view.file)


@router.get("/login")
async def sign_in_page(request: Request) -> Response:
    return render(request, "login.html", following=own_path(request.query_params.get("next")), error=None)


@router.post("/login")
async def sign_in_form(
    request: Request,
    staff_id: Annotated[str, Form(max_length=100)] = "",
    token: Annotated[str, Form(max_length=1_000)] = "",
    following: Annotated[str, Form(alias="next", max_length=2_000)] = "/counsel",
) -> Response:
    resources, path = resources_of(request), own_path(following)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        # Nobody is signed in by a form of another site.
        return render(request, "login.html", following=path, error="wrong", status=403)
    address = request.client.host if request.client else "unknown"
    try:
        _, made = await sign_in(resources, address, staff_id.strip(), token.strip())
    except Unidentified:
        return render(request, "login.html", following=path, error="wrong", status=401)
    except Overloaded as refusal:
        response: Response = render(request, "login.html", following=path, error="limited", status=429)
        response.headers["Retry-After"] = str(refusal.retry_after_s)
        return response
    answer = RedirectResponse(path, status_code=303)
    answer.set_cookie(
        SESSION_COOKIE,
        made,
        max_age=SESSION_HOURS * 3_600,
        httponly=True,
        samesite="lax",
        secure=resources.legal.cookies_need_https,
        path="/counsel",
    )
    return answer


@router.post("/logout")
async def sign_out(request: Request, seat: Posted) -> Response:
    answer = RedirectResponse("/counsel/login", status_code=303)
    answer.delete_cookie(SESSION_COOKIE, path="/counsel")
    return answer


@router.get("/counsel.css")
async def stylesheet() -> Response:
    return Response(STYLESHEET, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


@router.get("/icon.svg")
async def icon() -> Response:
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)


def _identifier(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
