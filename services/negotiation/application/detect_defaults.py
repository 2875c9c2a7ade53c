"""The watch: instalments whose grace has passed unpaid break their plan, and the default playbook begins."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.negotiation.application.agree_plan import instalment_rows
from services.negotiation.application.ports import InstalmentRow, OpenWork, Plan, Step, Work
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.application.watch_cures import note_undone_cures
from services.negotiation.domain.case_file import CaseFile, CurrentPlan
from services.negotiation.domain.plan import InstalmentStanding, stand
from shared.events.default_detected import DefaultDetected

BATCH_MAX = 500


async def detect_defaults(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """Look at up to `limit` due instalments in one transaction; answers with how many cases were looked at."""
    async with begin() as work:
        cases = await work.cases.lock_due(limit)
        if not cases:
            return 0
        plans = await work.plans.load({case.plan.plan_id for case in cases.values() if case.plan is not None})
        payments = await work.ledger.payments(cases)
        asking = await work.reliefs.undecided(cases)
        changed: list[CaseFile] = []
        broken: list[Plan] = []
        steps: list[Step] = []
        ended: list[UUID] = []
        moved: list[InstalmentRow] = []
        for case in cases.values():
            if case.plan is None:
                continue
            plan = plans[case.plan.plan_id]
            counted = [p for p in payments.get(case.case_id, []) if p.plan_id == plan.plan_id]
            standing = stand(plan.terms, counted, now=work.now, zones=case.zones)
            if plan.status != "active":
                ended.append(plan.plan_id)
                continue
            if standing.broken is None:
                # The person's zones have changed since the plan was agreed: the deadline has moved.
                moved += instalment_rows(plan, standing, case.zones)
                continue
            if (decide_by := asking.get(case.case_id, work.now)) > work.now:
                # Whoever has asked for relief is not declared broken while they wait for the answer.
                rows = instalment_rows(plan, standing, case.zones)
                moved += [replace(row, watch_at=decide_by) for row in rows if row.is_watched]
                continue
            defaulted = replace(case, plan=CurrentPlan(plan.plan_id, "defaulted"), defaults=case.defaults + 1)
            _announce(work, defaulted, plan, standing.broken)
            changed.append(defaulted)
            broken.append(replace(plan, status="defaulted", ended_at=work.now))
            steps.append(Step(plan.plan_id, case.case_id, case.creditor_id, "detected", work.now, None))
        await work.cases.save(changed)
        await work.plans.save(broken)
        await work.plans.stop_watching([*ended, *(plan.plan_id for plan in broken)])
        await work.plans.save_instalments(moved)
        await take_steps(work, steps)
        await note_undone_cures(work, [case.case_id for case in changed])
        await work.commit()
        return len(cases)


def _announce(work: Work, case: CaseFile, plan: Plan, missed: InstalmentStanding) -> None:
    work.announce(
        DefaultDetected(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            plan_id=plan.plan_id,
            instalment_number=missed.instalment.number,
            due_on=missed.instalment.due_on,
            due=missed.instalment.amount,
            paid=missed.paid_in_time,
            currency=plan.terms.currency,
            kind="partial" if missed.paid_in_time else "missed",
            defaults_on_case=case.defaults,
            detected_at=work.now,
        )
    )
