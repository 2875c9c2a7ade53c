"""Ask somebody else to decide: one queue for everything that one person alone may not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.domain.approvals import DECIDERS, OPEN_FOR, Actor, Approval, SubjectKind
from shared.kernel.identifiers import new_id


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `subject_id` names it: the same subject is open once. `deciders` None: the kind's usual ones."""

    kind: SubjectKind
    creditor_id: UUID
    subject_id: UUID
    reasons: tuple[str, ...]
    case_id: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    deciders: tuple[str, ...] | None = None
    open_for: timedelta = OPEN_FOR


async def ask_approval(work: Work, question: Question, by: Actor) -> Approval:
    """Raises AlreadyAsked. What follows from the answer: application/approval_effects.py."""
    approval = Approval(
        approval_id=new_id(),
        creditor_id=question.creditor_id,
        case_id=question.case_id,
        kind=question.kind,
        subject_id=question.subject_id,
        asked_by=by.name,
        asked_role=by.role,
        asked_at=work.now,
        expires_at=work.now + question.open_for,
        deciders=DECIDERS[question.kind] if question.deciders is None else question.deciders,
        reasons=question.reasons,
        details=question.details,
        note=question.note,
    )
    await work.approvals.add(approval)
    return approval
