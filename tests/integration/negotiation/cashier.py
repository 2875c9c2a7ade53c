"""Money in and out of negotiation as it runs: Sandbox Pay and our notices over real HTTP, and the sweeps by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.negotiation.adapters.hosted_payments import KEY_ID
from services.negotiation.adapters.money import open_money
from services.negotiation.adapters.sandbox_payments.house import SandboxHouse
from services.negotiation.application.book_decisions import book_decisions
from services.negotiation.application.match_entries import match_entries
from services.negotiation.application.receipts_ports import Money
from services.negotiation.application.send_refunds import send_refunds
from services.negotiation.application.settle_payments import settle_payments
from services.negotiation.application.sweep_payments import sweep_payments
from services.negotiation.settings import NegotiationSettings
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from shared.service.signatures import sign
from tests.integration.negotiation.office import STAFF, Office
from tests.integration.outreach.fakes.serving import served

SECRET = SANDBOX_SECRET.encode()
MEI = {**STAFF, "X-Staff-Id": "mei"}
OMAR = {**STAFF, "X-Staff-Id": "omar"}
PATIENCE_S = 60
"""No test is about a busy machine."""


@dataclass
class Cashier:
    """The desk, with `url` where its API is reached over the network."""

    office: Office
    url: str
    money: Money
    outside: httpx.AsyncClient

    @property
    def house(self) -> SandboxHouse:
        assert isinstance(self.money.sandbox, SandboxHouse)
        return self.money.sandbox

    async def begin(self, case_id: UUID, *, key: str | None = None, **wish: Any) -> httpx.Response:
        return await self.office.api.post(
            "/v1/borrower/payments",
            json=wish,
            headers={"Idempotency-Key": key or uuid4().hex, **await self.office.enter(case_id)},
        )

    async def begun(self, case_id: UUID, amount: int, **wish: Any) -> dict[str, Any]:
        response = await self.begin(case_id, purpose="amount", amount=amount, **wish)
        assert response.status_code == 201, response.text
        body: dict[str, Any] = response.json()
        return body

    async def press(self, payment: dict[str, Any], decision: str = "pay", code: str = "") -> httpx.Response:
        """On the provider's page, as a browser without script sends it."""
        return await self.outside.post(payment["address"], data={"decision": decision, "code": code})

    async def pay(self, case_id: UUID, amount: int, code: str = "") -> UUID:
        payment = await self.begun(case_id, amount)
        response = await self.press(payment, code=code)
        assert response.status_code == 303, response.text
        await self.settle()
        return UUID(payment["payment_id"])

    async def hook(self, payment_id: UUID | str, hook: str) -> None:
        path = f"/sandbox/provider/payments/{payment_id}/{hook}"
        headers = sign(SECRET, key_id=KEY_ID, at=self.office.now, method="POST", path=path, body=b"")
        response = await self.outside.post(self.url + path, headers=headers)
        assert response.status_code == 200, response.text

    async def notice(self, body: bytes, secret: bytes = SECRET, path: str = "/v1/payment-notices") -> httpx.Response:
        headers = sign(secret, key_id="sandbox-pay", at=self.office.now, method="POST", path=path, body=body)
        return await self.office.api.post(path, content=body, headers=headers)

    async def settle(self) -> None:
        """Everything that is due now."""
        while await settle_payments(self.office.worker.begin):
            continue

    async def upload(self, raw: bytes, *, is_matched: bool = True) -> httpx.Response:
        response = await self.office.api.post("/v1/bank-statements", content=raw, headers=MEI)
        if is_matched:
            await self.match()
        return response

    async def match(self) -> None:
        while await match_entries(self.office.worker.begin) or await book_decisions(self.office.worker.begin):
            continue

    async def queue(self) -> list[dict[str, Any]]:
        response = await self.office.api.get("/v1/unmatched", headers=MEI)
        assert response.status_code == 200, response.text
        entries: list[dict[str, Any]] = response.json()["entries"]
        return entries

    async def post(self, path: str, who: dict[str, str], *, key: str | None = None, **body: Any) -> httpx.Response:
        headers = {**who, "Idempotency-Key": key or uuid4().hex}
        response = await self.office.api.post(f"/v1{path}", json=body, headers=headers)
        await self.match()
        return response

    async def reference(self, case_id: UUID) -> str:
        """The reference that the borrower is shown, as they read it."""
        response = await self.office.api.get("/v1/borrower/payments", headers=await self.office.enter(case_id))
        return str(response.json()["transfer"]["reference_to_read"])

    async def sweep(self) -> int:
        looked_at = await sweep_payments(self.office.worker.begin, self.money)
        await self.settle()
        return looked_at

    async def send_refunds(self) -> None:
        while await send_refunds(self.office.worker.begin, self.money):
            continue

    async def payment(self, case_id: UUID, payment_id: UUID | str) -> dict[str, Any]:
        response = await self.office.api.get(
            f"/v1/borrower/payments/{payment_id}", headers=await self.office.enter(case_id)
        )
        assert response.status_code == 200, response.text
        seen: dict[str, Any] = response.json()
        return seen

    async def balance(self, case_id: UUID) -> int:
        [row] = await self.office.rows(
            "SELECT fees_minor_units + interest_minor_units + principal_minor_units AS owed FROM cases "
            "WHERE case_id = $1",
            case_id,
        )
        return int(row["owed"])

    async def book(self) -> dict[str, int]:
        """The bank book by account, which sums to zero."""
        rows = await self.office.rows(
            "SELECT account, sum(minor_units)::bigint AS total FROM bank_movements GROUP BY account"
        )
        found = {row["account"]: row["total"] for row in rows if row["total"]}
        assert sum(found.values()) == 0
        return found


@asynccontextmanager
async def open_cashier(office: Office) -> AsyncIterator[Cashier]:
    app = office.transport.app
    async with served(app) as url, httpx.AsyncClient(timeout=PATIENCE_S) as outside:
        settings = NegotiationSettings(public_url=url)
        opened = partial(open_money, settings, client=outside, provider_timeout_s=PATIENCE_S)
        api = opened(Platform("api", office.databases.clock, office.databases.api))
        worker = opened(Platform("timers", office.databases.clock, office.databases.worker))
        app.state.resources = replace(app.state.resources, money=api)  # type: ignore[attr-defined]  # our own app
        yield Cashier(office, url, worker, outside)
