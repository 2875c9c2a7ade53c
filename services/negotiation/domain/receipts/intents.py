r"""A payment that a borrower began: facts that only grow, so that notices may come twice, late and in any order.

reserved -> started -> paid -> charged back
                    \-> declined, expired, failed      (money that comes in nevertheless still counts)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Method = Literal["hosted", "bank_transfer"]
Purpose = Literal["amount", "instalment", "whole"]
IntentState = Literal["reserved", "started", "declined", "expired", "failed", "paid", "charged_back"]
NoticeKind = Literal["succeeded", "declined", "expired", "charged_back", "refunded", "refund_failed"]
NoticeVerdict = Literal["applied", "known", "amount_differs", "currency_differs", "payment_unknown", "refund_unknown"]
Effect = Literal["none", "book", "take_back"]

OPEN: frozenset[IntentState] = frozenset({"reserved", "started"})
RANKS: dict[IntentState, int] = {
    "reserved": 0,
    "started": 1,
    "failed": 2,
    "declined": 2,
    "expired": 2,
    "paid": 3,
    "charged_back": 4,
}


@dataclass(frozen=True, slots=True)
class Intent:
    """`payment_id` is the key under which the provider knows it; `reference` and `address` come from the provider."""

    payment_id: UUID
    case_id: UUID
    creditor_id: UUID
    method: Method
    purpose: Purpose
    instalment_number: int | None
    amount: int
    currency: str
    return_to: str
    requested_at: datetime
    expires_at: datetime
    due_at: datetime | None
    state: IntentState = "reserved"
    is_paid: bool = False
    is_charged_back: bool = False
    paid_on: date | None = None
    attempts: int = 0
    reference: str | None = None
    address: str | None = None
    review: NoticeVerdict | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What the provider says of a payment. `notice_id` is the provider's own: the same one twice is one notice."""

    notice_id: str
    payment_id: UUID
    kind: NoticeKind
    amount: int
    currency: str
    on: date
    refund_id: UUID | None = None
    reason: str | None = None


def apply_notice(intent: Intent, notice: Notice) -> tuple[Intent, NoticeVerdict, Effect]:
    """The intent after a notice about its payment, what became of the notice, and what must be booked for it.

    Where the amount or the currency differs nothing is booked: somebody must look.
    """
    if notice.currency != intent.currency:
        return replace(intent, review="currency_differs"), "currency_differs", "none"
    if notice.kind in ("succeeded", "charged_back") and notice.amount != intent.amount:
        return replace(intent, review="amount_differs"), "amount_differs", "none"
    if notice.kind == "succeeded":
        if intent.is_paid:
            return intent, "known", "none"
        return replace(_raised(intent, "paid"), is_paid=True, paid_on=notice.on, due_at=None), "applied", "book"
    if notice.kind == "charged_back":
        if intent.is_charged_back:
            return intent, "known", "none"
        # A chargeback may overtake the payment it takes back: the books let it wait for the payment.
        due_at = None if intent.is_paid else intent.due_at
        return replace(_raised(intent, "charged_back"), is_charged_back=True, due_at=due_at), "applied", "take_back"
    to: IntentState = "declined" if notice.kind == "declined" else "expired"
    after = _raised(intent, to)
    return (after, "applied", "none") if after != intent else (intent, "known", "none")


def _raised(intent: Intent, to: IntentState) -> Intent:
    """States only rise: what comes late changes nothing that is known already."""
    return replace(intent, state=to) if RANKS[to] > RANKS[intent.state] else intent
