"""Paying: an instalment, another amount or everything, at the provider's page or by transfer; and what came in."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.negotiation.application.ports import Resources
from services.negotiation.application.show_case import CaseView, show_case
from services.negotiation.application.show_payments import PaymentsView, show_payment, show_payments, show_receipt
from services.negotiation.application.start_payment import PaymentWish, start_payment
from services.negotiation.domain.receipts.intents import OPEN, Intent, Purpose
from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import (
    HEADERS,
    FieldFault,
    FormFaults,
    Section,
    Visit,
    language_of,
    render,
    section_router,
    status_of,
)
from services.negotiation.entrypoints.portal.home import next_due
from services.negotiation.entrypoints.portal.texts.money import PAY
from services.negotiation.entrypoints.portal.visitor import SESSION_COOKIE, Sent, SentForm, Visitor
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Conflict, Invalid, Overloaded, Refusal

PATH = "/portal/pay"
BACK = "/portal/back"
"""Where a provider sends people back to: an address without a secret, for the provider learns it."""
PURPOSES: tuple[Purpose, ...] = ("instalment", "amount", "whole")

router = section_router()
SECTION = Section(PATH, "Pay", "付款", router)


@router.get(BACK)
async def come_back(request: Request) -> Response:
    """Coming from another site a browser does not show our cookie yet: one step on our own pages, and it does."""
    if request.cookies.get(SESSION_COOKIE):
        return RedirectResponse(PATH, status_code=303, headers=HEADERS)
    return render(request, None, "pay_back.html", texts=PAY)


@router.get(PATH)
async def see_payments(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    return await _page(request, visit, resources)


@router.post(PATH)
async def begin(request: Request, visit: Visitor, sent: SentForm, resources: ResourcesOf) -> Response:
    try:
        intent = await _begin(request, visit, sent, resources)
    except FormFaults as refusal:
        return await _page(request, visit, resources, sent=sent, faults=refusal.faults)
    except Invalid as refusal:
        code = refusal.reasons[0].code if refusal.reasons else refusal.code
        name = "amount" if sent.text("purpose") == "amount" else "purpose"
        said = _said(request, visit, code)
        return await _page(request, visit, resources, sent=sent, faults=(FieldFault(name, said),))
    except (Conflict, Overloaded) as refusal:
        return await _page(request, visit, resources, sent=sent, refusal=refusal)
    return RedirectResponse(f"{PATH}/{intent.payment_id}", status_code=303, headers=HEADERS)


@router.get(PATH + "/{payment_id}")
async def see_payment(payment_id: UUID, request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        intent = await show_payment(work, visit.case_id, payment_id)
    is_open = intent.state in OPEN and intent.address is not None
    return render(request, visit, "payment.html", texts=PAY, case=case, intent=intent, is_open=is_open)


@router.get(PATH + "/receipts/{payment_id}")
async def see_receipt(payment_id: UUID, request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
        receipt = await show_receipt(work, visit.case_id, payment_id)
    return render(request, visit, "receipt.html", texts=PAY, case=case, receipt=receipt)


async def _begin(request: Request, visit: Visit, sent: Sent, resources: Resources) -> Intent:
    async with resources.begin(visit.case_id) as work:
        currency = (await work.cases.read(visit.case_id)).currency
    chosen = sent.choice("purpose", PURPOSES)
    purpose: Purpose = next((each for each in PURPOSES if each == chosen), "amount")
    amount = sent.amount("amount", currency) if chosen == "amount" else None
    sent.check()
    language = language_of(request, visit)
    wish = PaymentWish("hosted", purpose, amount=amount, return_path=BACK, language=language)
    hashed = request_hash(b"form", purpose.encode(), str(amount).encode())
    return await start_payment(resources.begin, resources.money, visit.case_id, wish, key=sent.key, request_hash=hashed)


async def _page(
    request: Request,
    visit: Visit,
    resources: Resources,
    *,
    sent: Sent | None = None,
    faults: tuple[FieldFault, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    view, payments = await _look(resources, visit)
    due = next_due(view.plan)
    values = {
        "view": view,
        "payments": payments,
        "next_due": due,
        "given": sent.fields if sent else {},
        "purposes": [each for each in PURPOSES if each != "instalment" or due is not None],
        "refusal": _said(request, visit, refusal.code) if refusal else None,
        "open_states": OPEN,
    }
    status = 422 if faults else status_of(refusal) if refusal else 200
    return render(request, visit, "pay.html", texts=PAY, status=status, faults=faults, case=view.case, values=values)


async def _look(resources: Resources, visit: Visit) -> tuple[CaseView, PaymentsView]:
    async with resources.begin(visit.case_id) as work:
        payments = await show_payments(work, resources.money, visit.case_id)
    async with resources.begin(visit.case_id) as work:
        return await show_case(work, visit.case_id), payments


def _said(request: Request, visit: Visit, code: str) -> str:
    return PAY.get(code, PAY["not_possible"])[1 if language_of(request, visit) == "zh" else 0]
