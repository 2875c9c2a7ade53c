"""Deadlines of legal files: a note a week before, and one on the day. At most two notes a deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from services.negotiation.application.follow_law import keep
from services.negotiation.application.legal_ports import DueDeadline
from services.negotiation.application.ports import OpenWork

BATCH = 100
BEFORE = timedelta(days=7)
MORNING = time(8)


async def remind_in_law(begin: OpenWork) -> int:
    async with begin() as work:
        due = await work.legal.lock_due(BATCH)
        if not due:
            return 0
        files = await work.legal.for_change({deadline.case_id for deadline in due})
        for deadline in due:
            file = files.get(deadline.case_id)
            if file is None or file.legal_id != deadline.legal_id:
                continue
            said = {"deadline_id": str(deadline.deadline_id), "kind": deadline.kind}
            written = file.write(
                "note", "system", "reminder", work.now, {**said, "due_on": deadline.due_on.isoformat()}
            )
            await keep(work, [written])
            files[deadline.case_id] = written[0]
        await work.legal.remind_again([_after(deadline, work.now) for deadline in due])
        await work.commit()
    return len(due)


def first_reminder(deadline: DueDeadline, now: datetime) -> datetime | None:
    """A week before in the morning (UTC); at once where that is past."""
    return max(datetime.combine(deadline.due_on, MORNING, UTC) - BEFORE, now)


def _after(deadline: DueDeadline, now: datetime) -> DueDeadline:
    on_the_day = datetime.combine(deadline.due_on, MORNING, UTC)
    return replace(deadline, remind_at=on_the_day if now < on_the_day else None, reminded_at=now)
