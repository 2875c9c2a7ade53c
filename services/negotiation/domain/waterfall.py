"""In which order money pays: buckets within a debt, instalments within a plan, debts within a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from services.negotiation.domain.ledger import Bucket, Buckets, allocate
from shared.kernel.money import split_in_proportion


@dataclass(frozen=True, slots=True)
class DuePart:
    """What one instalment of a contract asks for, by bucket."""

    due_on: date
    owed: Buckets


def allocate_oldest_first(
    parts: Sequence[DuePart], amount: int, order: Sequence[Bucket]
) -> tuple[tuple[Buckets, ...], int]:
    """Fill the oldest due part wholly, bucket by bucket in `order`, before the next one gets anything.

    Answers with the share of each part, in the order in which they were given, and what is left over. Summed by bucket
    this differs from filling buckets across all parts only while something stays owed.
    """
    shares = [Buckets()] * len(parts)
    for place in sorted(range(len(parts)), key=lambda i: (parts[i].due_on, i)):
        shares[place], amount = allocate(parts[place].owed, amount, order)
    return tuple(shares), amount


@dataclass(frozen=True, slots=True)
class Debt:
    """One of several debts of a person to one creditor, in one currency.

    `security` is what stands behind it in minor units (0: nothing), `burden` how much it weighs on the debtor: the
    yearly rate in basis points, for a debt that costs more is the heavier one.
    """

    debt_id: UUID
    owed: int
    due_on: date
    is_due: bool
    security: int = 0
    burden: int = 0


def spread_over_debts(
    debts: Sequence[Debt], amount: int, designated: UUID | None = None
) -> tuple[dict[UUID, int], int]:
    """How one payment that is not enough for all is spread: Civil Code of the PRC, art. 560.

    The debt that the payer named comes first. Of the others: what is due; of those the least secured; of those the
    most burdensome; of those the one that fell due first; and what is equal in everything shares in proportion.
    Answers with the share of each debt that gets something, and what is left over.
    """
    shares: dict[UUID, int] = {}
    ordered = sorted(debts, key=lambda debt: (_rank(debt, designated), debt.debt_id))
    for _, equals in groupby(ordered, key=lambda debt: _rank(debt, designated)):
        group = list(equals)
        owed = sum(debt.owed for debt in group)
        taken = min(amount, owed)
        if taken == 0:
            continue
        for debt, share in zip(group, split_in_proportion(taken, [debt.owed for debt in group]), strict=True):
            if share:
                shares[debt.debt_id] = share
        amount -= taken
    return shares, amount


def _rank(debt: Debt, designated: UUID | None) -> tuple[bool, bool, int, int, date]:
    return debt.debt_id != designated, not debt.is_due, debt.security, -debt.burden, debt.due_on
