"""Fees agreed with each lender at the start; at the end what the agency holds is worked out, checked and paid over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, timedelta
from typing import Any

from deploy.sandbox.calls import Caller
from deploy.sandbox.lenders import Lender

MAKER = {"X-Staff-Id": "books.mei"}
CHECKER = {"X-Staff-Id": "books.omar"}
"""Two persons: nobody checks what they made."""

COMMISSION_BASIS_POINTS = 1_800


class BookKeepers:
    """Both act through negotiation's API. `settle` waits until nothing moves."""

    def __init__(self, caller: Caller, negotiation_url: str, settle: Callable[[], Awaitable[None]]) -> None:
        self._caller = caller
        self._url = negotiation_url
        self._settle = settle

    async def agree_fees(self, lender: Lender, from_day: date) -> None:
        """One flat rate, from the day before the run: one that lasts a single day pays over what came until then."""
        valid_from = (from_day - timedelta(days=1)).isoformat()
        fees = {"valid_from": valid_from, "rules": [{"tiers": [{"rate": COMMISSION_BASIS_POINTS}]}]}
        url = f"{self._url}/v1/creditors/{lender.creditor_id}/fees"
        made = await self._caller.staff(url, fees, headers=MAKER)
        await self._caller.staff(f"{url}/{made['version']}/approve", headers=CHECKER)

    async def remit(self, lenders: Iterable[Lender], today: date) -> None:
        """Pay over what was received through yesterday. Raises UnexpectedAnswer."""
        begun = []
        for lender in lenders:
            wanted = {
                "creditor_id": lender.creditor_id,
                "currency": lender.profile.currency,
                "period_to": (today - timedelta(days=1)).isoformat(),
            }
            begun.append(await self._caller.staff(f"{self._url}/v1/remittances", wanted, headers=MAKER))
        await self._settle()
        for n, remittance in enumerate(begun):
            await self._pay(remittance, n, today)
        await self._settle()

    async def _pay(self, remittance: dict[str, Any], n: int, today: date) -> None:
        url = f"{self._url}/v1/remittances/{remittance['remittance_id']}"
        await self._caller.staff(f"{url}/approve", headers=CHECKER)
        paid = {"paid_on": today.isoformat(), "bank_reference": f"SANDBOX-{n + 1}"}
        await self._caller.staff(f"{url}/paid", paid, headers=MAKER)
