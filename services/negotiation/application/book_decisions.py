"""Book what people decided about entries of the bank; and forget what payers wrote when its time is over."""

from __future__ import annotations

from dataclasses import replace

from services.negotiation.application.match_entries import MatchRun
from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.receipts_ports import Allocation, BankAccount, BankEntry

BATCH = 200
FORGET_BATCH = 500


async def book_decisions(begin: OpenWork) -> int:
    """One bounded batch; answers with how many decisions were booked."""
    async with begin() as work:
        allocations = await work.bank.ordered(BATCH)
        orders = await work.bank.ordered_entries(BATCH)
        if not allocations and not orders:
            return 0
        run = MatchRun(work)
        run.cases = await work.cases.for_change({a.case_id for a in allocations})
        run.intents = {i.payment_id: i for i in await work.intents.open_transfers(run.cases)}
        await _book_allocations(run, allocations)
        for entry in orders:
            account: BankAccount = "in_transit" if entry.ordered_as == "provider_payout" else "own"
            run.move("closed", entry.entry_id, entry, account, entry.signed, entry.booked_on)
            run.explain(entry)
        await run.save()
        await work.commit()
        return len(allocations) + len(orders)


async def _book_allocations(run: MatchRun, allocations: list[Allocation]) -> None:
    entries = await run.work.bank.for_change({a.entry_id for a in allocations})
    for allocation in allocations:
        entry = entries[allocation.entry_id]
        case = run.cases.get(allocation.case_id)
        if case is None or case.currency != entry.currency:
            # Money of one currency pays no debt in another: it is free again, and somebody must look.
            run.allocations[allocation.allocation_id] = replace(allocation, state="refused")
            entry = replace(entry, explained=entry.explained - allocation.amount, why="currency_differs")
        else:
            run.book(allocation, entry, case)
            run.allocations[allocation.allocation_id] = replace(allocation, state="booked")
        run.entries[entry.entry_id] = entries[entry.entry_id] = entry
    undecided = await _undecided(run.work, list(entries.values()))
    waiting = {a.entry_id for a in undecided if a.allocation_id not in run.allocations}
    for entry in entries.values():
        if entry.rest == 0 and entry.entry_id not in waiting:
            run.explain(entry)


async def _undecided(work: Work, entries: list[BankEntry]) -> list[Allocation]:
    allocations = await work.bank.allocations([e.entry_id for e in entries])
    return [a for a in allocations if a.state in ("waiting_check", "ordered")]


async def forget_payers_words(begin: OpenWork) -> int:
    """What payers wrote is kept to find out whose money it is, and no longer. Answers with how many were forgotten."""
    async with begin() as work:
        forgotten = await work.bank.forget_texts(work.now.date(), FORGET_BATCH)
        await work.commit()
        return forgotten
