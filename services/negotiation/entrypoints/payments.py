"""Payments over HTTP: borrowers begin and see theirs, the provider's notices come in, staff see what differs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field, ValidationError

from services.negotiation.application.once import once
from services.negotiation.application.refund_payments import BORROWER, ask_refund
from services.negotiation.application.settle_payments import Said, note_payment
from services.negotiation.application.show_payments import PaymentsView, show_payment, show_payments, show_receipt
from services.negotiation.application.start_payment import PaymentWish, start_payment
from services.negotiation.domain.receipts.intents import Intent
from services.negotiation.domain.receipts.refunds import Refund
from services.negotiation.entrypoints.identity import BorrowersCase, IdempotencyKey, ResourcesOf
from services.negotiation.entrypoints.schemas import Amount, Closed, balance_answer, dumped
from shared.db.idempotency import request_hash
from shared.kernel.refusal import Invalid, Unidentified
from shared.service.problems import validation_reasons
from shared.service.signatures import KEY_ID_HEADER, verify
from shared.service.staff import Staff

router = APIRouter(prefix="/v1")

NO_STORE = {"Cache-Control": "no-store"}
NOTICE_BYTES_MAX = 16 * 1024


class PaymentRequest(Closed):
    """`amount` in minor units where the purpose is an amount; an instalment's number, or the next one that is due."""

    method: Literal["hosted", "bank_transfer"] = "hosted"
    purpose: Literal["amount", "instalment", "whole"]
    amount: Amount | None = None
    instalment_number: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None
    return_path: Annotated[str, Field(max_length=300)] = ""
    language: Literal["en", "zh"] = "en"


class RefundRequest(Closed):
    """Without `amount`: all that was paid too much with this payment."""

    payment_id: UUID
    amount: Amount | None = None
    reason: Literal["overpaid", "cooling_off", "paid_twice", "not_owed"] = "overpaid"


class NoticeBody(Closed):
    """What the provider says. `notice_id` is its own: the same one twice is one notice."""

    notice_id: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9_.:-]+$")]
    payment_id: UUID
    kind: Literal["succeeded", "declined", "expired", "charged_back", "refunded", "refund_failed"]
    amount: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    occurred_at: AwareDatetime
    refund_id: UUID | None = None
    reason: Annotated[str, Field(max_length=64, pattern=r"^[a-z0-9_]+$")] | None = None


def _json(value: Any, status: int = 200) -> Response:
    return Response(dumped(value), status_code=status, media_type="application/json", headers=NO_STORE)


@router.post("/borrower/payments", tags=["borrower"])
async def begin_payment(
    case_id: BorrowersCase, body: PaymentRequest, request: Request, key: IdempotencyKey, resources: ResourcesOf
) -> Response:
    """Begin a payment: answers with the address to pay at, or the reference to transfer with. Under any hold."""
    wish = PaymentWish(
        method=body.method,
        purpose=body.purpose,
        amount=body.amount,
        instalment_number=body.instalment_number,
        return_path=body.return_path,
        language=body.language,
    )
    hashed = request_hash(await request.body())
    intent = await start_payment(resources.begin, resources.money, case_id, wish, key=key, request_hash=hashed)
    return _json(intent_answer(intent), 201)


@router.get("/borrower/payments", tags=["borrower"])
async def see_payments(case_id: BorrowersCase, resources: ResourcesOf) -> Response:
    """What may be paid, payments under way, payments received, and the reference for transfers."""
    async with resources.begin(case_id) as work:
        return _json(payments_answer(await show_payments(work, resources.money, case_id)))


@router.get("/borrower/payments/{payment_id}", tags=["borrower"])
async def see_payment(case_id: BorrowersCase, payment_id: UUID, resources: ResourcesOf) -> Response:
    async with resources.begin(case_id) as work:
        return _json(intent_answer(await show_payment(work, case_id, payment_id)))


@router.get("/borrower/receipts/{payment_id}", tags=["borrower"])
async def see_receipt(case_id: BorrowersCase, payment_id: UUID, resources: ResourcesOf) -> Response:
    """A plain receipt of a payment that has been booked, however it came."""
    async with resources.begin(case_id) as work:
        receipt = await show_receipt(work, case_id, payment_id)
    return _json(
        {
            "payment_id": receipt.payment_id,
            "amount": receipt.amount,
            "currency": receipt.currency,
            "received_on": receipt.received_on,
            "allocated": balance_answer(receipt.allocated),
            "overpaid": receipt.overpaid,
            "refunded": receipt.refunded,
            "is_reversed": receipt.is_reversed,
            "paid_to": receipt.paid_to,
            "balance_now": receipt.balance_now,
        }
    )


