"""Pages of counsel's desk from templates: the reader's language, and headers that keep a page to itself."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.negotiation.application.ports import Resources
from services.negotiation.entrypoints.counsel import texts
from services.negotiation.entrypoints.counsel.texts import LANGUAGES, Language
from services.negotiation.entrypoints.formatting import money_text

HERE = Path(__file__).parent
STYLESHEET = (HERE / "static" / "counsel.css").read_bytes()
STYLESHEET_URL = f"/counsel/counsel.css?v={hashlib.sha256(STYLESHEET).hexdigest()[:12]}"
LANGUAGE_COOKIE = "concord_counsel_language"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}
_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def resources_of(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


def language_of(request: Request) -> Language:
    """`?lang=`, else what was chosen before, else what the browser prefers."""
    preferred = request.headers.get("accept-language", "")[:200].lower().split(",")
    asked = [request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)]
    for wish in [*asked, *(entry.strip()[:2] for entry in preferred)]:
        if wish in LANGUAGES:
            return wish
    return "en"


def render(request: Request, template: str, *, status: int = 200, seat: Any = None, **context: Any) -> HTMLResponse:
    """`seat`: who is signed in; without it a page has no navigation and no forms."""
    language = language_of(request)
    # Of a form's answer: the queue.
    path = request.url.path if request.method == "GET" else "/counsel"
    page = _environment.get_template(template).render(
        language=language,
        html_language={"en": "en", "zh": "zh-CN"}[language],
        t=lambda key, **values: texts.text(key, language, **values),
        word=partial(_word, language),
        money=lambda minor_units, currency: money_text(minor_units, currency, language),
        day=lambda on: _day(on, language),
        moment=lambda at: _moment(at, language),
        other_url=f"{path}?{urlencode({'lang': _other(language)})}",
        other_language={"en": "zh-CN", "zh": "en"}[language],
        stylesheet=STYLESHEET_URL,
        seat=seat,
        **context,
    )
    response = HTMLResponse(page, status_code=status, headers={**HEADERS, "Content-Language": language})
    if request.query_params.get("lang") in LANGUAGES:
        https = resources_of(request).legal.cookies_need_https
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=31_536_000, httponly=True, samesite="lax", secure=https, path="/counsel"
        )
    return response


def _other(language: Language) -> Language:
    return "zh" if language == "en" else "en"


def _word(language: Language, code: str | None) -> str:
    return texts.word(code, language)


def _day(on: date | None, language: Language) -> str:
    return "—" if on is None else str(format_date(on, format="medium", locale=_LOCALES[language]))


def _moment(at: datetime, language: Language) -> str:
    pattern = "y年M月d日 HH:mm" if language == "zh" else "d MMM y HH:mm"
    return str(format_datetime(at.astimezone(UTC), pattern, locale=_LOCALES[language]))
