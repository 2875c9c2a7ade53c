"""For the other services: who signed a request that a lender sent to them. Keys stay here."""

from __future__ import annotations

import base64
import binascii

import orjson
from fastapi import APIRouter, Response

from services.intake.application.verify_signature import SignedRequest, verify_signature
from services.intake.entrypoints.bodies import JSON, parse_body
from services.intake.entrypoints.callers import IS_SIGNED, OpenedResources, SignedService, nearest_time
from services.intake.entrypoints.documents import described, schema_of
from services.intake.entrypoints.schemas import SignatureBody
from shared.kernel.refusal import Invalid, Reason
from shared.service.signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER

router = APIRouter(prefix="/internal/v1", tags=["signatures"], dependencies=[IS_SIGNED])


@router.post("/signatures/verify", openapi_extra=described((JSON, schema_of(SignatureBody))))
async def verify_lenders_signature(resources: OpenedResources, body: SignedService) -> Response:
    """Whose key signed a request: the lender, or why it is nobody's. Answered with 200 either way."""
    given = parse_body(SignatureBody, body)
    headers = {TIMESTAMP_HEADER: given.timestamp, SIGNATURE_HEADER: given.signature}
    signed = SignedRequest(given.key_id, headers, given.method, given.path, _raw(given.body))
    found = await verify_signature(resources, signed, nearest_time(resources, given.timestamp))
    if isinstance(found, str):
        answer: dict[str, str | None] = {"creditor_id": None, "code": found}
    else:
        answer = {"creditor_id": str(found.creditor_id), "code": None, "currency": found.currency}
    return Response(orjson.dumps(answer), media_type=JSON, headers={"Cache-Control": "no-store"})


def _raw(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        reason = Reason("not_base64", "/body", "the raw body in base64")
        raise Invalid("body_invalid", "the body is not base64", [reason]) from None
