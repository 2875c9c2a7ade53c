"""`POST /v1/payments`: money that lenders received, one report or many; an answer per report."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Response

from services.intake.application.report_payments import (
    PaymentOutcome,
    ReadPayment,
    ReportPayments,
    report_payments,
)
from services.intake.domain.payment import ReportedPayment
from services.intake.entrypoints.answers import PaymentsAnswerBody
from services.intake.entrypoints.bodies import JSON, NDJSON, RawRecord, member_of, raw_records, read_record
from services.intake.entrypoints.callers import IS_SIGNED, OpenedResources, RequiredKey, SignedLender
from services.intake.entrypoints.documents import answered, described, one_or_many, schema_of
from services.intake.entrypoints.schemas import PaymentBody

router = APIRouter(tags=["payments"], dependencies=[IS_SIGNED])

_BODY = described((JSON, one_or_many(PaymentBody, "payments")), (NDJSON, schema_of(PaymentBody)))


@router.post("/v1/payments", openapi_extra=_BODY, responses=answered(PaymentsAnswerBody))
async def report(resources: OpenedResources, lender: SignedLender, key: RequiredKey) -> Response:
    """Report payments. The same reference again is the same payment; `reverses_reference` takes one back in full."""
    raws = raw_records(lender.body, lender.content_type, plural="payments")
    reports = [_read(raw) for raw in raws]
    command = ReportPayments(lender.creditor, key, lender.request_hash, reports)
    outcomes = await report_payments(resources, command)
    return Response(orjson.dumps({"payments": [_shown(outcome) for outcome in outcomes]}), media_type=JSON)


def _read(raw: RawRecord) -> ReadPayment:
    body = read_record(PaymentBody, raw)
    if isinstance(body, tuple):
        return ReadPayment(raw.number, member_of(raw, "reference"), None, body)
    payment = ReportedPayment(
        reference=body.reference,
        case_id=body.case_id,
        account_number=body.account_number,
        amount_minor_units=body.amount_minor_units,
        currency=body.currency,
        received_on=body.received_on,
        reverses_reference=body.reverses_reference,
    )
    return ReadPayment(raw.number, body.reference, payment)


def _shown(outcome: PaymentOutcome) -> dict[str, Any]:
    shown: dict[str, Any] = {"record_number": outcome.report.number, "reference": outcome.report.reference}
    if outcome.payment_id is not None:
        return {**shown, "payment_id": str(outcome.payment_id)}
    errors = [{"code": r.code, "pointer": r.pointer, "detail": r.message} for r in outcome.reasons]
    return {**shown, "errors": errors}
