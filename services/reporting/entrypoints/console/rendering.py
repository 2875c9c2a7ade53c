"""Pages from templates: the reader's language, the headers that keep a page to itself, the words a template may use."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.reporting.entrypoints import wording
from services.reporting.entrypoints.access import resources_of
from services.reporting.entrypoints.console import texts
from services.reporting.entrypoints.wording import LANGUAGES, Language

HERE = Path(__file__).parent
STYLESHEET = (HERE / "static" / "console.css").read_bytes()
STYLESHEET_VERSION = hashlib.sha256(STYLESHEET).hexdigest()[:12]
LANGUAGE_COOKIE = "concord_language"

SECURITY_HEADERS = {
    # Nothing from elsewhere, no script at all, no framing: a page of a debt must not be dressed up by others.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request) -> Language:
    """`?lang=`, else what was chosen before, else what the browser prefers."""
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in LANGUAGES:
            return asked
    preferred = request.headers.get("accept-language", "")[:200].lower()
    for entry in preferred.split(","):
        for language in LANGUAGES:
            if entry.strip().startswith(language):
                return language
    return "en"


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    language = language_of(request)
    page = _environment.get_template(template).render(
        language=language,
        html_language={"en": "en", "zh": "zh-CN"}[language],
        t=partial(_text, language),
        money=lambda minor_units, currency: wording.money(minor_units, currency, language),
        word=lambda code: wording.word(code, language),
        words=lambda codes: wording.words(codes, language),
        number=lambda value: wording.number(value, language),
        percent=lambda part, whole: wording.percent(part, whole, language),
        day=lambda value: wording.day(value, language),
        moment=lambda value: wording.moment(value, language),
        duration=lambda seconds: texts.duration(seconds, language),
        short=short,
        path=request.url.path,
        other_language_url=_with_language(request, "zh" if language == "en" else "en"),
        other_language="zh-CN" if language == "en" else "en",
        stylesheet=f"/console.css?v={STYLESHEET_VERSION}",
        **context,
    )
    response = HTMLResponse(page, status_code=status, headers={**SECURITY_HEADERS, "Content-Language": language})
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=365 * 86_400,
            samesite="lax",
            httponly=True,
            secure=resources_of(request).access.cookies_need_https,
        )
    return response


def short(identifier: UUID | str) -> str:
    """The end of an identifier: ids made in the same moment begin alike."""
    return str(identifier)[-8:]


def query(values: dict[str, object]) -> str:
    """A query string of what is set, or an empty one."""
    given = {name: value for name, value in values.items() if value not in (None, "", False)}
    return "?" + urlencode(given) if given else ""


def _text(language: Language, key: str, **values: object) -> str:
    return texts.text(key, language, **values)


def _with_language(request: Request, language: Language) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*kept, ('lang', language)])}"