@router.post("/borrower/refunds", tags=["borrower"])
async def ask_for_refund(
    case_id: BorrowersCase, body: RefundRequest, request: Request, key: IdempotencyKey, resources: ResourcesOf
) -> Response:
    """Ask for what was paid too much. A member of the staff agrees before it is sent."""
    hashed = request_hash(await request.body())
    async with resources.begin(case_id) as work:

        async def act() -> bytes:
            refund = await ask_refund(
                work, case_id, body.payment_id, amount=body.amount, reason=body.reason, asked_by=BORROWER
            )
            return dumped(refund_answer(refund))

        answer = await once(work, scope=f"refund:{case_id}", key=key, request_hash=hashed, act=act)
    return Response(answer.response, media_type="application/json", headers=NO_STORE)


@router.post("/payment-notices", status_code=202, tags=["provider"])
async def take_notice(request: Request, resources: ResourcesOf) -> Response:
    """The provider's notice, signed over the raw body. Written down at once, settled and booked by the worker."""
    raw = await _bounded(request)
    verify(
        [resources.money.notice_secret],
        request.headers,
        now=resources.clock.now(),
        method="POST",
        path=request.url.path,
        body=raw,
    )
    try:
        body = NoticeBody.model_validate_json(raw)
    except ValidationError as error:
        reasons = validation_reasons(error.errors(include_input=False, include_url=False))
        raise Invalid("notice_malformed", "the notice is not as agreed", reasons) from None
    said = Said(
        notice_id=body.notice_id,
        payment_id=body.payment_id,
        kind=body.kind,
        amount=body.amount,
        currency=body.currency,
        occurred_at=body.occurred_at,
        refund_id=body.refund_id,
        reason=body.reason,
    )
    await note_payment(resources.begin, said)
    return Response(status_code=202)


@router.get("/payment-notices", dependencies=[Staff], tags=["staff"])
async def see_notices(resources: ResourcesOf, after: Annotated[str, Query(max_length=120)] = "") -> Response:
    """Notices that were not applied because something in them differs: somebody must look."""
    async with resources.begin(is_staff=True) as work:
        stored = await work.intents.notices_to_review(after, 200)
    return _json(
        {
            "notices": [
                {
                    "notice_id": s.notice.notice_id,
                    "payment_id": s.notice.payment_id,
                    "case_id": s.case_id,
                    "kind": s.notice.kind,
                    "amount": s.notice.amount,
                    "currency": s.notice.currency,
                    "verdict": s.verdict,
                    "received_at": s.received_at,
                }
                for s in stored
            ]
        }
    )


async def _bounded(request: Request) -> bytes:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > NOTICE_BYTES_MAX:
            raise Unidentified("notice_too_large", "no notice is that long")
    if KEY_ID_HEADER not in request.headers:
        raise Unidentified("signature_missing", f"{KEY_ID_HEADER} is required")
    return bytes(raw)


def intent_answer(intent: Intent) -> dict[str, Any]:
    """`address`: where to pay; `reference` of a bank transfer: what to write into it."""
    state = intent.state
    return {
        "payment_id": intent.payment_id,
        "method": intent.method,
        "purpose": intent.purpose,
        "instalment_number": intent.instalment_number,
        "amount": intent.amount,
        "currency": intent.currency,
        "state": state,
        "address": intent.address if state in ("started", "reserved") else None,
        "reference": intent.reference if intent.method == "bank_transfer" else None,
        "requested_at": _text(intent.requested_at),
        "expires_at": _text(intent.expires_at),
        "paid_on": intent.paid_on,
    }


def payments_answer(view: PaymentsView) -> dict[str, Any]:
    bank = view.transfer.bank
    return {
        "currency": view.currency,
        "payable": view.payable,
        "under_way": [intent_answer(intent) for intent in view.under_way],
        "received": [
            {
                "payment_id": p.payment_id,
                "amount": p.amount,
                "received_on": p.received_on,
                "overpaid": p.overpaid,
                "refunded": p.refunded,
                "is_reversed": p.is_reversed,
            }
            for p in view.received
        ],
        "transfer": {
            "holder": bank.holder,
            "account": bank.account,
            "bank": bank.bank,
            "reference": view.transfer.reference,
            "reference_to_read": view.transfer.reference_to_read,
        },
    }


def refund_answer(refund: Refund) -> dict[str, Any]:
    return {
        "refund_id": refund.refund_id,
        "case_id": refund.case_id,
        "payment_id": refund.payment_id,
        "amount": refund.amount,
        "currency": refund.currency,
        "reason": refund.reason,
        "way": refund.way,
        "state": refund.state,
        "asked_by": refund.asked_by,
        "asked_at": _text(refund.asked_at),
        "checked_by": refund.checked_by,
    }


def _text(moment: datetime) -> str:
    return moment.isoformat()
