"""Update a case: the creditor's newer figures replace those of the placement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.application.announcements import balance
from services.intake.application.ports import Work
from services.intake.domain.placement import Buckets
from services.intake.domain.refusals import CaseUnknown
from shared.events.case_updated import CaseUpdated


@dataclass(frozen=True, slots=True)
class UpdateCase:
    """What is None stays as it was."""

    case_id: UUID
    balance: Buckets | None
    days_past_due: int | None


async def update_case(work: Work, command: UpdateCase) -> dict[str, Any]:
    """Raises `CaseUnknown`, `CaseNotOpen`."""
    case = await work.cases.lock(command.case_id)
    if case is None:
        raise CaseUnknown
    case.must_be_open()
    await work.cases.change(case.case_id, command.balance, command.days_past_due)
    work.announce(
        CaseUpdated(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            balance=balance(command.balance) if command.balance else None,
            days_past_due=command.days_past_due,
            contact_points=None,
            mandate=None,
        )
    )
    return {"case_id": str(case.case_id), "updated_at": work.now.isoformat()}
