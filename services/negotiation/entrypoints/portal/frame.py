"""The frame of every page: one look, two languages, a menu of sections, forms that prove where they come from.

A section is a module with a router of its own (`section_router()`), templates in `templates/`, texts in `texts/`, and
one `SECTION`; `sections.py` lists them. A page is a route that takes `Visitor`, calls a use case and answers with
`render`; a form's route takes `SentForm`, which has checked the form's token.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.negotiation.application.ports import Resources
from services.negotiation.domain.access import NotEntered
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.entrypoints.formatting import day_text, money_text, percent_text
from services.negotiation.entrypoints.portal.form_tokens import FormExpired, make_form_token
from services.negotiation.entrypoints.portal.texts.frame import FAULTS, FIELD_FAULTS, FRAME
from services.negotiation.entrypoints.wording import REFUSALS, reason_text, refusal_text
from shared.kernel.refusal import Invalid, NotFound, Refusal
from shared.messaging.backoff import is_transient
from shared.service.problems import STATUS

HERE = Path(__file__).parent
STYLE = (HERE / "static" / "portal.css").read_bytes()
HEADERS = {
    # The address of a link is the key to the page: it goes into no cache, no referrer and no index.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
}
HOME = "/portal"
LANGUAGE_COOKIE = "concord_language"
LANGUAGES = ("en", "zh")
RETRY_AFTER_S = "60"

Texts = Mapping[str, tuple[str, str]]

log = structlog.get_logger("concord.portal")

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Section:
    """A part of the pages. `path` is where its menu entry leads; an entry without title is not in the menu."""

    path: str
    title_en: str
    title_zh: str
    router: APIRouter
    in_menu: bool = True


MENU: list[Section] = []
"""The sections of the menu in their order; `sections.py` fills it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who got in: which case, as whom, and by which key (its hash)."""

    case_id: UUID
    role: str
    factor: str
    language: str
    key_hash: bytes
    key: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault of a form: the field's name (its id on the page) and what is wrong, as a code or a text."""

    name: str
    code: str


class FormFaults(Invalid):
    """The fields that cannot be right, all of them at once."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__("invalid_request", "fields of the form cannot be read")
        self.faults = tuple(faults)


def section_router() -> APIRouter:
    """A router whose refusals are answered as pages."""
    return APIRouter(include_in_schema=False, route_class=PageRoute)


class PageRoute(APIRoute):
    """Answers whatever goes wrong with a page in the visitor's language, never with JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                return refused(request, refusal)
            except RequestValidationError:
                return refused(request, Invalid("invalid_request", "the form breaks its schema"))
            except Exception as error:
                if not is_transient(error):
                    raise
                log.warning("page.unavailable", error=type(error).__name__)
                return fault_page(request, "away", 503, headers={"Retry-After": RETRY_AFTER_S})

        return handled


def render(
    request: Request,
    visit: Visit | None,
    template: str,
    *,
    texts: Texts,
    status: int = 200,
    faults: Sequence[FieldFault] = (),
    case: CaseFile | None = None,
    here: str | None = None,
    headers: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
    **more: Any,
) -> HTMLResponse:
    """One page. `texts` of the section stand as `t` beside the frame's; `case` gives currency and today's zone.

    `here` is the address (GET) of this page where a form's address is another: the language link leads there.
    `faults` are listed on top with links to their fields, and written beside them.
    """
    language = language_of(request, visit)
    resources: Resources = request.app.state.resources
    agency, index = resources.portal.agency, _index(language)
    context = {
        "t": {name: pair[index] for name, pair in {**FRAME, **texts}.items()},
        "language": language,
        "visit": visit,
        "agency": agency.name[index],
        "telephone": agency.telephone,
        "post": agency.post[index],
        "menu": [(each.path, each.title_zh if index else each.title_en) for each in MENU] if visit else [],
        "current": _current(here or request.url.path),
        "here": here or request.url.path,
        "other_language": _other_language(request, language, here),
        "faults": [(fault.name, _fault_text(fault, index)) for fault in faults],
        "form_token": lambda action: make_form_token(resources.portal.form_key, _holder(request, visit), action),
        "day": lambda value: day_text(value, language),
        "percent": lambda basis_points: percent_text(basis_points, language),
        "reason": lambda code: reason_text(code, language),
        **(_case_values(case, language) if case else {}),
        **(values or {}),
        **more,
    }
    html = _templates.get_template(template).render(context)
    response = HTMLResponse(html, status_code=status, headers={**HEADERS, **(headers or {})})
    if request.query_params.get("lang") in LANGUAGES:
        is_secure = is_secure_only(request, resources)
        response.set_cookie(LANGUAGE_COOKIE, language, samesite="strict", httponly=True, secure=is_secure)
    return response


