"""Recall a case: the creditor takes it back, unless that breaks a plan that the borrower keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from services.intake.application.ports import Work
from services.intake.domain.refusals import CaseUnknown
from shared.events.case_recalled import CaseRecalled

RecallReason = Literal["paid_creditor", "placed_in_error", "sold", "legal_action", "borrower_request", "other"]


@dataclass(frozen=True, slots=True)
class RecallCase:
    case_id: UUID
    reason: RecallReason
    force: bool


async def recall_case(work: Work, command: RecallCase) -> dict[str, Any]:
    """Raises `CaseUnknown`, `CaseNotOpen`, `PlanBeingKept`."""
    case = await work.cases.lock(command.case_id)
    if case is None:
        raise CaseUnknown
    case.must_be_recallable(force=command.force)
    await work.cases.recall(case.case_id, command.reason, work.now)
    work.announce(
        CaseRecalled(case_id=case.case_id, creditor_id=case.creditor_id, reason=command.reason, recalled_at=work.now)
    )
    return {"case_id": str(case.case_id), "status": "recalled", "recalled_at": work.now.isoformat()}
