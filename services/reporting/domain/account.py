"""The account of one case: what each movement did to the balance, and why; it always adds up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from services.reporting.domain.facts import Fact

MovementKind = Literal[
    "placement", "update", "correction", "payment", "reversal", "refund", "remittance", "waiver", "closing", "recall"
]

_KINDS: dict[str, MovementKind] = {
    "case.received": "placement",
    "case.updated": "update",
    "payment.posted": "payment",
    "payment.reversed": "reversal",
    "plan.completed": "waiver",
    "case.closed": "closing",
    "case.recalled": "recall",
    "books.adjusted": "correction",
    "payment.remitted": "remittance",
}


@dataclass(frozen=True, slots=True)
class Movement:
    """One thing that moves a balance. `balance_minor_units` is the balance after it, where the fact tells it.

    `month` ("YYYY-MM") is the month of receipt of a payment, else the month in which it happened.
    """

    kind: MovementKind
    month: str
    amount_minor_units: int = 0
    overpaid_minor_units: int = 0
    """Of a payment: its own part that was too much; of a correction or a refund: all that is left of such money."""
    balance_minor_units: int | None = None
    payment_id: str | None = None
    is_in_trust: bool = False
    """Of a payment: it was paid to the agency, not to the creditor."""


@dataclass(slots=True)
class Change:
    """What a movement did, by reason; amounts of `paid`, `waived` and `returned` reduce the balance.

    `returned`: still owed when the creditor took the case back. `adjusted`: corrected by the creditor.
    """

    placed: int = 0
    paid: int = 0
    reversed: int = 0
    waived: int = 0
    returned: int = 0
    adjusted: int = 0

    @property
    def net(self) -> int:
        return self.placed - self.paid + self.reversed - self.waived - self.returned + self.adjusted

    def add(self, other: Change) -> None:
        self.placed += other.placed
        self.paid += other.paid
        self.reversed += other.reversed
        self.waived += other.waived
        self.returned += other.returned
        self.adjusted += other.adjusted


REASONS = tuple(f.name for f in fields(Change))


def movement_of(fact: Fact) -> Movement | None:
    """The movement a fact stands for, or None where it moves nothing."""
    kind = _KINDS.get(fact.type)
    body = fact.body
    if kind is None or (kind == "update" and body["balance"] is None) or (kind == "waiver" and not body["waived"]):
        return None
    if kind == "closing" and body["reason"] == "recalled":
        kind = "recall"
    if kind == "correction" and body["kind"] != "correction":
        kind = "refund"
    told = body.get("balance")
    # Cleared: nothing is owed, also where the last payment's own figure still carried what the plan waives.
    balance = sum(told.values()) if told is not None else 0 if kind == "closing" else None
    month = body["received_on"] if kind == "payment" else fact.occurred_at.date().isoformat()
    return Movement(
        kind=kind,
        month=month[:7],
        amount_minor_units=_amount(kind, body, balance),
        overpaid_minor_units=body.get("overpaid", 0),
        balance_minor_units=balance,
        payment_id=body.get("payment_id"),
        is_in_trust=body.get("paid_to") == "agency",
    )


def _amount(kind: MovementKind, body: Mapping[str, Any], balance: int | None) -> int:
    """Of a refund only once it has left; of a remittance, what left for this case."""
    match kind:
        case "placement":
            return balance or 0
        case "waiver":
            return int(body["waived"])
        case "refund":
            return int(body["amount"]) if body["kind"] == "refund_paid" else 0
        case "remittance":
            return int(body["gross"]) - int(body["set_off"])
    return int(body.get("amount", 0))


def in_order(movements: Mapping[str, Movement]) -> Iterable[tuple[str, Movement]]:
    """By stamp; the placement comes first, whatever a driven clock says: nothing can happen before it."""
    return sorted(movements.items(), key=lambda item: (item[1].kind != "placement", item[0]))


@dataclass(slots=True)
class Account:
    """One case's balance while its movements are followed.

    `owed` is the debt, whoever works it; `book` is what the agency works: nothing before the placement, nothing after
    the case was closed or taken back.
    """

    owed: int = 0
    book: int = 0
    is_placed: bool = False
    is_off_the_book: bool = False
    total: Change = field(default_factory=Change)
    collected_by_month: dict[str, int] = field(default_factory=dict)
    _overpaid: dict[str | None, int] = field(default_factory=dict)
    _given_back: dict[str | None, int] = field(default_factory=dict)
    """Payment -> what it had taken off the debt and was sent back to the payer: owed again."""
    _unused: int = 0

    def follow(self, movement: Movement) -> Change:
        owed, book, was_off = self.owed, self.book, self.is_off_the_book
        change = self._effect(movement)
        effect = change.net
        told = movement.balance_minor_units
        self.owed = told if told is not None else max(0, owed + effect)
        if movement.kind == "reversal":
            self._explain(change, self.owed - owed - effect)
        self.is_off_the_book = was_off or movement.kind in ("closing", "recall")
        self.book = self.owed if self.is_placed and not self.is_off_the_book else 0
        unexplained = self.book - book - change.net
        if was_off or movement.kind == "recall":
            change.returned -= unexplained
        else:
            change.adjusted += unexplained
        self.total.add(change)
        if collected := change.paid - change.reversed:
            self.collected_by_month[movement.month] = self.collected_by_month.get(movement.month, 0) + collected
        return change

    def _effect(self, movement: Movement) -> Change:
        """What the movement does by itself."""
        amount, overpaid = movement.amount_minor_units, movement.overpaid_minor_units
        match movement.kind:
            case "placement":
                self.is_placed = True
                return Change(placed=amount)
            case "payment":
                self._overpaid[movement.payment_id] = overpaid
                self._unused += overpaid
                return Change(paid=amount - overpaid)
            case "reversal":
                # What was more than owed had paid nothing off, so taking it back restores nothing.
                overpaid = self._overpaid.get(movement.payment_id, 0)
                self._unused = max(0, self._unused - overpaid)
                return Change(reversed=max(0, amount - overpaid - self._given_back.get(movement.payment_id, 0)))
            case "correction":
                # The creditor states the balance anew, and money that had been too much pays of it what it can.
                stepped_in, self._unused = max(0, self._unused - overpaid), overpaid
                return Change(paid=stepped_in)
            case "refund":
                self._unused = overpaid
                return self._refund(movement)
            case "waiver":
                return Change(waived=min(self.owed, amount))
            case "update" | "remittance" | "closing" | "recall":
                return Change()

    def _refund(self, movement: Movement) -> Change:
        """Sending back what was too much moves no balance; sending back what had paid makes it owed again, and a refund
        that is not sent after all pays again.
        """
        told = movement.balance_minor_units
        owed_again = 0 if told is None else told - self.owed
        payment_id = movement.payment_id
        self._given_back[payment_id] = max(0, self._given_back.get(payment_id, 0) + owed_again)
        return Change(paid=max(0, -owed_again), reversed=max(0, owed_again))

    def _explain(self, change: Change, difference: int) -> None:
        """A reversal may do more: a discount that the payment earned is owed again, or money that had been too much
        steps in for what was taken back.
        """
        if difference > 0:
            change.waived -= min(difference, self.total.waived)
        else:
            stepped_in = min(-difference, self._unused)
            self._unused -= stepped_in
            change.paid += stepped_in


def account_of(movements: Mapping[str, Movement]) -> Account:
    """The account after all movements, given by stamp in any order."""
    account = Account()
    for _, movement in in_order(movements):
        account.follow(movement)
    return account