def fault_page(
    request: Request, code: str, status: int, *, text: str = "", headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A calm page about something that went wrong; `code` names its texts in `FAULTS`."""
    index = _index(language_of(request, None))
    title = FAULTS.get(f"{code}_title", FAULTS["refused_title"])[index]
    said = text or FAULTS[code][index]
    visit = getattr(request.state, "visit", None)
    return render(
        request, visit, "fault.html", texts={}, status=status, headers=headers, here=HOME, title=title, said=said
    )


def refused(request: Request, refusal: Refusal) -> HTMLResponse:
    """A refusal as a page. Sections catch the refusals that belong beside a form themselves."""
    status = status_of(refusal)
    if isinstance(refusal, NotEntered):
        return fault_page(request, "session_ended", status)
    if isinstance(refusal, FormExpired):
        return fault_page(request, "form_expired", status)
    if isinstance(refusal, NotFound):
        return fault_page(request, "not_found", status)
    if isinstance(refusal, Invalid):
        return fault_page(request, "invalid", status)
    known = refusal_text(refusal.code, language_of(request, None)) if refusal.code in REFUSALS else ""
    return fault_page(request, "refused", status, text=known)


def status_of(refusal: Refusal) -> int:
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 422)


def language_of(request: Request, visit: Visit | None) -> str:
    """What was asked for, else what was chosen before, else the case's language, else the browser's."""
    visit = visit or getattr(request.state, "visit", None)
    for said in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if said in LANGUAGES:
            return said
    if visit is not None:
        return visit.language
    return "zh" if "zh" in request.headers.get("accept-language", "")[:5] else "en"


def is_secure_only(request: Request, resources: Resources) -> bool:
    return resources.portal.is_https_only or request.url.scheme == "https"


def _case_values(case: CaseFile, language: str) -> dict[str, Any]:
    def last_day(ends_at: datetime) -> str:
        return day_text(case.today(ends_at - timedelta(seconds=1)), language)

    def local_day(at: datetime) -> date:
        return case.today(at)

    return {
        "case": case,
        "currency": case.currency,
        "money": lambda amount: money_text(amount, case.currency, language),
        "last_day": last_day,
        "local_day": local_day,
    }


def _holder(request: Request, visit: Visit | None) -> bytes:
    """Whom a form belongs to: the visit, or before there is one the browser at the door."""
    if visit is not None:
        return visit.key_hash
    holder: bytes = getattr(request.state, "door", b"")
    return holder


def _current(path: str) -> str:
    """The menu entry that a page belongs to: the longest path that it begins with."""
    found = [each.path for each in MENU if path == each.path or path.startswith(each.path + "/")]
    return max(found, key=len, default="")


def _other_language(request: Request, language: str, here: str | None) -> str:
    other = "en" if language == "zh" else "zh"
    kept = {} if here else dict(request.query_params)
    return f"{here or request.url.path}?{urlencode({**kept, 'lang': other})}"


def _fault_text(fault: FieldFault, index: int) -> str:
    return FIELD_FAULTS[fault.code][index] if fault.code in FIELD_FAULTS else fault.code


def _index(language: str) -> int:
    return 1 if language == "zh" else 0
