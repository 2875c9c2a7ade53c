"""The timer of the desks: whoever works on it is reminded once before an answer is due, and lateness is measured."""

from __future__ import annotations

from dataclasses import replace

import structlog

from services.outreach.application import desk_metrics
from services.outreach.application.desk_records import Step
from services.outreach.application.ports import Resources
from shared.kernel.identifiers import new_id

REMINDERS_AT_ONCE = 200
BY_ITSELF = "clock"

log = structlog.get_logger("concord.outreach.desks")


async def remind_matters(resources: Resources) -> int:
    """One batch; answers with its size. The item comes into the work queue of whoever is there."""
    async with resources.begin() as work:
        overdue = await work.matters.overdue_count()
        for kind in ("complaint", "dispute"):
            desk_metrics.MATTERS_OVERDUE.labels(kind).set(overdue.get(kind, 0))
        due = await work.matters.due_reminders(REMINDERS_AT_ONCE)
        for matter in due:
            await work.matters.save(replace(matter, remind_at=None, reminded_at=work.now))
            await work.matters.note(
                Step(new_id(), matter.matter_id, "reminded", matter.assigned_to, BY_ITSELF, work.now)
            )
            log.warning("matter.due_soon", matter_id=str(matter.matter_id), kind=matter.kind)
        if due:
            await work.commit()
    return len(due)
