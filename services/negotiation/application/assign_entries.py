"""The queue of what nobody could match: a person says what an entry is for, and above a threshold a second one agrees.

The threshold counts the whole entry, so that cutting it up needs the second person all the same. What is decided here
is booked by `book_decisions`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.negotiation.application.ports import OpenWork, StoredAnswer, Work
from services.negotiation.application.receipts_ports import (
    Allocation,
    AllocationState,
    BankEntry,
    EntryOrder,
    EntryState,
    Money,
)
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, Reason

_Act = Callable[[Work], Awaitable[None]]

PARTS_MAX = 20
QUEUE_PAGE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """An amount (minor units) of an entry for a case; None: all that is left of it."""

    case_id: UUID
    amount: int | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as staff see it, with what was said about it. `words` of the payer only where they are still kept."""

    entry: BankEntry
    allocations: tuple[Allocation, ...]
    words: str | None = None


async def assign(
    begin: OpenWork, money: Money, entry_id: UUID, parts: Sequence[Part], *, by: str, reason: str, key: str, hashed: str
) -> UUID:
    """Say for which cases money came in. The same key: the same decision. Answers with the entry's id."""
    await _look_at_cases(begin, parts)

    async def act(work: Work) -> None:
        entry = await _open_entry(work, entry_id)
        if entry.direction != "credit":
            raise Conflict("not_money_in", "money that went out is for no case")
        amounts = _amounts(entry, parts)
        state: AllocationState = "waiting_check" if entry.amount >= money.terms.check_from else "ordered"
        allocations = [
            Allocation(new_id(), entry_id, part.case_id, amount, state, by, work.now, reason)
            for part, amount in zip(parts, amounts, strict=True)
        ]
        await work.bank.add_allocations(allocations)
        await work.bank.save([replace(entry, explained=entry.explained + sum(amounts))])

    await _once(begin, f"assign:{entry_id}", key, hashed, act)
    return entry_id


async def check_allocation(begin: OpenWork, entry_id: UUID, allocation_id: UUID, *, by: str, agree: bool) -> None:
    """A second person agrees to an assignment, or frees the money again."""
    async with begin(is_staff=True) as work:
        entry = (await work.bank.for_change([entry_id])).get(entry_id)
        found = [a for a in await work.bank.allocations([entry_id]) if a.allocation_id == allocation_id]
        if entry is None or not found:
            raise NoSuchThing("allocation")
        if found[0].state != "waiting_check":
            raise Conflict("allocation_decided", "this was decided already")
        if found[0].made_by == by:
            raise NotAllowed("same_person", "whoever assigned it does not agree to it")
        state: AllocationState = "ordered" if agree else "refused"
        await work.bank.save_allocations([replace(found[0], state=state, checked_by=by)])
        if not agree:
            await work.bank.save([replace(entry, explained=entry.explained - found[0].amount)])
        await work.commit()


async def order_entry(
    begin: OpenWork, money: Money, entry_id: UUID, order: EntryOrder, *, by: str, reason: str, key: str, hashed: str
) -> UUID:
    """Send an entry back to whom it came from, or say that it is nobody's payment: a charge, a remittance, our own."""

    async def act(work: Work) -> None:
        entry = await _open_entry(work, entry_id)
        if entry.explained:
            raise Conflict("partly_assigned", "a part of it is assigned already")
        if order == "return" and (entry.direction != "credit" or entry.sealed is None):
            raise Conflict("not_returnable", "only money that came in goes back, and only while its sender is known")
        waits = entry.amount >= money.terms.check_from
        state: EntryState = "waiting_check" if waits else _decided(order)
        await work.bank.save([replace(entry, state=state, ordered_as=order, decided_by=by, reason=reason)])

    await _once(begin, f"order:{entry_id}", key, hashed, act)
    return entry_id


async def check_order(begin: OpenWork, entry_id: UUID, *, by: str, agree: bool) -> None:
    async with begin(is_staff=True) as work:
        entry = (await work.bank.for_change([entry_id])).get(entry_id)
        if entry is None:
            raise NoSuchThing("entry")
        if entry.state != "waiting_check" or entry.ordered_as is None:
            raise Conflict("nothing_to_check", "nothing about this entry waits for a second person")
        if entry.decided_by == by:
            raise NotAllowed("same_person", "whoever decided it does not agree to it")
        decided = replace(entry, state=_decided(entry.ordered_as), checked_by=by)
        freed = replace(entry, state="open", ordered_as=None, decided_by=None, reason=None)
        await work.bank.save([decided if agree else freed])
        await work.commit()


async def show_queue(work: Work, after: UUID) -> list[EntryView]:
    """What waits for somebody, in the order of ids; without payers' words."""
    entries = await work.bank.queue(after, QUEUE_PAGE)
    allocations = await work.bank.allocations([e.entry_id for e in entries])
    return [EntryView(e, tuple(a for a in allocations if a.entry_id == e.entry_id)) for e in entries]


async def show_entry(work: Work, money: Money, entry_id: UUID) -> EntryView:
    """One entry with what the payer wrote, for the person who must find out whose it is."""
    entry = await work.bank.find(entry_id)
    words = money.seal.open(entry_id, entry.sealed) if entry.sealed is not None else None
    return EntryView(entry, tuple(await work.bank.allocations([entry_id])), words)


def _decided(order: EntryOrder) -> EntryState:
    return "returning" if order == "return" else "ordered"


async def _look_at_cases(begin: OpenWork, parts: Sequence[Part]) -> None:
    if not 1 <= len(parts) <= PARTS_MAX or len({part.case_id for part in parts}) != len(parts):
        reason = Reason("parts_wrong", "/parts", f"1 to {PARTS_MAX} parts, each for another case")
        raise Invalid("parts_wrong", "the parts cannot be right", [reason])
    for part in parts:
        async with begin(part.case_id) as work:
            await work.cases.read(part.case_id)


def _amounts(entry: BankEntry, parts: Sequence[Part]) -> list[int]:
    if len(parts) == 1 and parts[0].amount is None:
        return [entry.rest]
    amounts = [part.amount or 0 for part in parts]
    if min(amounts) <= 0 or sum(amounts) > entry.rest:
        reason = Reason("amounts_wrong", "/parts", "each more than nothing, together not more than is left")
        raise Invalid("amounts_wrong", "the amounts cannot be right", [reason])
    return amounts


async def _open_entry(work: Work, entry_id: UUID) -> BankEntry:
    entry = (await work.bank.for_change([entry_id])).get(entry_id)
    if entry is None:
        raise NoSuchThing("entry")
    if entry.state != "open" or entry.rest == 0:
        raise Conflict("entry_decided", "nothing of this entry waits to be assigned")
    return entry


async def _once(begin: OpenWork, scope: str, key: str, hashed: str, act: _Act) -> None:
    async with begin(is_staff=True) as work:
        known: StoredAnswer | None = await work.recall_or_reserve(scope, key, hashed)
        if known is None:
            await act(work)
            await work.remember(scope, key, 200, b"done")
            await work.commit()
