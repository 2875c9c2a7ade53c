"""One borrower's page as their software calls it: getting in, paying, asking for relief, stating a budget, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.calls import Caller, Key, UnexpectedAnswer
from shared.service.settings import SANDBOX_SECRET

PAYMENT_PROVIDER = Key("sandbox-pay", SANDBOX_SECRET.encode())
"""The hooks of the simulated provider are signed as the provider itself signs."""


class Portal:
    """Calls on behalf of borrowers. Refusals are raised as UnexpectedAnswer."""

    def __init__(self, caller: Caller, url: str) -> None:
        self._caller = caller
        self._url = url
        self._page = f"{url}/v1/borrower"

    async def enter(self, borrower: Borrower) -> None:
        """By the newest link, which opens once; until another one comes, by what was given for it."""
        if borrower.token != borrower.used_token:
            body = {"token": borrower.token, "factor": borrower.factor}
            borrower.access = (await self._caller.anybody("POST", f"{self._page}/sessions", body))["access_token"]
            borrower.used_token = borrower.token

    async def see(self, borrower: Borrower) -> dict[str, Any]:
        view: dict[str, Any] = await self._caller.anybody("GET", f"{self._page}/case", headers=_shown(borrower))
        return view

    async def accept(self, borrower: Borrower, offer: Mapping[str, Any], key: str) -> dict[str, Any]:
        path = f"/offers/{offer['offer_id']}/accept"
        return await self._post(borrower, path, {"terms_hash": offer["terms_hash"]}, key)

    async def counter(self, borrower: Borrower, proposal: Mapping[str, Any], key: str) -> dict[str, Any]:
        return await self._post(borrower, "/counter-offers", dict(proposal), key)

    async def ask_for_relief(self, borrower: Borrower, wish: Mapping[str, Any]) -> None:
        await self._post(borrower, "/relief", dict(wish), f"relief-{borrower.account_number}")

    async def state_budget(self, borrower: Borrower, body: Mapping[str, Any]) -> None:
        await self._post(borrower, "/budget", dict(body), f"budget-{borrower.account_number}")

    async def withdraw(self, borrower: Borrower, plan_id: str) -> None:
        """Leave a plan in its cooling-off, without a reason."""
        key = f"withdraw-{borrower.account_number}-{borrower.plans}"
        await self._post(borrower, f"/plans/{plan_id}/withdraw", {"refund": "not_asked"}, key)

    async def pay(self, borrower: Borrower, minor_units: int, key: str) -> str:
        """Begin a payment and press the button on the provider's page; answers with the payment's id."""
        wish = {"purpose": "amount", "amount": minor_units, "language": borrower.language}
        payment = await self._post(borrower, "/payments", wish, key)
        pressed = await self._caller.client.post(payment["address"], data={"decision": "pay", "code": ""})
        if pressed.is_error:
            raise UnexpectedAnswer(pressed)
        return str(payment["payment_id"])

    async def charge_back(self, payment_id: str) -> None:
        """The payer's bank takes a payment back, and the provider tells us."""
        url = f"{self._url}/sandbox/provider/payments/{payment_id}/charge-back"
        await self._caller.signed(PAYMENT_PROVIDER, url, b"")

    async def _post(self, borrower: Borrower, path: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
        headers = {"Idempotency-Key": key, **_shown(borrower)}
        answer: dict[str, Any] = await self._caller.anybody("POST", f"{self._page}{path}", body, headers)
        return answer


def _shown(borrower: Borrower) -> dict[str, str]:
    return {"Authorization": f"Bearer {borrower.access}"}
