r"""A refund: asked for by one person, agreed to by another, reserved in the books before the money leaves.

requested -> approved -> sending -> sent -> settled
          \-> refused           \-> failed          (what was reserved is free again)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.kernel.refusal import Conflict, NotAllowed

RefundState = Literal["requested", "approved", "sending", "sent", "settled", "failed", "refused"]
RefundWay = Literal["provider", "bank_transfer"]
RefundReason = Literal["overpaid", "cooling_off", "not_owed", "paid_twice", "returned_to_sender"]

OPEN: frozenset[RefundState] = frozenset({"requested", "approved", "sending", "sent"})


@dataclass(frozen=True, slots=True)
class Refund:
    """`payment_id` is the payment it gives back from. `asked_by` is a member of staff, or `borrower`."""

    refund_id: UUID
    case_id: UUID
    creditor_id: UUID
    payment_id: UUID
    amount: int
    currency: str
    reason: RefundReason
    way: RefundWay
    state: RefundState
    asked_by: str
    asked_at: datetime
    checked_by: str | None = None
    checked_at: datetime | None = None
    due_at: datetime | None = None
    attempts: int = 0
    file_id: UUID | None = None


def approved(refund: Refund, by: str, now: datetime) -> Refund:
    """A second person agrees. Raises where it is the first again, or where it was decided already."""
    _decidable(refund, by)
    state: RefundState = "approved"
    return replace(refund, state=state, checked_by=by, checked_at=now, due_at=now)


def refused(refund: Refund, by: str, now: datetime) -> Refund:
    _decidable(refund, by)
    return replace(refund, state="refused", checked_by=by, checked_at=now, due_at=None)


def ended(refund: Refund, state: Literal["settled", "failed"]) -> Refund:
    """The end; saying it twice changes nothing, and what is settled does not fail any more."""
    return replace(refund, state=state, due_at=None) if refund.state in ("approved", "sending", "sent") else refund


def _decidable(refund: Refund, by: str) -> None:
    if refund.state != "requested":
        raise Conflict("refund_decided", "this refund was decided already")
    if refund.asked_by == by:
        raise NotAllowed("same_person", "whoever asked for it does not agree to it")
