"""Borrowers who pay the agency on their page. Whoever cannot get in, or is refused there, pays the lender as before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.borrowers.paying import Payment
from deploy.sandbox.borrowers.wishes import pays_on_the_page
from deploy.sandbox.calendar import PAYS_AT, Step
from deploy.sandbox.calls import UnexpectedAnswer
from deploy.sandbox.portal import Portal


class Payers:
    """Acts once a day, before any lender reports, in the order of account numbers."""

    def __init__(self, seed: int, portal: Portal, borrowers: Mapping[str, Borrower]) -> None:
        self._seed = seed
        self._portal = portal
        self._borrowers = borrowers
        self._charge_backs: defaultdict[date, list[str]] = defaultdict(list)
        self._payments: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()

    async def pay(self, step: Step) -> int:
        """Everything that is to be paid today, and what banks take back today; answers with how much of both."""
        if step.at.hour != PAYS_AT:
            return 0
        taken_back = self._charge_backs.pop(step.day, [])
        for payment_id in taken_back:
            await self._portal.charge_back(payment_id)
        paid = 0
        for account, borrower in sorted(self._borrowers.items()):
            if borrower.payments and borrower.token is not None and pays_on_the_page(self._seed, account):
                paid += await self._pay_what_is_due(borrower, step.day)
        return paid + len(taken_back)

    async def _pay_what_is_due(self, borrower: Borrower, today: date) -> int:
        paid, left = 0, []
        for payment in borrower.payments:
            if payment.on > today or not await self._pay(borrower, payment, today):
                left.append(payment)
            else:
                paid += 1
        borrower.payments = left
        return paid

    async def _pay(self, borrower: Borrower, payment: Payment, today: date) -> bool:
        account = borrower.account_number
        self._payments[account] += 1
        try:
            await self._portal.enter(borrower)
            payment_id = await self._portal.pay(
                borrower, payment.minor_units, f"pay-{account}-{self._payments[account]}"
            )
        except UnexpectedAnswer as error:
            if error.status >= 500:
                raise
            self.refusals[f"pay.{error.code or error.status}"] += 1
            return False
        if payment.bounces_on is not None:
            # Charge-backs of today are through already.
            self._charge_backs[max(payment.bounces_on, today + timedelta(days=1))].append(payment_id)
        return True
