"""Intake answers whose signature it is. Nothing is remembered: a key that has ended opens nothing a second later."""

from __future__ import annotations

import base64
from uuid import UUID

import httpx
import orjson
import structlog

from services.negotiation.application.lender_ports import LenderKeysAway, SignedRequest
from shared.kernel.clock import Clock
from shared.kernel.refusal import Unidentified
from shared.service.signatures import sign

PATH = "/internal/v1/signatures/verify"
KEY_ID = "service:negotiation"

log = structlog.get_logger("concord.negotiation")


class IntakesLenderKeys:
    """Signed calls to intake over the process's one client."""

    def __init__(self, client: httpx.AsyncClient, secret: bytes, clock: Clock) -> None:
        self._client = client
        self._secret = secret
        self._clock = clock

    async def creditor_of(self, signed: SignedRequest) -> UUID:
        body = orjson.dumps(
            {
                "key_id": signed.key_id,
                "timestamp": signed.timestamp,
                "signature": signed.signature,
                "method": signed.method,
                "path": signed.path,
                "body": base64.b64encode(signed.body).decode(),
            }
        )
        headers = sign(self._secret, key_id=KEY_ID, at=self._clock.now(), method="POST", path=PATH, body=body)
        try:
            response = await self._client.post(
                PATH, content=body, headers={**headers, "content-type": "application/json"}
            )
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
