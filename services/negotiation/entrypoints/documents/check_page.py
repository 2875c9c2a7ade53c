"""The page on which anybody can check a document. Two languages, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.negotiation.application.check_document import DocumentFinding, check_document
from services.negotiation.domain.agreement.wording import moment
from services.negotiation.entrypoints.documents.http import TYPED_LENGTH_MAX
from services.negotiation.entrypoints.documents.page_words import ANSWERS, KINDS, WORDS
from services.negotiation.entrypoints.identity import ResourcesOf

router = APIRouter(include_in_schema=False)

TEMPLATES = Path(__file__).parent / "templates"
STYLE = (TEMPLATES / "check_document.css").read_text("utf-8")
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_page = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
)


@router.get("/genuine", response_class=HTMLResponse)
async def get_page(
    resources: ResourcesOf,
    code: Annotated[str, Query(max_length=TYPED_LENGTH_MAX)] = "",
    lang: Annotated[str, Query(max_length=8)] = "",
    accept_language: Annotated[str, Header(max_length=500)] = "",
) -> HTMLResponse:
    language = lang if lang in WORDS else "zh" if accept_language.lower().startswith("zh") else "en"
    finding = await check_document(resources, code) if code.strip() else None
    html = _page.get_template("check_document.html").render(
        words=WORDS[language],
        language="zh-CN" if language == "zh" else "en",
        lang=language,
        other="zh" if language == "en" else "en",
        agency=resources.papers.agency[language],
        code=code,
        length=TYPED_LENGTH_MAX,
        finding=finding,
        answer=ANSWERS[language][finding.answer] if finding else "",
        kind=KINDS[language].get(finding.kind or "", "") if finding else "",
        days=_days(finding, language),
    )
    return HTMLResponse(html, headers=HEADERS)


def _days(finding: DocumentFinding | None, language: str) -> list[tuple[str, str]]:
    if finding is None:
        return []
    told = (("issued", finding.issued_at), ("withdrawn", finding.withdrawn_at))
    return [(WORDS[language][word], moment(at, language)) for word, at in told if at is not None]
