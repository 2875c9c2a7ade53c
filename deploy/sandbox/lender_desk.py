"""The lenders' side of the world: reports the payments of the day and the bounced ones, and takes some cases back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.calendar import RECALLS_AT, Step
from deploy.sandbox.calls import UnexpectedAnswer
from deploy.sandbox.lenders import Lender
from deploy.sandbox.seeded import dice

RECALLS = ((1, "placed_in_error"), (12, "paid_creditor"), (40, "sold"), (75, "borrower_request"))
"""Day of the run and reason: on each of these days each lender takes one case back."""


class LenderDesk:
    """Pays attention to the calendar alone; what is refused is counted, as a lender would log it."""

    def __init__(self, seed: int, lenders: Mapping[str, Lender], borrowers: Mapping[str, Borrower]) -> None:
        self._seed = seed
        self._lenders = lenders
        self._borrowers = borrowers
        self._bounces: defaultdict[tuple[str, date], list[dict[str, Any]]] = defaultdict(list)
        self._references: Counter[str] = Counter()
        self.recalled: set[str] = set()
        self.refusals: Counter[str] = Counter()
        self.collected: Counter[str] = Counter()
        self.payments = 0

    async def report_payments(self, step: Step) -> int:
        """What borrowers paid today and what bounced, of the lenders whose afternoon it is."""
        sent = 0
        for name, lender in self._lenders.items():
            if lender.profile.reports_at_hour == step.at.hour:
                payments = [*self._paid_today(name, lender, step.day), *self._bounces.pop((name, step.day), [])]
                sent += len(payments)
                self._note(lender, payments, await lender.report(payments, step.day))
        return sent

    async def recall(self, step: Step) -> int:
        """Take back the cases whose day it is."""
        reasons = [reason for day, reason in RECALLS if day == step.day_number and step.at.hour == RECALLS_AT]
        count = 0
        for reason in reasons:
            for name, lender in self._lenders.items():
                borrower = self._choose(name, step)
                if borrower is None:
                    continue
                try:
                    await lender.recall(borrower, reason)
                except UnexpectedAnswer as error:
                    if error.status >= 500:
                        raise
                    self.refusals[f"recall.{error.code}"] += 1
                self.recalled.add(borrower.account_number)
                borrower.payments.clear()
                count += 1
        return count

    def _choose(self, lender: str, step: Step) -> Borrower | None:
        """Somebody without a plan, for whom the next message is waiting."""
        candidates = [
            borrower
            for account, borrower in sorted(self._borrowers.items())
            if borrower.lender == lender and account not in self.recalled and not borrower.memory.has_plan
        ]
        return dice(self._seed, "recall", lender, step.number).choice(candidates) if candidates else None

    def _paid_today(self, name: str, lender: Lender, today: date) -> list[dict[str, Any]]:
        paid = []
        for account, borrower in sorted(self._borrowers.items()):
            if borrower.lender != name or not borrower.payments:
                continue
            due = [payment for payment in borrower.payments if payment.on <= today]
            borrower.payments = [payment for payment in borrower.payments if payment.on > today]
            for payment in due:
                report = self._report(account, lender, payment.minor_units, today)
                paid.append(report)
                if payment.bounces_on is not None:
                    bounce = self._report(account, lender, payment.minor_units, payment.bounces_on)
                    bounce["reverses_reference"] = report["reference"]
                    self._bounces[name, payment.bounces_on].append(bounce)
        return paid

    def _report(self, account: str, lender: Lender, minor_units: int, day: date) -> dict[str, Any]:
        self._references[account] += 1
        return {
            "account_number": account,
            "amount_minor_units": minor_units,
            "currency": lender.profile.currency,
            "received_on": day.isoformat(),
            "reference": f"{account}-P{self._references[account]:03d}",
        }

    def _note(
        self, lender: Lender, payments: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]
    ) -> None:
        answers = {result["reference"]: result for result in results}
        for payment in payments:
            errors = answers[payment["reference"]].get("errors")
            if errors:
                self.refusals.update(f"payment.{error['code']}" for error in errors)
                continue
            self.payments += 1
            sign = -1 if "reverses_reference" in payment else 1
            self.collected[lender.profile.currency] += sign * payment["amount_minor_units"]
