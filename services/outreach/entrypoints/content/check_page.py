"""The page on which anybody can check a code. Two languages, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import HTMLResponse

from services.outreach.application.check_genuineness import TEXT_LENGTH_MAX, check_genuineness
from services.outreach.domain.genuine.checking import Finding
from services.outreach.entrypoints.content.genuine import TYPED_LENGTH_MAX
from services.outreach.entrypoints.content.page_words import ANSWERS, KINDS, WORDS
from services.outreach.entrypoints.content.templates import Given
from shared.kernel.refusal import Invalid

FORM_BYTES_MAX = 100_000
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
router = APIRouter(tags=["genuine"], include_in_schema=False)


@router.get("/genuine", response_class=HTMLResponse)
async def get_page(
    resources: Given,
    code: Annotated[str, Query(max_length=TYPED_LENGTH_MAX)] = "",
    lang: str | None = None,
    accept_language: Annotated[str, Header(max_length=500)] = "",
) -> HTMLResponse:
    language = _language(lang, accept_language)
    finding = await check_genuineness(resources, code) if code.strip() else None
    return _page(resources.content.agency[language], language, code, finding, is_text_checked=False)


@router.post("/genuine", response_class=HTMLResponse)
async def post_page(request: Request, resources: Given) -> HTMLResponse:
    """With the text of the message: only then it is proven that the text is the one that was sent."""
    raw = await request.body()
    if len(raw) > FORM_BYTES_MAX:
        raise Invalid("form_too_large", "the text is too long to be checked")
    form = parse_qs(raw.decode("utf-8", "replace"), max_num_fields=10)
    code, text = (form.get(name, [""])[0] for name in ("code", "text"))
    language = _language(form.get("lang", [None])[0], "")
    told = text[:TEXT_LENGTH_MAX].replace("\r\n", "\n") or None
    finding = await check_genuineness(resources, code[:TYPED_LENGTH_MAX], text=told) if code.strip() else None
    return _page(resources.content.agency[language], language, code, finding, is_text_checked=told is not None)


def _language(wanted: str | None, accepted: str) -> str:
    if wanted in WORDS:
        return wanted
    return "zh" if accepted.lower().startswith("zh") else "en"


def _page(agency: str, language: str, code: str, finding: Finding | None, *, is_text_checked: bool) -> HTMLResponse:
    words, other = WORDS[language], "zh" if language == "en" else "en"
    answer = "" if finding is None else _answer(finding, language, is_text_checked=is_text_checked)
    html = f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{words["title"]}</title>
<style>body{{font:1.05rem/1.55 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}}
label{{display:block;margin:1rem 0 .3rem;font-weight:600}}input,textarea{{width:100%;box-sizing:border-box;
font:inherit;padding:.5rem;border:1px solid #555;border-radius:.3rem}}button{{margin-top:1rem;font:inherit;
padding:.6rem 1.4rem;border:0;border-radius:.3rem;background:#0b4a6f;color:#fff}}
.answer{{padding:.8rem 1rem;border-left:.4rem solid;margin:1.2rem 0}}.yes{{border-color:#1a6b35;background:#edf7ef}}
.no{{border-color:#a11d1d;background:#fbeeee}}</style></head>
<body><main><p><a href="/genuine?lang={other}" lang="{other}">{words["other"]}</a></p><h1>{words["title"]}</h1>
<p>{escape(agency)}: {words["lead"]}</p>{answer}
<form method="post" action="/genuine"><input type="hidden" name="lang" value="{language}">
<label for="code">{words["code"]}</label>
<input id="code" name="code" required maxlength="{TYPED_LENGTH_MAX}" autocomplete="off" value="{escape(code)}">
<label for="text">{words["text"]}</label>
<textarea id="text" name="text" rows="8" maxlength="{TEXT_LENGTH_MAX}"></textarea>
<p>{words["why"]}</p><button>{words["check"]}</button></form>
<p>{words["offline"]} <a href="/.well-known/concord-keys.json">concord-keys.json</a>,
<a href="/v1/genuine/lists">{words["lists"]}</a></p></main></body></html>"""
    return HTMLResponse(html, headers=HEADERS)


def _answer(finding: Finding, language: str, *, is_text_checked: bool) -> str:
    words = WORDS[language]
    said = ANSWERS[language][finding.answer]
    more = ""
    if finding.issued_on is not None:
        kind = KINDS[language].get(finding.kind or "", "")
        more = f"<p>{words['issued']} {finding.issued_on.isoformat()}{f' · {kind}' if kind else ''}</p>"
    if finding.is_genuine and not is_text_checked:
        more += f"<p>{words['text_open']}</p>"
    role = "yes" if finding.is_genuine else "no"
    return f'<div class="answer {role}" role="status"><strong>{said}</strong>{more}</div>'
