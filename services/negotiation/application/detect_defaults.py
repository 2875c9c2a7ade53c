"""The watch: instalments whose grace has passed unpaid break their plan, and the default playbook begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.negotiation.application.agree_plan import instalment_rows
from services.negotiation.application.ports import InstalmentRow, OpenWork, Step, Work
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.application.watch_cures import note_undone_cures
from services.negotiation.domain.plan import InstalmentStanding, stand
from services.negotiation.domain.watch.due import DuePlan
from shared.events.default_detected import DefaultDetected

BATCH_MAX = 500


async def detect_defaults(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """Look at up to `limit` due instalments in one transaction; answers with how many were looked at."""
    async with begin() as work:
        due = await work.due_plans.lock(limit)
        if not due:
            return 0
        # Until their request is answered nobody is declared broken who has asked for relief.
        waiting = await work.reliefs.undecided({plan.case_id for plan in due})
        broken: list[tuple[DuePlan, InstalmentStanding]] = []
        unclear: list[DuePlan] = []
        for plan in due:
            if plan.is_running:
                missed = plan.missed(work.now)
                if missed is not None and waiting.get(plan.case_id, work.now) <= work.now:
                    broken.append((plan, missed))
                else:
                    unclear.append(plan)
        await work.plans.stop_watching([plan.plan_id for plan in due if not plan.is_running])
        await _watch_anew(work, unclear, waiting)
        await _break(work, broken)
        await work.commit()
        return len(due)


async def _break(work: Work, broken: Sequence[tuple[DuePlan, InstalmentStanding]]) -> None:
    for plan, missed in broken:
        _announce(work, plan, missed)
    plans = [plan for plan, _ in broken]
    await work.due_plans.mark_broken(plans)
    await take_steps(work, [Step(p.plan_id, p.case_id, p.creditor_id, "detected", work.now, None) for p in plans])
    await note_undone_cures(work, [plan.case_id for plan in plans])


async def _watch_anew(work: Work, due: Sequence[DuePlan], waiting: Mapping[UUID, datetime]) -> None:
    """The person's zones have changed since the plan was agreed: the deadline has moved. Or we wait for an answer."""
    if not due:
        return
    plans = await work.plans.load([plan.plan_id for plan in due])
    payments = await work.ledger.payments([plan.case_id for plan in due])
    rows: list[InstalmentRow] = []
    for found in due:
        plan = plans[found.plan_id]
        counted = [p for p in payments.get(found.case_id, []) if p.plan_id == plan.plan_id]
        standing = stand(plan.terms, counted, now=work.now, zones=found.zones)
        anew = instalment_rows(plan, standing, found.zones)
        decide_by = waiting.get(found.case_id, work.now)
        if standing.broken is not None and decide_by > work.now:
            anew = [replace(row, watch_at=decide_by) for row in anew if row.is_watched]
        rows += anew
    await work.plans.save_instalments(rows)


def _announce(work: Work, plan: DuePlan, missed: InstalmentStanding) -> None:
    work.announce(
        DefaultDetected(
            case_id=plan.case_id,
            creditor_id=plan.creditor_id,
            plan_id=plan.plan_id,
            instalment_number=missed.instalment.number,
            due_on=missed.instalment.due_on,
            due=missed.instalment.amount,
            paid=missed.paid_in_time,
            currency=plan.currency,
            kind="partial" if missed.paid_in_time else "missed",
            defaults_on_case=plan.defaults + 1,
            detected_at=work.now,
        )
    )
