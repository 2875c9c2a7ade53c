"""The sweep that feeds the queue: what needs a person comes in once, is weighed, and goes out when it is settled."""

from __future__ import annotations

from collections.abc import Sequence

from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import PlannedContact
from services.outreach.application.workbench_records import Candidate, NewItem
from services.outreach.domain.work_queue import REWEIGH_AFTER, due_at, weigh
from shared.kernel.identifiers import new_id

FEED_MAX = 500


async def feed_queue(resources: Resources) -> int:
    """One batch of what is new, what must be weighed again and what was settled elsewhere; answers with its size."""
    async with resources.begin() as work:
        added = await _add(work, await work.queue.candidates(FEED_MAX))
        stale = await work.queue.stale(work.now - REWEIGH_AFTER, FEED_MAX)
        if stale:
            await work.queue.set_reasons(
                {
                    item.item_id: weigh(item.kind, item.since_at, item.due_at, item.is_vulnerable, work.now)
                    for item in stale
                }
            )
        closed = await work.queue.close_resolved(FEED_MAX)
        if added or stale or closed:
            await work.commit()
    return added + len(stale) + closed


async def queue_calls(work: Work, plans: Sequence[PlannedContact]) -> None:
    """Calls that the ladder asks for and people make. Asked again, they are in the queue already."""
    await _add(work, [Candidate("call", new_id(), plan.case_id, work.now, None, False, None) for plan in plans])


async def _add(work: Work, candidates: Sequence[Candidate]) -> int:
    items = []
    for found in candidates:
        late_at = due_at(found.kind, found.since_at, found.due_at)
        reasons = weigh(found.kind, found.since_at, late_at, found.is_vulnerable, work.now)
        items.append(NewItem(new_id(), found, late_at, reasons))
    return await work.queue.add(items)
