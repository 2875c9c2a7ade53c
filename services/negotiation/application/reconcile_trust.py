"""The trust account: what the bank says beside what the books say, day by day; and the books beside themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.remittance_ports import Difference, Movement, StatementBalance, TrustDay
from services.negotiation.domain.ledger import BooksBroken

TRANSIT_DAYS = 5
"""How long a transfer that we have booked may take to show on the bank's statement."""
LOOKED_AT_AGAIN_DAYS = 10
"""A day that did not agree is compared again this long: money is matched and booked on its value date."""
MOVEMENTS_MAX = 500


async def record_statement_balance(work: Work, balance: StatementBalance) -> None:
    """Note what the bank says of a day; a later word about the same day replaces it. Does not commit."""
    await work.trust.record(balance)


class TrustReconciliation:
    """Compares recorded days, one at a time, round and round."""

    def __init__(self, begin: OpenWork) -> None:
        self._begin = begin
        self._after = (date.min, UUID(int=0))

    async def step(self) -> int:
        """Answers 1 for a day that was compared, 0 at the end of a round."""
        async with self._begin() as work:
            since = work.now.date() - timedelta(days=LOOKED_AT_AGAIN_DAYS)
            day = await work.trust.next_day(self._after, since)
            if day is None:
                self._after = (date.min, UUID(int=0))
                return 0
            self._after = (day.balance.on, day.balance.statement_id)
            await work.trust.save(await compare_day(work, day))
            await work.commit()
            return 1


async def compare_day(work: Work, day: TrustDay) -> TrustDay:
    balance = day.balance
    ledger = await work.trust.ledger_balance(balance.currency, balance.on)
    since = balance.on - timedelta(days=TRANSIT_DAYS)
    movements = await work.trust.movements(balance.currency, since, balance.on, MOVEMENTS_MAX)
    differences = explain(balance, ledger, movements)
    return replace(day, ledger_minor_units=ledger, differences=differences, compared_at=work.now)


def explain(balance: StatementBalance, ledger: int, movements: Sequence[Movement]) -> tuple[Difference, ...]:
    """Why bank and ledger differ, in parts that sum to the difference (bank less ledger).

    First what the bank has and nobody has matched yet. Then a movement of the last days, or all of one kind, that the
    bank has not shown yet, where that is exactly the rest. What is left has no explanation, and somebody looks.
    """
    found: list[Difference] = []
    rest = balance.closing_minor_units - ledger
    if balance.unmatched_minor_units and rest:
        found.append(Difference("unmatched_on_statement", balance.unmatched_minor_units))
        rest -= balance.unmatched_minor_units
    if rest and (in_transit := _in_transit(rest, movements)):
        found += in_transit
        rest = 0
    if rest:
        found.append(Difference("unexplained", rest))
    return tuple(found)


def _in_transit(rest: int, movements: Sequence[Movement]) -> list[Difference]:
    def missing(of: Sequence[Movement]) -> list[Difference]:
        return [Difference("not_on_statement_yet", -m.minor_units, m.kind, m.source_id) for m in of]

    for movement in movements:
        if movement.minor_units == -rest:
            return missing([movement])
    for kind in sorted({movement.kind for movement in movements}):
        of_kind = [movement for movement in movements if movement.kind == kind]
        if sum(movement.minor_units for movement in of_kind) == -rest:
            return missing(of_kind)
    return []


class TrustAudit:
    """Looks at one lender and currency at a time. Ends the process where the agency's books and the cases' differ."""

    def __init__(self, begin: OpenWork) -> None:
        self._begin = begin
        self._after = (UUID(int=0), "")

    async def step(self) -> int:
        """Answers 1 for a pair that was looked at, 0 at the end of a round. Raises BooksBroken."""
        async with self._begin() as work:
            check = await work.agency.check(self._after)
        if check is None:
            self._after = (UUID(int=0), "")
            return 0
        if not check.is_right:
            raise BooksBroken(f"the agency's books of {check.creditor_id} in {check.currency} differ from the cases'")
        self._after = (check.creditor_id, check.currency)
        return 1
