"""A creditor's statement: how each case's balance moved in a period, and why; it always adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.reporting.domain.facts import Fact

MovementKind = Literal["placement", "update", "payment", "reversal", "waiver", "closing", "recall"]

_KINDS: dict[str, MovementKind] = {
    "case.received": "placement",
    "case.updated": "update",
    "payment.posted": "payment",
    "payment.reversed": "reversal",
    "plan.completed": "waiver",
    "case.closed": "closing",
    "case.recalled": "recall",
}


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that moves a balance. `balance_minor_units` is the balance after it, where the fact tells it."""

    event_id: UUID
    creditor_id: UUID
    case_id: UUID
    kind: MovementKind
    stamp: str
    occurred_at: datetime
    currency: str | None = None
    amount_minor_units: int = 0
    overpaid_minor_units: int = 0
    balance_minor_units: int | None = None
    payment_id: UUID | None = None


@dataclass(slots=True)
class CaseLine:
    """closing = opening + placed - paid + reversed - waived - returned + adjusted, always. Minor units.

    `returned` is what was still owed when the creditor took the case back; `adjusted` is what the creditor itself
    corrected.
    """

    case_id: UUID
    currency: str = ""
    opening: int = 0
    placed: int = 0
    paid: int = 0
    reversed: int = 0
    waived: int = 0
    returned: int = 0
    adjusted: int = 0
    closing: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in AMOUNTS)


AMOUNTS = tuple(f.name for f in fields(CaseLine) if f.name not in ("case_id", "currency"))


@dataclass(slots=True)
class _Account:
    """One case's balance while its movements are followed."""

    line: CaseLine
    balance: int = 0
    is_placed: bool = False
    is_returned: bool = False
    overpaid: dict[UUID, int] = field(default_factory=dict)


def movement_of(fact: Fact) -> Movement | None:
    """The movement a fact stands for, or None where it moves nothing."""
    kind = _KINDS.get(fact.type)
    body = fact.body
    if kind is None or (kind == "update" and body["balance"] is None) or (kind == "waiver" and not body["waived"]):
        return None
    if kind == "closing" and body["reason"] == "recalled":
        kind = "recall"
    told = body.get("balance")
    balance = sum(told.values()) if told is not None else 0 if kind == "closing" else None
    amount = {"placement": balance or 0, "waiver": body.get("waived", 0)}.get(kind, body.get("amount", 0))
    return Movement(
        event_id=fact.event_id,
        creditor_id=fact.creditor_id,
        case_id=fact.key,
        kind=kind,
        stamp=fact.stamp,
        occurred_at=fact.occurred_at,
        currency=body.get("currency"),
        amount_minor_units=amount,
        overpaid_minor_units=body.get("overpaid", 0),
        balance_minor_units=balance,
        payment_id=UUID(body["payment_id"]) if "payment_id" in body else None,
    )


def case_line(case_id: UUID, movements: Iterable[Movement], *, begins_at: datetime, ends_at: datetime) -> CaseLine:
    """Follow one case's movements, in the order of their stamps, through the period [begins_at, ends_at)."""
    account = _Account(CaseLine(case_id))
    # What came before the placement was heard belongs behind it: the placement is the first thing that can happen.
    ordered = sorted(movements, key=lambda m: (m.kind != "placement", m.stamp))
    for movement in ordered:
        if movement.occurred_at >= ends_at:
            continue
        name, effect = _effect(account, movement)
        residual = _move(account, movement, effect)
        if movement.occurred_at < begins_at:
            account.line.opening = account.balance
            continue
        if name is not None:
            setattr(account.line, name, getattr(account.line, name) + abs(effect))
        if movement.kind == "recall":
            account.line.returned -= residual
        else:
            account.line.adjusted += residual
    account.line.closing = account.balance
    return account.line


def totals(lines: Iterable[CaseLine]) -> dict[str, CaseLine]:
    """The sum of lines per currency."""
    summed: dict[str, CaseLine] = {}
    for line in lines:
        total = summed.setdefault(line.currency, CaseLine(UUID(int=0), line.currency))
        for name in AMOUNTS:
            setattr(total, name, getattr(total, name) + getattr(line, name))
    return summed


def _effect(account: _Account, movement: Movement) -> tuple[str | None, int]:
    """Which column the movement belongs to, and by how much it moves the balance by itself."""
    match movement.kind:
        case "placement":
            account.is_placed = True
            account.line.currency = movement.currency or ""
            return "placed", movement.amount_minor_units
        case "payment":
            if movement.payment_id is not None:
                account.overpaid[movement.payment_id] = movement.overpaid_minor_units
            return "paid", movement.overpaid_minor_units - movement.amount_minor_units
        case "reversal":
            overpaid = account.overpaid.get(movement.payment_id, 0) if movement.payment_id is not None else 0
            return "reversed", max(0, movement.amount_minor_units - overpaid)
        case "waiver":
            return "waived", -min(account.balance, movement.amount_minor_units)
        case "update" | "closing" | "recall":
            return None, 0


def _move(account: _Account, movement: Movement, effect: int) -> int:
    """Bring the balance to what it is after the movement; answers with the part that `effect` does not explain."""
    before = account.balance
    account.is_returned = account.is_returned or movement.kind == "recall"
    if account.is_returned or not account.is_placed:
        account.balance = 0
    elif movement.balance_minor_units is not None:
        account.balance = movement.balance_minor_units
    else:
        account.balance = max(0, before + effect)
    return account.balance - before - effect
