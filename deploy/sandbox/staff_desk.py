"""The agency's people as robots: answer complaints and settle disputes after some days, so that holds end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.calendar import STAFF_WORKS_AT, Step
from deploy.sandbox.calls import Caller
from deploy.sandbox.seeded import dice, pick

COMPLAINT_AFTER = timedelta(days=6)
DISPUTE_AFTER = timedelta(days=9)
LISTED_MAX = 500

_COMPLAINT_OUTCOMES: Mapping[str, float] = {"upheld": 2, "partly_upheld": 3, "not_upheld": 5}
_DISPUTE_OUTCOMES: Mapping[str, float] = {"debt_verified": 7, "debt_corrected": 2, "withdrawn": 1}


class StaffDesk:
    """Works once a day, oldest account first, through outreach's API alone."""

    def __init__(self, seed: int, caller: Caller, outreach_url: str, borrowers: Mapping[str, Borrower]) -> None:
        self._seed = seed
        self._caller = caller
        self._outreach_url = outreach_url
        self._borrowers = borrowers
        self.closed: Counter[str] = Counter()

    async def work(self, step: Step) -> int:
        """Close what has been open long enough; answers with how many."""
        if step.at.hour != STAFF_WORKS_AT:
            return 0
        complaints = await self._close("complaint", COMPLAINT_AFTER, _COMPLAINT_OUTCOMES, step.at)
        disputes = await self._close("dispute", DISPUTE_AFTER, _DISPUTE_OUTCOMES, step.at)
        return complaints + disputes

    async def _close(self, what: str, after: timedelta, outcomes: Mapping[str, float], now: datetime) -> int:
        url = f"{self._outreach_url}/v1/{what}s?status=open&limit={LISTED_MAX}"
        answer = await self._caller.staff(url, method="GET")
        ripe = [each for each in answer[f"{what}s"] if datetime.fromisoformat(each["opened_at"]) + after <= now]
        account_of = self._accounts()
        for each in sorted(ripe, key=_by_account(account_of)):
            account = account_of.get(each["case_id"], each["case_id"])
            outcome = pick(dice(self._seed, what, account, self.closed[account]), outcomes)
            self.closed[account] += 1
            url = f"{self._outreach_url}/v1/{what}s/{each[f'{what}_id']}/close"
            await self._caller.staff(url, {"outcome": outcome})
        return len(ripe)

    def _accounts(self) -> dict[str, str]:
        return {borrower.case_id: account for account, borrower in self._borrowers.items()}


def _by_account(account_of: Mapping[str, str]) -> Callable[[Mapping[str, Any]], tuple[str, str]]:
    return lambda each: (account_of.get(each["case_id"], ""), each["opened_at"])
