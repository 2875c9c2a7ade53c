"""The watch: instalments whose grace has passed unpaid break their plan, and the default playbook begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.negotiation.application.agree_plan import instalment_rows
from services.negotiation.application.ports import InstalmentRow, OpenWork, Plan, Step, Work
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.application.watch_cures import note_undone_cures
from services.negotiation.domain.case_file import CaseFile, CurrentPlan
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.plan import InstalmentStanding, first_broken, stand
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
        findings = _Findings(work)
        for case in cases.values():
            if case.plan is not None:
                plan = plans[case.plan.plan_id]
                counted = [p for p in payments.get(case.case_id, []) if p.plan_id == plan.plan_id]
                findings.look(case, plan, counted, asking.get(case.case_id, work.now))
        await findings.save()
        await work.commit()
        return len(cases)


class _Findings:
    """What a batch of due instalments turned out to be, case by case; saved together."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._changed: list[CaseFile] = []
        self._broken: list[Plan] = []
        self._steps: list[Step] = []
        self._ended: list[UUID] = []
        self._moved: list[InstalmentRow] = []

    def look(self, case: CaseFile, plan: Plan, payments: Sequence[Payment], decide_by: datetime) -> None:
        """`decide_by`: until then nobody is declared broken who has asked for relief and waits for the answer."""
        now = self._work.now
        if plan.status != "active":
            self._ended.append(plan.plan_id)
            return
        missed = first_broken(plan.terms, payments, now=now, zones=case.zones)
        if missed is None or decide_by > now:
            # The person's zones have changed since the plan was agreed: the deadline has moved. Or the answer has.
            rows = instalment_rows(plan, stand(plan.terms, payments, now=now, zones=case.zones), case.zones)
            self._moved += rows if missed is None else [replace(r, watch_at=decide_by) for r in rows if r.is_watched]
            return
        defaulted = replace(case, plan=CurrentPlan(plan.plan_id, "defaulted"), defaults=case.defaults + 1)
        _announce(self._work, defaulted, plan, missed)
        self._changed.append(defaulted)
        self._broken.append(replace(plan, status="defaulted", ended_at=now))
        self._steps.append(Step(plan.plan_id, case.case_id, case.creditor_id, "detected", now, None))

    async def save(self) -> None:
        work = self._work
        await work.cases.save(self._changed)
        await work.plans.save(self._broken)
        await work.plans.stop_watching([*self._ended, *(plan.plan_id for plan in self._broken)])
        await work.plans.save_instalments(self._moved)
        await take_steps(work, self._steps)
        await note_undone_cures(work, [case.case_id for case in self._changed])


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
