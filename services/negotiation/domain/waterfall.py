"""In which order one payment pays several debts of a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from services.negotiation.domain.case_file import CaseFile
from shared.kernel.money import split_in_proportion


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


def debt_of(case: CaseFile, today: date) -> Debt:
    """A case as one debt of several. Nothing is known of securities: what is placed here counts as unsecured.

    What a running plan has put off is not due. Of a contract that is not known, the debt counts as due today and free.
    """
    contract = case.contract
    return Debt(
        debt_id=case.case_id,
        owed=case.books.balance,
        due_on=contract.oldest_due_on if contract is not None else today,
        is_due=case.active_plan_id is None,
        burden=contract.annual_rate_basis_points if contract is not None else 0,
    )


def spread_over_debts(
    debts: Sequence[Debt], amount: int, designated: Collection[UUID] = ()
) -> tuple[dict[UUID, int], int]:
    """How one payment that is not enough for all is spread: Civil Code of the PRC, art. 560.

    The debts that the payer named come first. Of these, and then of the others: what is due; of those the least
    secured; of those the most burdensome; of those the one that fell due first; and what is equal in everything shares
    in proportion. Answers with the share of each debt that gets something, and what is left over.
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


def _rank(debt: Debt, designated: Collection[UUID]) -> tuple[bool, bool, int, int, date]:
    return debt.debt_id not in designated, not debt.is_due, debt.security, -debt.burden, debt.due_on
