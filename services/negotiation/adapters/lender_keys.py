"""Intake answers whose signature it is. Nothing is remembered: a key that has ended opens nothing a second later."""

from __future__ import annotations

import base64
from uuid import UUID

import httpx
import structlog

from services.negotiation.adapters.intake import TIMEOUT_S
from services.negotiation.adapters.signed_calls import SignedCalls
from services.negotiation.application.lender_ports import LenderKeysAway, SignedRequest
from shared.kernel.clock import Clock
from shared.kernel.refusal import Unidentified

PATH = "/internal/v1/signatures/verify"

log = structlog.get_logger("concord.negotiation")


class IntakesLenderKeys:
    """Signed calls to intake over the process's one client."""

    def __init__(self, client: httpx.AsyncClient, secret: bytes, clock: Clock) -> None:
        self._calls = SignedCalls(client, secret, clock, timeout_s=TIMEOUT_S)

    async def creditor_of(self, signed: SignedRequest) -> UUID:
        asked = {
            "key_id": signed.key_id,
            "timestamp": signed.timestamp,
            "signature": signed.signature,
            "method": signed.method,
            "path": signed.path,
            "body": base64.b64encode(signed.body).decode(),
        }
        try:
            response = await self._calls.send("POST", PATH, asked)
            if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
                # Headers of a form that no signature has.
                raise Unidentified("signature_wrong", "the key id or the signature is wrong")
            answer = response.raise_for_status().json()
            creditor_id, code = answer["creditor_id"], answer["code"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("lender_keys.away", error=type(error).__name__)
            raise LenderKeysAway("intake cannot be asked") from None
        if creditor_id is None:
            raise Unidentified(str(code), "the request is not signed by a lender's key that holds")
        return UUID(creditor_id)
