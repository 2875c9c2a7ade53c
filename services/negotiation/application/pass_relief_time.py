"""The clock of relief: deadlines of requests, reviews that are due, relief that ends; and the end of a case."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.negotiation.application.decide_relief import follow
from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.watch_metrics import RELIEF_OVERDUE
from services.negotiation.domain.relief import request as rules
from services.negotiation.domain.relief.request import Relief

BATCH_MAX = 200
CLOCK = "clock"


async def pass_relief_time(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """The timer: one batch of requests whose deadline has come; answers with how many."""
    overdue: list[Relief] = []
    async with begin() as work:
        due = await work.reliefs.lock_due(limit)
        if not due:
            return 0
        reliefs = [await work.reliefs.find(relief_id) for relief_id in due]
        cases = await work.cases.for_change({relief.case_id for relief in reliefs})
        for relief in reliefs:
            case = cases[relief.case_id]
            after = rules.pass_time(relief, work.now, case.zones)
            await follow(work, case, relief, after, _what(after), CLOCK)
            if after.is_overdue and not relief.is_overdue:
                overdue.append(after)
        await work.commit()
    for relief in overdue:
        RELIEF_OVERDUE.labels(relief.state).inc()
    return len(due)


async def cancel_relief(work: Work, case_ids: Collection[UUID]) -> None:
    """Work on the cases has ended: there is nothing left to be relieved of. The cases are locked; the caller saves."""
    if not case_ids:
        return
    cases = await work.cases.for_change(case_ids)
    for relief in await work.reliefs.open_of(case_ids):
        await follow(work, cases[relief.case_id], relief, rules.withdraw(relief, work.now), "case_ended", CLOCK)


def _what(relief: Relief) -> str:
    if relief.is_review_due:
        return "review_due"
    if relief.state == "ended":
        return relief.ending or "ended"
    return "overdue" if relief.is_overdue and relief.state == "with_lender" else relief.state
