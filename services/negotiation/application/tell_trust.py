"""Tell the comparison of the trust account what waits to be explained, for every day that bookings have changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.negotiation.application.ports import Work
from services.negotiation.application.receipts_ports import BankMovement
from services.negotiation.application.reconcile_trust import record_statement_balance

DAYS_MAX = 60


async def book_movements(work: Work, movements: Sequence[BankMovement]) -> None:
    """Book in the bank book and say again, for the days from the earliest on, how bank and cases differ."""
    await work.bank.book(movements)
    since: dict[str, date] = {}
    for movement in movements:
        since[movement.currency] = min(since.get(movement.currency, date.max), movement.effective_on)
    for currency, day in since.items():
        for balance in await work.bank.closing_balances(currency, day, DAYS_MAX):
            await record_statement_balance(work, balance)
