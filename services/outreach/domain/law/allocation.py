"""Where a payment goes that does not pay everything: costs, interest, principal (民法典 561), and which debt (560)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.outreach.domain.law.dates import Answer, Given, MissingFact, read_day, read_number

STATUTORY_ORDER = ("costs", "interest", "principal")


def allocate_payment(given: Given) -> Answer:
    """Amounts in minor units: `payment`, `costs`, `interest`, `principal`; `order` where the parties agreed one."""
    left = read_number(given, "payment")
    order = tuple(given.get("order") or STATUTORY_ORDER)
    if sorted(order) != sorted(STATUTORY_ORDER):
        raise MissingFact("order")
    answer: Answer = {"order": list(order)}
    for bucket in order:
        paid = min(left, read_number(given, bucket))
        answer[bucket] = paid
        left -= paid
    answer["unallocated"] = left
    return answer


def choose_debts(given: Given) -> Answer:
    """Which of several debts a payment goes to: as the debtor says when paying; else by the order of the statute.

    `as_of`, `payment`, `designated` (optional), `debts` [{id, due_on, amount, is_secured, annual_rate_basis_points}].
    Due before not due; unsecured before secured; the heavier burden; the earlier due; what is equal shares by amount.
    """
    debts = list(given.get("debts", ()))
    as_of = read_day(given, "as_of")
    ranked = sorted(debts, key=lambda debt: _rank(debt, given.get("designated"), as_of.isoformat()))
    left, shares = read_number(given, "payment"), {str(debt["id"]): 0 for debt in debts}
    while ranked and left:
        first = _rank(ranked[0], given.get("designated"), as_of.isoformat())
        equal = [debt for debt in ranked if _rank(debt, given.get("designated"), as_of.isoformat()) == first]
        left -= _share(equal, left, shares)
        ranked = ranked[len(equal) :]
    return {"shares": shares, "unallocated": left}


def _rank(debt: Mapping[str, Any], designated: str | None, as_of: str) -> tuple[bool, bool, bool, int, str]:
    due_on = read_day(debt, "due_on").isoformat()
    burden = read_number(debt, "annual_rate_basis_points")
    return (debt["id"] != designated, due_on > as_of, bool(debt.get("is_secured")), -burden, due_on)


def _share(equal: Sequence[Mapping[str, Any]], left: int, shares: dict[str, int]) -> int:
    """In proportion, rounded down; the cents that rounding leaves go one each to the first in order."""
    owed = sum(read_number(debt, "amount") for debt in equal)
    paid = min(left, owed)
    for debt in equal:
        shares[str(debt["id"])] = paid * debt["amount"] // owed if owed else 0
    rest = paid - sum(shares[str(debt["id"])] for debt in equal)
    for debt in equal[:rest]:
        shares[str(debt["id"])] += 1
    return paid


QUESTIONS: dict[str, Callable[[Given], Answer]] = {
    "allocate_payment": allocate_payment,
    "choose_debts": choose_debts,
}
