"""Early signs that a plan slips: nothing is broken yet, but the way in which money comes says where it is going.

A function of terms, payments, promises and the clock, as is the standing of a plan: reports may come in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, zip_longest
from typing import Literal
from uuid import UUID

from services.negotiation.domain.calendar import end_of_day
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.terms import Terms

Sign = Literal["later_each_time", "smaller_each_time", "partial_on_due_date", "serial_promises", "promise_moved"]

IN_A_ROW = 2
"""How often a thing must have happened in a row: once is an accident, twice is a direction."""
PROMISE_PATIENCE_DAYS = 2
"""After the promised day: money needs a day or two to arrive (outreach waits as long before it writes again)."""
COUNT_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Promise:
    """What the borrower said they would pay, and when. `amount` is None where they named none."""

    reply_id: UUID
    case_id: UUID
    creditor_id: UUID
    promised_on: date
    amount: int | None
    made_on: date
    made_at: datetime

    @property
    def over_on(self) -> date:
        """The last day on which money still keeps it."""
        return self.promised_on + timedelta(days=PROMISE_PATIENCE_DAYS)


@dataclass(frozen=True, slots=True)
class Signal:
    """A sign, the instalment it is about (None: none), and how often it was seen in a row."""

    sign: Sign
    instalment_number: int | None
    count: int


def signals(
    terms: Terms | None,
    paid: Iterable[Payment],
    received: Iterable[Payment],
    promises: Sequence[Promise],
    now: datetime,
    zones: tuple[str, ...],
) -> tuple[Signal, ...]:
    """All signs to be seen now. `paid` counts towards the plan, `received` is all money of the case."""
    found: list[Signal] = []
    number = None
    if terms is not None:
        by_day = _by_day(paid)
        number = _first_unpaid(terms, sum(amount for _, amount in by_day))
        found += _later(terms, by_day)
        found += _smaller(terms, by_day, number)
        found += _partial(terms, by_day, now, zones)
    found += _promises(promises, _by_day(received), number, now, zones)
    return tuple(found)


def next_look(
    terms: Terms | None, promises: Sequence[Promise], now: datetime, zones: tuple[str, ...]
) -> datetime | None:
    """When something may be seen that cannot be seen yet: the end of the next due date, or of the next promise."""
    days = [i.due_on for i in terms.instalments] if terms is not None else []
    days += [promise.over_on for promise in promises]
    # Zones differ by less than two days: earlier days are over everywhere.
    recent = (day for day in sorted(days) if day >= now.date() - timedelta(days=2))
    return next((end for day in recent if (end := end_of_day(day, zones)) > now), None)


def _later(terms: Terms, by_day: Sequence[tuple[date, int]]) -> list[Signal]:
    """The days between due date and full payment grow and grow, though each instalment was kept."""
    sums = list(accumulate(amount for _, amount in by_day))
    lateness: list[int] = []
    due = position = 0
    for instalment in terms.instalments:
        due += instalment.amount
        while position < len(sums) and sums[position] < due:
            position += 1
        if position == len(sums):
            break
        lateness.append((by_day[position][0] - instalment.due_on).days)
    count = _growing(lateness)
    if count < IN_A_ROW or lateness[-1] < 1:
        return []
    return [Signal("later_each_time", len(lateness), min(count, COUNT_MAX))]


def _smaller(terms: Terms, by_day: Sequence[tuple[date, int]], number: int | None) -> list[Signal]:
    """Payment after payment is smaller, and the last one is less than what is due at a time."""
    if number is None or not by_day:
        return []
    count = _growing([-amount for _, amount in by_day])
    if count < IN_A_ROW or by_day[-1][1] >= terms.instalments[number - 1].amount:
        return []
    return [Signal("smaller_each_time", number, min(count, COUNT_MAX))]


def _partial(terms: Terms, by_day: Sequence[tuple[date, int]], now: datetime, zones: tuple[str, ...]) -> list[Signal]:
    """Some money, but not all of it, was there on the due date; the grace still runs."""
    found = []
    due_before = 0
    for instalment in terms.instalments:
        there = sum(amount for on, amount in by_day if on <= instalment.due_on) - due_before
        due_before += instalment.amount
        if end_of_day(instalment.due_on, zones) > now:
            break
        if 0 < there < instalment.amount:
            found.append(Signal("partial_on_due_date", instalment.number, 1))
    return found


def _promises(
    promises: Sequence[Promise],
    by_day: Sequence[tuple[date, int]],
    number: int | None,
    now: datetime,
    zones: tuple[str, ...],
) -> list[Signal]:
    """Promises come to nothing one after the other, or the same one is put off again and again."""
    broken = moved = 0
    ordered = sorted(promises, key=lambda promise: (promise.made_at, promise.reply_id))
    for promise, later in zip_longest(ordered, ordered[1:]):
        if _is_kept(promise, by_day):
            broken = moved = 0
        elif later is not None and later.made_on <= promise.over_on:
            # Said again before it was over: put off to a later day, or only repeated.
            moved += later.promised_on > promise.promised_on
        elif end_of_day(promise.over_on, zones) <= now:
            broken, moved = broken + 1, 0
    found = []
    if broken >= IN_A_ROW:
        found.append(Signal("serial_promises", number, min(broken, COUNT_MAX)))
    if moved >= IN_A_ROW:
        found.append(Signal("promise_moved", number, min(moved, COUNT_MAX)))
    return found


def _is_kept(promise: Promise, by_day: Sequence[tuple[date, int]]) -> bool:
    money = sum(amount for on, amount in by_day if promise.made_on <= on <= promise.over_on)
    return money >= (promise.amount or 1)


def _by_day(payments: Iterable[Payment]) -> list[tuple[date, int]]:
    """What came in on each day, oldest first: two transfers on one day are one payment."""
    sums: dict[date, int] = {}
    for payment in payments:
        if not payment.is_reversed:
            sums[payment.received_on] = sums.get(payment.received_on, 0) + payment.amount
    return sorted(sums.items())


def _first_unpaid(terms: Terms, paid: int) -> int | None:
    due = 0
    for instalment in terms.instalments:
        due += instalment.amount
        if paid < due:
            return instalment.number
    return None


def _growing(values: Sequence[int]) -> int:
    """How many steps at the end of `values` go up."""
    count = 0
    for earlier, later in zip(reversed(values[:-1]), reversed(values[1:]), strict=True):
        if later <= earlier:
            break
        count += 1
    return count
