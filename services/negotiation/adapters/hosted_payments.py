"""The payment provider over HTTP: signed calls, bounded in time; what was not answered is not known."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import orjson
import structlog

from services.negotiation.application.receipts_ports import (
    PaymentOrder,
    ProviderAway,
    ProviderRefused,
    ProviderState,
    RefundAnswer,
    Started,
)
from services.negotiation.domain.receipts.refunds import Refund
from shared.kernel.clock import Clock
from shared.service.signatures import sign

KEY_ID = "concord"
TIMEOUT_S = 5.0
ANSWER_BYTES_MAX = 64 * 1024

log = structlog.get_logger("concord.negotiation")


class HostedPayments:
    """Speaks the interface that docs/how-to/take-payments.md describes; the sandbox serves it."""

    def __init__(
        self, client: httpx.AsyncClient, url: str, secret: bytes, clock: Clock, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._client = client
        self._url = httpx.URL(url)
        self._secret = secret
        self._clock = clock
        self._timeout_s = timeout_s

    async def start(self, order: PaymentOrder) -> Started:
        answer = await self._call(
            "POST",
            "/payments",
            {
                "payment_id": str(order.payment_id),
                "amount": order.amount,
                "currency": order.currency,
                "description": order.description,
                "return_to": order.return_to,
                "language": order.language,
                "expires_at": order.expires_at.isoformat(),
            },
        )
        return _started(answer)

    async def look(self, payment_id: UUID) -> ProviderState:
        answer = await self._call("GET", f"/payments/{payment_id}", None)
        if answer.get("state") == "unknown":
            return ProviderState("unknown")
        on = answer.get("on")
        return ProviderState(
            state=answer["state"],
            amount=int(answer["amount"]),
            currency=str(answer["currency"]),
            on=date.fromisoformat(on) if on else None,
            is_charged_back=bool(answer["is_charged_back"]),
            started=_started(answer),
        )

    async def refund(self, refund: Refund) -> RefundAnswer:
        answer = await self._call(
            "POST",
            "/refunds",
            {
                "refund_id": str(refund.refund_id),
                "payment_id": str(refund.payment_id),
                "amount": refund.amount,
                "currency": refund.currency,
            },
        )
        return _refund(answer)

    async def look_refund(self, refund_id: UUID) -> RefundAnswer:
        return _refund(await self._call("GET", f"/refunds/{refund_id}", None))

    async def _call(self, method: str, path: str, asked: dict[str, Any] | None) -> dict[str, Any]:
        body = orjson.dumps(asked) if asked is not None else b""
        url = self._url.copy_with(path=self._url.path.rstrip("/") + path)
        headers = sign(self._secret, key_id=KEY_ID, at=self._clock.now(), method=method, path=url.path, body=body)
        headers["content-type"] = "application/json"
        try:
            response = await self._client.request(method, url, content=body, headers=headers, timeout=self._timeout_s)
            if 400 <= response.status_code < 500 and response.status_code not in (408, 425, 429):
                log.warning("payments.refused", status=response.status_code)
                raise ProviderRefused
            response.raise_for_status()
            answer = orjson.loads(response.content[:ANSWER_BYTES_MAX])
        except (httpx.HTTPError, ValueError) as error:
            log.warning("payments.away", error=type(error).__name__)
            raise ProviderAway from None
        if not isinstance(answer, dict):
            raise ProviderAway
        return answer


def _started(answer: dict[str, Any]) -> Started:
    try:
        return Started(str(answer["reference"]), str(answer["address"]))
    except KeyError:
        raise ProviderAway from None


def _refund(answer: dict[str, Any]) -> RefundAnswer:
    state = answer.get("state")
    if state in ("unknown", "pending", "refunded", "failed"):
        said: RefundAnswer = state
        return said
    raise ProviderAway
