"""After clearances: the request to put the bureau's entry right, and two calm questions, once per case."""

from __future__ import annotations

from services.negotiation.application.fresh_start_ports import ClearedCase
from services.negotiation.application.ports import OpenWork, Plan, Work
from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.fresh_start.check_ins import CheckIn, check_ins
from services.negotiation.domain.fresh_start.corrections import Correction
from shared.kernel.identifiers import new_id

BATCH_MAX = 200


async def follow_clearances(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """Look at up to `limit` new clearances in one transaction; answers with how many."""
    async with begin() as work:
        cleared = await work.fresh_starts.lock_cleared(limit)
        if not cleared:
            return 0
        corrections: list[Correction] = []
        questions: list[CheckIn] = []
        cases = await work.cases.for_change([entry.case_id for entry in cleared])
        plans = await work.plans.load({case.plan.plan_id for case in cases.values() if case.plan is not None})
        for entry in cleared:
            case = cases[entry.case_id]
            plan = plans[case.plan.plan_id] if case.plan is not None else None
            corrections.append(_correction(work, case, entry, plan))
            cause = (case.assessment or Assessment()).arrears_cause
            questions += check_ins(case.case_id, case.creditor_id, case.today(entry.cleared_at), cause)
        await work.fresh_starts.follow(corrections, questions)
        await work.commit()
        return len(cleared)


def _correction(work: Work, case: CaseFile, cleared: ClearedCase, plan: Plan | None) -> Correction:
    waived = plan.waived.total if plan is not None and plan.status == "completed" else 0
    return Correction(
        correction_id=new_id(),
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        jurisdiction=case.jurisdiction,
        language=case.language,
        outcome="paid_for_less" if waived else "paid_in_full",
        currency=case.currency,
        waived=waived,
        cleared_at=cleared.cleared_at,
        state="requested",
        requested_at=work.now,
        due_at=work.now,
    )
