"""Take an item of the queue, give it back, be done with it. Two people never hold one item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from services.outreach.application.certify_staff import acting, require_certified
from services.outreach.application.ports import Resources, Work
from services.outreach.application.review_replies import Reading, resolve_review
from services.outreach.application.workbench_records import Acting, Load, QueueFilter, WorkItem
from services.outreach.domain.work_queue import BY_HAND_OUTCOMES
from shared.kernel.refusal import Conflict, Invalid, NotFound

ITEM_LEASE_S = 1_800.0
"""Half an hour without a sign of life and the item goes back; every page of the item prolongs it."""
PAGE_MAX = 100


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue, how long the whole is, and what the reader holds."""

    items: Sequence[WorkItem]
    total: int
    mine: Sequence[WorkItem]
    has_more: bool


async def show_queue(resources: Resources, staff_id: str | None, wanted: QueueFilter) -> QueuePage:
    async with resources.begin() as work:
        items = list(await work.queue.find(wanted))
        return QueuePage(
            items=items,
            total=await work.queue.count(wanted),
            mine=await work.queue.held_by(staff_id) if staff_id else (),
            has_more=len(items) == wanted.limit,
        )


async def take_next(resources: Resources, staff_id: str, wanted: QueueFilter) -> WorkItem | None:
    """The most urgent item this person may take; None where there is none."""
    async with resources.begin() as work:
        who = await _with_room(work, staff_id)
        item_id = await work.queue.next_for(who.member, wanted)
        item = await work.queue.claim(item_id, staff_id, ITEM_LEASE_S) if item_id else None
        await work.commit()
    return item


async def claim_item(resources: Resources, staff_id: str, item_id: UUID) -> WorkItem:
    """This very item. Again by its holder: the lease begins anew."""
    async with resources.begin() as work:
        known = await _known(work, item_id)
        if not (known.is_held and known.holder == staff_id):
            await _with_room(work, staff_id)
        item = await work.queue.claim(item_id, staff_id, ITEM_LEASE_S)
        if item is None:
            raise Conflict("item_taken", "somebody else has this item, or it is done")
        await work.commit()
    return item


async def look_at(resources: Resources, staff_id: str, item_id: UUID) -> WorkItem:
    """An item as it is; its holder's look is a sign of life."""
    async with resources.begin() as work:
        item = await _known(work, item_id)
        if item.is_held and item.holder == staff_id:
            item = await work.queue.claim(item_id, staff_id, ITEM_LEASE_S) or item
            await work.commit()
    return item


async def release_item(resources: Resources, staff_id: str, item_id: UUID) -> None:
    async with resources.begin() as work:
        await _known(work, item_id)
        if not await work.queue.release(item_id, staff_id):
            raise Conflict("item_not_yours", "you do not hold this item")
        await work.commit()


async def finish_item(resources: Resources, staff_id: str, item_id: UUID, outcome: str) -> WorkItem:
    """Done without a call, in one word."""
    if outcome not in BY_HAND_OUTCOMES:
        raise Invalid("outcome_wrong", "one of: " + ", ".join(BY_HAND_OUTCOMES))
    async with resources.begin() as work:
        known = await _known(work, item_id)
        if known.done_at is not None and known.done_by == staff_id and known.outcome == outcome:
            return known
        require_certified(await acting(work, staff_id))
        if not await work.queue.finish(item_id, staff_id, outcome, work.now):
            raise Conflict("item_not_yours", "you do not hold this item")
        done = await _known(work, item_id)
        await work.commit()
    return done


async def read_reply(resources: Resources, staff_id: str, item_id: UUID, reading: Reading) -> None:
    """An unclear reply has been read by its item's holder: the reading takes effect, and the item is done."""
    async with resources.begin() as work:
        item = await _known(work, item_id)
        require_certified(await acting(work, staff_id))
    if item.kind != "unclear_reply" or not item.is_held or item.holder != staff_id:
        raise Conflict("item_not_yours", "you do not hold such an item")
    await resolve_review(resources, item.subject_id, reading, staff_id)
    await finish_item(resources, staff_id, item_id, "handled")


async def show_loads(resources: Resources) -> Sequence[Load]:
    """Each person's share; nobody is above their capacity."""
    async with resources.begin() as work:
        return await work.queue.loads(datetime.combine(work.now.astimezone(UTC).date(), time(0), UTC))


async def _with_room(work: Work, staff_id: str) -> Acting:
    """Their row is locked: two claims of one person are counted one after the other."""
    await work.staff.get(staff_id, lock=True)
    who = await acting(work, staff_id)
    require_certified(who)
    if len(await work.queue.held_by(staff_id)) >= who.member.capacity:
        raise Conflict("capacity_full", "you hold as many items as your capacity allows")
    return who


async def _known(work: Work, item_id: UUID) -> WorkItem:
    item = await work.queue.get(item_id)
    if item is None:
        raise NotFound("item_unknown", "there is no such item")
    return item
