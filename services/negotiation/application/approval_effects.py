"""What follows from a decision, by the kind of its subject.

An effect gets the decided question (approved, rejected or expired) inside the transaction that decides it. A kind
without one is asked after by whoever asked: `work.approvals.newest_of(kind, subject_id)`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from services.negotiation.application.ask_offer_approval import put_approved_offer
from services.negotiation.application.draft_mandate import approve_mandate
from services.negotiation.application.ports import Work
from services.negotiation.domain.approvals import Approval, SubjectKind

Effect = Callable[[Work, Approval], Awaitable[None]]

EFFECTS: dict[SubjectKind, Effect] = {
    "mandate": approve_mandate,
    "discount_above_authority": put_approved_offer,
    "plan_above_affordable": put_approved_offer,
}
