"""Sandbox Pay over HTTP: its page for borrowers, its signed interface for us, and the hooks for testers."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import httpx
import orjson
from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from services.negotiation.adapters.sandbox_payments.house import CODES, Payment, SandboxHouse, Unanswered
from services.negotiation.adapters.sandbox_payments.page import STYLE, render
from shared.kernel.money import EXPONENTS, MINOR_UNITS_MAX
from shared.kernel.refusal import Invalid, NotFound
from shared.service.signatures import verify

router = APIRouter(prefix="/sandbox", include_in_schema=False)

Reference = Annotated[str, Path(pattern=r"^SP[0-9A-F]{20}$")]
Amount = Annotated[int, Field(gt=0, le=MINOR_UNITS_MAX, strict=True)]
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}


class PaymentAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    payment_id: UUID
    amount: Amount
    currency: Annotated[str, Field(pattern=rf"^({'|'.join(EXPONENTS)})$")]
    description: Annotated[str, Field(max_length=64)]
    return_to: Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\s]+)?$")]
    language: Annotated[str, Field(max_length=8)]
    expires_at: datetime


class RefundAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    refund_id: UUID
    payment_id: UUID
    amount: Amount
    currency: Annotated[str, Field(max_length=3)]


async def _house(request: Request) -> SandboxHouse:
    house: SandboxHouse = request.app.state.resources.money.sandbox
    return house


House = Annotated[SandboxHouse, Depends(_house)]


async def _signed(request: Request, house: House) -> None:
    body = await request.body()
    now = house.clock.now()
    verify([house.secret], request.headers, now=now, method=request.method, path=request.url.path, body=body)


Signed = Depends(_signed)


@router.get("/pay/{reference}")
async def see(reference: Reference, house: House) -> HTMLResponse:
    return _html(await house.page(reference))


@router.post("/pay/{reference}")
async def decide(
    reference: Reference,
    house: House,
    decision: Annotated[str, Form(pattern="^(pay|decline|leave)$")],
    code: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    payment = await house.decide(reference, decision, code if code in CODES else "")
    if payment is not None and payment["return_to"]:
        return RedirectResponse(payment["return_to"], status_code=303, headers=HEADERS)
    return RedirectResponse(f"{house.home}/sandbox/pay/{reference}", status_code=303, headers=HEADERS)


@router.post("/provider/payments", dependencies=[Signed])
async def start(asked: PaymentAsked, house: House) -> Response:
    try:
        return _json(_told(await house.start(asked.model_dump(mode="json"))))
    except Unanswered:
        return Response(status_code=503)


@router.get("/provider/payments/{payment_id}", dependencies=[Signed])
async def look(payment_id: UUID, house: House) -> Response:
    payment = await house.look(payment_id)
    return _json(_told(payment) if payment is not None else {"state": "unknown"})


@router.post("/provider/payments/{payment_id}/{hook}", dependencies=[Signed])
async def use_hook(payment_id: UUID, hook: str, house: House) -> Response:
    """`release` sends what was kept back, `charge-back` takes a payment back."""
    if hook not in ("release", "charge-back"):
        raise Invalid("hook_unknown", "release or charge-back")
    payment = await (house.release(payment_id) if hook == "release" else house.charge_back(payment_id))
    if payment is None:
        raise NotFound("payment_not_found", "there is no such payment")
    return _json(_told(payment))


@router.post("/provider/refunds", dependencies=[Signed])
async def refund(asked: RefundAsked, house: House) -> Response:
    return _json({"state": await house.refund(asked.model_dump(mode="json"))})


@router.get("/provider/refunds/{refund_id}", dependencies=[Signed])
async def look_refund(refund_id: UUID, house: House) -> Response:
    return _json({"state": await house.look_refund(str(refund_id))})


def _told(payment: Payment) -> dict[str, Any]:
    names = ("payment_id", "reference", "address", "state", "amount", "currency", "on", "is_charged_back")
    return {name: payment[name] for name in names}


def _json(answer: dict[str, Any]) -> Response:
    return Response(orjson.dumps(answer), media_type="application/json", headers=HEADERS)


def _html(payment: Payment | None) -> HTMLResponse:
    style = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    # The form's answer leads back to where the payment was begun, which may be another site than the provider's.
    back = httpx.URL(payment["return_to"]) if payment is not None and payment["return_to"] else None
    to = f"'self' {back.scheme}://{back.netloc.decode()}" if back is not None else "'self'"
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action {to}; base-uri 'none'; frame-ancestors 'none'"
    )
    language = payment["language"] if payment is not None else "en"
    return HTMLResponse(
        render(payment, language),
        status_code=200 if payment is not None else 404,
        headers={**HEADERS, "Content-Security-Policy": policy},
    )
