"""The borrower's page: the debt, the offers with reasons, the plan, the payments. Forms only, no script."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.negotiation.application.agree_plan import accept_offer
from services.negotiation.application.announcements import terms_of
from services.negotiation.application.answer_counter_offer import answer_counter_offer
from services.negotiation.application.once import once
from services.negotiation.application.ports import Resources
from services.negotiation.application.prepare_agreement import prepare_for_offer, prepare_for_wish
from services.negotiation.application.show_case import CaseView, show_case
from services.negotiation.domain.counter_offers import Wish
from services.negotiation.entrypoints.acceptance import acceptance_of
from services.negotiation.entrypoints.formatting import day_text, money_text, typed_amount
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.wording import page_texts, reason_text, refusal_text
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Invalid, Refusal, Unidentified
from shared.service.links import read_token
from shared.service.problems import STATUS

router = APIRouter(include_in_schema=False)

HERE = Path(__file__).parent
STYLE = (HERE / "static" / "portal.css").read_bytes()
HEADERS = {
    # The address is the key to the page: it goes into no cache, no referrer and no index.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
}
MONTHS_MAX = 600

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Text = Annotated[str, Form(max_length=64)]


@router.get("/static/portal.css")
async def style() -> Response:
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/b/{token}")
async def see_page(token: str, request: Request, resources: ResourcesOf) -> Response:
    said = "agreed" if request.query_params.get("said") == "agreed" else None
    return await _page(request, resources, token, said=said)


@router.post("/b/{token}/accept")
async def accept(
    token: str,
    request: Request,
    resources: ResourcesOf,
    offer_id: Text = "",
    terms_hash: Text = "",
    idempotency_key: Text = "",
    confirm: Text = "",
) -> Response:
    try:
        case_id = read_token(resources.link_secret, token, resources.clock.now())
        if confirm != "yes":
            raise Invalid("invalid_request", "the terms are agreed to by ticking the box")
        offer = _uuid(offer_id)
        acceptance = acceptance_of(
            request, resources, how="tick_box", key=idempotency_key or offer_id, language=_language(request)
        )
        prepared = await prepare_for_offer(resources, case_id, offer, acceptance)
        async with resources.begin(case_id) as work:

            async def act() -> bytes:
                return str((await accept_offer(work, case_id, offer, terms_hash, prepared)).plan_id).encode()

            hashed = request_hash(b"form", offer_id.encode(), terms_hash.encode())
            await once(work, scope=f"accept:{case_id}", key=idempotency_key or offer_id, request_hash=hashed, act=act)
    except Refusal as refusal:
        return await _page(request, resources, token, refusal=refusal)
    suffix = "&lang=" + lang if (lang := _language(request)) else ""
    return RedirectResponse(f"/b/{token}?said=agreed{suffix}", status_code=303, headers=HEADERS)


@router.post("/b/{token}/counter")
async def counter(
    token: str,
    request: Request,
    resources: ResourcesOf,
    kind: Text = "",
    amount: Text = "",
    months: Text = "",
    first_due_on: Text = "",
    currency: Text = "",
    idempotency_key: Text = "",
) -> Response:
    try:
        case_id = read_token(resources.link_secret, token, resources.clock.now())
        wish = wish_from_form(kind, amount, months, first_due_on, currency)
        acceptance = acceptance_of(request, resources, how="own_proposal", key=idempotency_key)
        prepared = await prepare_for_wish(resources, case_id, wish, acceptance)
        async with resources.begin(case_id) as work:

            async def act() -> bytes:
                given = await answer_counter_offer(work, case_id, wish, prepared)
                return orjson.dumps({"answer": given.verdict, "reasons": given.reasons})

            hashed = request_hash(b"form", *(part.encode() for part in (kind, amount, months, first_due_on)))
            key = idempotency_key or hashed
            answer = await once(work, scope=f"counter:{case_id}", key=key, request_hash=hashed, act=act)
    except Refusal as refusal:
        return await _page(request, resources, token, refusal=refusal)
    return await _page(request, resources, token, answer=orjson.loads(answer.response))


def wish_from_form(kind: str, amount: str, months: str, first_due_on: str, currency: str) -> Wish:
    """What was typed, as a wish. Raises Invalid where a figure is missing or is none."""
    invalid = Invalid("invalid_request", "the form has a figure that cannot be read")
    money = typed_amount(amount, currency) if amount.strip() and currency in ("USD", "CNY") else None
    count = int(months) if months.strip().isascii() and months.strip().isdigit() and len(months) < 5 else None
    if (amount.strip() and money is None) or (months.strip() and not (count and 1 <= count <= MONTHS_MAX)):
        raise invalid
    try:
        first = date.fromisoformat(first_due_on) if first_due_on.strip() else None
    except ValueError:
        raise invalid from None
    match kind:
        case "lump_sum" if money:
            return Wish("lump_sum", lump_sum=money, first_due_on=first)
        case "instalments" if money:
            return Wish("instalments", monthly=money, first_due_on=first)
        case "instalments" if count:
            return Wish("instalments", months=count, first_due_on=first)
        case "hardship_pause" if count:
            return Wish("hardship_pause", pause_months=count)
        case _:
            raise invalid


async def _page(
    request: Request,
    resources: Resources,
    token: str,
    *,
    said: str | None = None,
    refusal: Refusal | None = None,
    answer: dict[str, Any] | None = None,
) -> Response:
    try:
        case_id = read_token(resources.link_secret, token, resources.clock.now())
        async with resources.begin(case_id) as work:
            view = await show_case(work, case_id)
    except Refusal as error:
        return _no_page(request, 401 if isinstance(error, Unidentified) else 404)
    # The vault is asked outside the transaction: it is a call over the network.
    names = await resources.vault.reveal(case_id)
    language = _language(request) or view.case.language
    html = _templates.get_template("case.html").render(
        t=page_texts(language),
        language=language,
        token=token,
        view=view,
        names=names,
        offers=[(offer, terms_of(offer, view.case)) for offer in view.offers],
        said=said,
        refusal=refusal_text(refusal.code, language) if refusal else None,
        answer=answer,
        new_key=lambda: uuid.uuid4().hex,
        money=lambda amount: money_text(amount, view.case.currency, language),
        day=lambda value: day_text(value, language),
        last_day=lambda ends_at: day_text(view.case.today(ends_at - timedelta(seconds=1)), language),
        reason=lambda code: reason_text(code, language),
        kinds=_kinds(view),
        blocked=refusal_text("hold_stands", language),
    )
    return HTMLResponse(html, status_code=_status(refusal) if refusal else 200, headers=HEADERS)


def _kinds(view: CaseView) -> list[str]:
    has_pause = view.case.mandate.pause_months_max > 0
    return ["instalments", "lump_sum", *(["hardship_pause"] if has_pause else [])]


def _no_page(request: Request, status: int) -> Response:
    language = _language(request) or ("zh" if "zh" in request.headers.get("accept-language", "")[:5] else "en")
    html = _templates.get_template("no_case.html").render(t=page_texts(language), language=language)
    return HTMLResponse(html, status_code=status, headers=HEADERS)


def _status(refusal: Refusal) -> int:
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 422)


def _language(request: Request) -> str | None:
    asked = request.query_params.get("lang")
    return asked if asked in ("en", "zh") else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("invalid_request", "the form names no offer") from None
