"""Pages from templates: the reader's language, the headers that keep a page to itself, the words a template may use.

For every page under `/desk`: a desk of its own (complaints, disputes) renders through `render` with its templates in
`templates/` and its texts in `texts.TEXTS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.outreach.application.ports import Resources
from services.outreach.entrypoints.desk import texts, words
from services.outreach.entrypoints.desk.texts import LANGUAGES, Language
from shared.kernel.money import EXPONENTS

HERE = Path(__file__).parent
STYLESHEET = (HERE / "static" / "desk.css").read_bytes()
STYLESHEET_URL = f"/desk/desk.css?v={hashlib.sha256(STYLESHEET).hexdigest()[:12]}"
LANGUAGE_COOKIE = "concord_language"
LANGUAGE_DAYS = 365
SECURITY_HEADERS = {
    # No script at all, nothing from elsewhere, no framing; what is shown of a person is kept by nobody on the way.
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
    asked = [request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)]
    preferred = request.headers.get("accept-language", "")[:200].lower().split(",")
    for wish in [*asked, *(entry.strip()[:2] for entry in preferred)]:
        if wish in LANGUAGES:
            return wish
    return "en"


def render(
    request: Request,
    template: str,
    *,
    staff_id: str | None = None,
    form_token: str = "",
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """`staff_id` and `form_token` are those of the session: without them a page has no navigation and no forms."""
    language = language_of(request)
    page = _environment.get_template(template).render(
        language=language,
        html_language={"en": "en", "zh": "zh-CN"}[language],
        t=lambda key, **values: texts.text(key, language, **values),
        word=partial(_word, language),
        words=lambda codes: words.words(tuple(codes), language),
        money=lambda minor_units, currency: money(minor_units, currency, language),
        moment=lambda at: moment(at, language),
        day=lambda on: day(on, language),
        weekdays=lambda days: ("、" if language == "zh" else ", ").join(words.DAYS[language][each] for each in days),
        short=lambda identifier: str(identifier)[-8:],
        path=request.url.path,
        query=query,
        other_language_url=_with_language(request, "zh" if language == "en" else "en"),
        other_language="zh-CN" if language == "en" else "en",
        stylesheet=STYLESHEET_URL,
        staff_id=staff_id,
        form_token=form_token,
        **context,
    )
    response = HTMLResponse(page, status_code=status, headers={**SECURITY_HEADERS, "Content-Language": language})
    if request.query_params.get("lang") in LANGUAGES:
        keep_language(request, response, language)
    return response


def keep_language(request: Request, response: Any, language: str) -> None:
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=LANGUAGE_DAYS * 86_400,
        samesite="lax",
        httponly=True,
        secure=resources_of(request).workbench.cookies_need_https,
    )


def money(minor_units: int, currency: str, language: Language) -> str:
    amount = Decimal(minor_units).scaleb(-EXPONENTS.get(currency, 2))
    return str(format_currency(amount, currency, locale=_LOCALES[language]))


def moment(at: datetime | None, language: Language) -> str:
    """To the minute, UTC: the pages say so once."""
    if at is None:
        return "—"
    pattern = "y年M月d日 HH:mm" if language == "zh" else "d MMM y HH:mm"
    return str(format_datetime(at.astimezone(UTC), pattern, locale=_LOCALES[language]))


def day(on: date | None, language: Language) -> str:
    return "—" if on is None else str(format_date(on, format="medium", locale=_LOCALES[language]))


def query(values: Mapping[str, object]) -> str:
    """A query string of what is set, or an empty one."""
    given = {name: value for name, value in values.items() if value not in (None, "", False)}
    return "?" + urlencode(given) if given else ""


def identifier(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _word(language: Language, code: str | None) -> str:
    return words.word(code, language)


def _with_language(request: Request, language: Language) -> str:
    """The page itself in the other language; of a form's answer, the page the form leads to."""
    path = request.url.path if request.method == "GET" else "/desk"
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{path}?{urlencode([*kept, ('lang', language)])}"
