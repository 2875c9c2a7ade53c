"""How a plan stands: what is paid, what was kept in time, what is broken. A function of terms, payments and the clock.

Money fills instalments oldest first. An instalment is kept if everything due up to and including it came in by its due
date plus grace, counted by the date on which money was received, not by when it was reported: so a late report heals
what looked broken, and the order of reports does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from services.negotiation.domain.calendar import end_of_day
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.terms import Instalment, Terms

PlanStatus = Literal["active", "defaulted", "completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class InstalmentStanding:
    """One instalment as of now. `paid_in_time` counts only money received by the deadline."""

    instalment: Instalment
    paid: int
    paid_in_time: int

    @property
    def is_kept(self) -> bool:
        return self.paid_in_time >= self.instalment.amount

    @property
    def is_paid(self) -> bool:
        return self.paid >= self.instalment.amount


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole plan as of now."""

    instalments: tuple[InstalmentStanding, ...]
    paid: int
    is_complete: bool
    broken: InstalmentStanding | None


def deadline(instalment: Instalment, grace_days: int) -> date:
    """The last date on which the instalment can be received in time."""
    return instalment.due_on + timedelta(days=grace_days)


def watch_at(instalment: Instalment, grace_days: int, zones: tuple[str, ...]) -> datetime:
    """When its deadline has passed wherever the person may be: in the latest of the candidate zones."""
    return end_of_day(deadline(instalment, grace_days), zones)


def stand(terms: Terms, payments: Iterable[Payment], *, now: datetime, zones: tuple[str, ...]) -> Standing:
    """Work out the standing of a plan from the payments that count towards it; reversed ones do not."""
    received = sorted((p.received_on, p.amount) for p in payments if not p.is_reversed)
    paid = sum(amount for _, amount in received)
    standings: list[InstalmentStanding] = []
    due_before = 0
    broken: InstalmentStanding | None = None
    for instalment in terms.instalments:
        in_time = _received_by(received, deadline(instalment, terms.grace_days))
        standing = InstalmentStanding(
            instalment,
            paid=_share(paid, due_before, instalment.amount),
            paid_in_time=_share(in_time, due_before, instalment.amount),
        )
        standings.append(standing)
        due_before += instalment.amount
        if broken is None and not standing.is_kept and watch_at(instalment, terms.grace_days, zones) <= now:
            broken = standing
    return Standing(tuple(standings), paid, paid >= terms.total, broken)


def first_broken(
    terms: Terms, payments: Iterable[Payment], *, now: datetime, zones: tuple[str, ...]
) -> InstalmentStanding | None:
    """What `stand` calls broken, without the rest."""
    received = [(p.received_on, p.amount) for p in payments if not p.is_reversed]
    return first_missed(terms.instalments, terms.grace_days, received, now=now, zones=zones)


def first_missed(
    instalments: Sequence[Instalment],
    grace_days: int,
    received: Sequence[tuple[date, int]],
    *,
    now: datetime,
    zones: tuple[str, ...],
) -> InstalmentStanding | None:
    """The same of a plan's first instalments, from the days and amounts that count towards it.

    A sweep over thousands of plans reads no more of them than the instalments up to the one that is due.
    """
    paid = sum(amount for _, amount in received)
    due_before = 0
    for instalment in instalments:
        if watch_at(instalment, grace_days, zones) > now:
            return None
        in_time = _share(_received_by(received, deadline(instalment, grace_days)), due_before, instalment.amount)
        if in_time < instalment.amount:
            return InstalmentStanding(instalment, _share(paid, due_before, instalment.amount), in_time)
        due_before += instalment.amount
    return None


def _received_by(received: Sequence[tuple[date, int]], day: date) -> int:
    return sum(amount for on, amount in received if on <= day)


def _share(money: int, due_before: int, amount: int) -> int:
    """What of `money` is left for an instalment after everything due before it."""
    return max(0, min(amount, money - due_before))
