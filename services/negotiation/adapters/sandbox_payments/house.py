"""What Sandbox Pay does: payments and refunds, and the notices it sends about them.

The code that a tester picks on the page decides what goes wrong; the amount decides what goes wrong at the start.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import httpx
import orjson
import structlog

from services.negotiation.adapters.sandbox_payments.memory import Memory
from shared.kernel.clock import Clock
from shared.service.signatures import sign

KEY_ID = "sandbox-pay"
NOTICE_PATH = "/v1/payment-notices"
CODES: Final = {
    "": "as it should be",
    "twice": "the notice comes twice, under one id",
    "held": "the notice is kept back until it is released",
    "lost": "the notice never comes; only asking helps",
    "charged_back": "paid, then taken back by the payer",
    "reordered": "taken back, and the notice of that comes before the notice of the payment",
    "other_amount": "the notice says another amount",
    "other_currency": "the notice says another currency",
    "refund_fails": "a refund of it will fail",
}
AMOUNT_ANSWER_LOST = 913
AMOUNT_AWAY = 912
"""Amounts that end in these three figures: begun but the first answer is lost; never reached."""
NOTICES_MAX = 20

log = structlog.get_logger("concord.sandbox_payments")

Payment = dict[str, Any]


class Unanswered(Exception):
    """The simulated provider does not answer."""


@dataclass(frozen=True)
class SandboxHouse:
    """`home` is the address that both the page and our notices are reached at."""

    memory: Memory
    client: httpx.AsyncClient
    clock: Clock
    secret: bytes
    home: str

    async def start(self, asked: dict[str, Any]) -> Payment:
        """The same payment id is the same payment, whatever else is said the second time."""
        if asked["amount"] % 1000 == AMOUNT_AWAY:
            raise Unanswered
        reference = "SP" + hashlib.sha256(b"sandbox-pay" + asked["payment_id"].encode()).hexdigest()[:20].upper()
        fresh = {
            **asked,
            "reference": reference,
            "address": f"{self.home}/sandbox/pay/{reference}",
            "state": "open",
            "is_charged_back": False,
            "on": None,
            "code": "",
            "refunds": {},
            "notices": [],
        }
        payment, is_new = await self.memory.add(reference, UUID(asked["payment_id"]), fresh)
        if is_new and asked["amount"] % 1000 == AMOUNT_ANSWER_LOST:
            raise Unanswered
        return payment

    async def look(self, payment_id: UUID) -> Payment | None:
        payment = await self.memory.by_payment(payment_id)
        return await self._aged(payment) if payment is not None else None

    async def page(self, reference: str) -> Payment | None:
        payment = await self.memory.by_reference(reference)
        return await self._aged(payment) if payment is not None else None

    async def decide(self, reference: str, decision: str, code: str) -> Payment | None:
        """The borrower presses a button. Pressing again changes nothing."""
        payment = await self.page(reference)
        if payment is None or payment["state"] != "open" or decision not in ("pay", "decline"):
            return payment
        payment["state"] = "succeeded" if decision == "pay" else "declined"
        payment["code"], payment["on"] = code, self.clock.now().date().isoformat()
        kinds = ["succeeded" if decision == "pay" else "declined"]
        if decision == "pay" and code in ("charged_back", "reordered"):
            payment["is_charged_back"] = True
            kinds.append("charged_back")
        payment["notices"] = self._notices(payment, kinds, code)
        await self.memory.save(payment)
        if code not in ("held", "lost"):
            await self.deliver(payment)
        return payment

    async def charge_back(self, payment_id: UUID) -> Payment | None:
        payment = await self.look(payment_id)
        if payment is None or payment["state"] != "succeeded" or payment["is_charged_back"]:
            return payment
        payment["is_charged_back"] = True
        payment["notices"] += self._notices(payment, ["charged_back"], "")
        await self.memory.save(payment)
        return await self.deliver(payment)

    async def release(self, payment_id: UUID) -> Payment | None:
        """Send what was kept back or could not be delivered."""
        payment = await self.look(payment_id)
        return await self.deliver(payment) if payment is not None else None

    async def refund(self, asked: dict[str, Any]) -> str:
        """Never more than was paid. The same refund id is the same refund."""
        payment = await self.look(UUID(asked["payment_id"]))
        if payment is None or payment["state"] != "succeeded":
            return "failed"
        known = payment["refunds"].get(asked["refund_id"])
        if known is not None:
            return str(known["state"])
        given = sum(r["amount"] for r in payment["refunds"].values() if r["state"] == "refunded")
        fits = asked["currency"] == payment["currency"] and given + asked["amount"] <= payment["amount"]
        state = "refunded" if fits and payment["code"] != "refund_fails" else "failed"
        payment["refunds"][asked["refund_id"]] = {"amount": asked["amount"], "state": state}
        await self.memory.save(payment)
        return state

    async def look_refund(self, refund_id: str) -> str:
        payment = await self.memory.by_refund(refund_id)
        return str(payment["refunds"][refund_id]["state"]) if payment is not None else "unknown"

    async def deliver(self, payment: Payment) -> Payment:
        """Send the notices in their order; what was not taken stays for the next time."""
        while payment["notices"]:
            body = orjson.dumps(payment["notices"][0])
            headers = sign(self.secret, key_id=KEY_ID, at=self.clock.now(), method="POST", path=NOTICE_PATH, body=body)
            headers["content-type"] = "application/json"
            try:
                response = await self.client.post(self.home + NOTICE_PATH, content=body, headers=headers)
                response.raise_for_status()
            except httpx.HTTPError as error:
                log.warning("sandbox_payments.undelivered", error=type(error).__name__)
                break
            payment["notices"] = payment["notices"][1:]
        await self.memory.save(payment)
        return payment

    async def _aged(self, payment: Payment) -> Payment:
        if payment["state"] == "open" and self.clock.now() >= datetime.fromisoformat(payment["expires_at"]):
            payment["state"] = "expired"
            payment["notices"] = self._notices(payment, ["expired"], "")
            await self.memory.save(payment)
        return payment

    def _notices(self, payment: Payment, kinds: list[str], code: str) -> list[dict[str, Any]]:
        made = [
            {
                "notice_id": f"{payment['reference']}-{kind}",
                "payment_id": payment["payment_id"],
                "kind": kind,
                "amount": payment["amount"] + (1 if code == "other_amount" else 0),
                "currency": _other(payment["currency"]) if code == "other_currency" else payment["currency"],
                "occurred_at": self.clock.now().isoformat(),
                "reason": "payer_disputed" if kind == "charged_back" else None,
            }
            for kind in kinds
        ]
        if code == "reordered":
            made.reverse()
        if code == "lost":
            return []
        return (made * 2 if code == "twice" else made)[:NOTICES_MAX]


def _other(currency: str) -> str:
    return "EUR" if currency != "EUR" else "USD"
