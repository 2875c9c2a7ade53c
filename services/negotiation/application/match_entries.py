"""Find out what new entries of the bank are for, and book it: certain matches only, everything else waits for a person.

Every entry goes through suspense, so that at every commit the bank book sums to zero and the account agrees with what
is booked: what is in suspense is exactly what nobody has explained yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID, uuid5

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.post_payments import Receipt, book_receipts
from services.negotiation.application.receipts_ports import (
    Allocation,
    BankAccount,
    BankEntry,
    BankMovement,
    Postings,
)
from services.negotiation.application.settle_refunds import refund_left
from services.negotiation.application.tell_trust import book_movements
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.receipts.intents import Intent
from services.negotiation.domain.receipts.matching import PROPOSALS_MAX, Known, Match, Why, match

BATCH = 200
MATCHING = "matching"
"""Who made an allocation that no person made."""


@dataclass
class MatchRun:
    """What one batch leads to, decided in memory and written at the end."""

    work: Work
    cases: dict[UUID, CaseFile] = field(default_factory=dict)
    entries: dict[UUID, BankEntry] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    movements: list[BankMovement] = field(default_factory=list)
    new_allocations: list[Allocation] = field(default_factory=list)
    allocations: dict[UUID, Allocation] = field(default_factory=dict)
    intents: dict[UUID, Intent] = field(default_factory=dict)

    def move(self, kind: str, source_id: UUID, entry: BankEntry, to: BankAccount, amount: int, on: date) -> None:
        """Out of suspense: `amount` has the sign of the entry."""
        postings: Postings = (("suspense", amount), (to, -amount))
        self.movements.append(BankMovement(kind, source_id, entry.currency, on, postings))

    def arrive(self, entry: BankEntry) -> None:
        postings: Postings = (("bank", entry.signed), ("suspense", -entry.signed))
        self.movements.append(BankMovement("arrived", entry.entry_id, entry.currency, entry.booked_on, postings))

    def explain(self, entry: BankEntry, why: Why | None = None) -> BankEntry:
        entry = replace(entry, state="explained", explained=entry.amount, why=why or entry.why, proposals=())
        self.entries[entry.entry_id] = entry
        return entry

    def wait(self, entry: BankEntry, why: Why, proposals: Sequence[UUID] = ()) -> None:
        self.entries[entry.entry_id] = replace(entry, state="open", why=why, proposals=tuple(proposals)[:PROPOSALS_MAX])

    def book(self, allocation: Allocation, entry: BankEntry, case: CaseFile) -> None:
        """A part of an entry for a case, on its value date: late matches heal plans by when the money came in."""
        on = min(entry.value_on, case.today(self.work.now))
        self.receipts.append(
            Receipt(allocation.allocation_id, case.case_id, allocation.amount, entry.currency, on, "agency")
        )
        self.move("allocated", allocation.allocation_id, entry, "cases", allocation.amount, on)
        for intent in self.intents.values():
            is_it = (intent.case_id, intent.amount) == (case.case_id, allocation.amount) and not intent.is_paid
            if is_it and intent.currency == entry.currency:
                self.intents[intent.payment_id] = replace(intent, state="paid", is_paid=True, paid_on=on, due_at=None)
                return

    def has(self, entry: BankEntry) -> bool:
        """Whether this batch has decided about it already."""
        return entry.entry_id in self.entries

    async def save(self) -> None:
        work = self.work
        await work.bank.add_allocations(self.new_allocations)
        await work.bank.save_allocations(list(self.allocations.values()))
        await work.intents.save([intent for intent in self.intents.values() if intent.is_paid])
        await book_receipts(work, [(receipt, None) for receipt in self.receipts])
        await book_movements(work, self.movements)
        await work.bank.save(list(self.entries.values()))


async def match_entries(begin: OpenWork) -> int:
    """One bounded batch of new entries; answers with how many."""
    async with begin() as work:
        entries = await work.bank.new_entries(BATCH)
        if not entries:
            return 0
        run = MatchRun(work)
        found = await work.intents.keys({key for e in entries for key in (*e.references, *map(str, e.ids))})
        credits_ = [e for e in entries if e.direction == "credit"]
        named = {case_id for e in credits_ for case_id in (*(found.get(r) for r in e.references), *e.ids) if case_id}
        run.cases = await work.cases.for_change(named | set(found.values()))
        run.intents = {i.payment_id: i for i in await work.intents.open_transfers(run.cases)}
        for entry in entries:
            run.arrive(entry)
        for entry in credits_:
            await _match_credit(run, entry, found)
        await run.save()
        await _match_debits(work, [e for e in entries if e.direction == "debit"], credits_)
        await work.commit()
        return len(entries)


async def _match_credit(run: MatchRun, entry: BankEntry, found: dict[str, UUID]) -> None:
    if entry.is_reversal:
        # Money that we had sent came back: which refund or remittance it was is for a person to say.
        run.wait(entry, "reversal_unclear")
        return
    hosted = await run.work.intents.for_change([i for i in entry.ids if str(i) in found])
    if any(intent.method == "hosted" for intent in hosted.values()):
        _pay_out(run, entry, list(hosted.values()))
        return
    known = Known(
        by_reference=tuple(dict.fromkeys(found[r] for r in entry.references if r in found)),
        by_case_id=tuple(i for i in entry.ids if i in run.cases and str(i) not in found),
        by_payment=tuple(dict.fromkeys(found[str(i)] for i in entry.ids if str(i) in found)),
        currencies=tuple((case_id, case.currency) for case_id, case in run.cases.items()),
    )
    has_reference = bool(entry.references or entry.ids)
    alike: list[UUID] = []
    if not (known.by_reference or known.by_case_id or known.by_payment):
        alike = await run.work.bank.alike(entry.currency, entry.amount, entry.value_on, PROPOSALS_MAX)
    _follow(run, entry, match(entry.currency, known, has_reference, alike))


def _follow(run: MatchRun, entry: BankEntry, matched: Match) -> None:
    if matched.case_id is None:
        run.wait(entry, matched.why, matched.proposals)
        return
    allocation = Allocation(
        allocation_id=entry.entry_id,
        entry_id=entry.entry_id,
        case_id=matched.case_id,
        amount=entry.amount,
        state="booked",
        made_by=MATCHING,
        made_at=run.work.now,
        reason=matched.why,
    )
    run.new_allocations.append(allocation)
    run.book(allocation, entry, run.cases[matched.case_id])
    run.explain(entry, matched.why)


def _pay_out(run: MatchRun, entry: BankEntry, paid: list[Intent]) -> None:
    """The provider passes on what borrowers paid there: booked to their cases already, so not once more."""
    if all(intent.is_paid for intent in paid) and sum(intent.amount for intent in paid) == entry.amount:
        run.move("paid_out", entry.entry_id, entry, "in_transit", entry.amount, entry.booked_on)
        run.explain(entry, "provider_payout")
    else:
        run.wait(entry, "provider_payout", [intent.case_id for intent in paid])


async def _match_debits(work: Work, debits: Sequence[BankEntry], came_in: Sequence[BankEntry]) -> None:
    """Money out: a refund or a return of ours, or the reversal of a credit, also of one that comes only now."""
    run = MatchRun(work)
    again = await work.bank.waiting_reversals(came_in)
    for entry in [*debits, *again]:
        if entry.is_reversal:
            await _match_reversal(run, entry)
        else:
            await _match_transfer(run, entry)
    await run.save()


async def _match_transfer(run: MatchRun, entry: BankEntry) -> None:
    refunds = await run.work.refund_orders.for_change(entry.ids)
    returned = [
        e for e in (await run.work.bank.for_change(entry.ids)).values() if e.state == "returning" and not run.has(e)
    ]
    if len(refunds) + len(returned) != 1:
        run.wait(entry, "reference_unknown" if entry.ids or entry.references else "no_reference")
        return
    for refund in refunds.values():
        fits = (refund.amount, refund.currency, refund.state) == (entry.amount, entry.currency, "sending")
        if not fits:
            run.wait(entry, "reference_unknown", [refund.case_id])
            return
        await refund_left(run.work, refund, entry.booked_on)
        run.move("refunded", refund.refund_id, entry, "cases", entry.signed, entry.booked_on)
        run.explain(entry, "payment_id")
    for original in returned:
        if (original.amount, original.currency) != (entry.amount, entry.currency):
            run.wait(entry, "reference_unknown")
            return
        # The one came into suspense and the other went out of it: together they are nothing.
        run.explain(original)
        run.explain(entry, "payment_id")


async def _match_reversal(run: MatchRun, entry: BankEntry) -> None:
    like = [e for e in await run.work.bank.booked_like(entry) if not run.has(e)]
    allocations = await run.work.bank.allocations([e.entry_id for e in like])
    taken_back = {a.entry_id for a in allocations if a.state == "taken_back"}
    like = [e for e in like if e.entry_id not in taken_back and e.state in ("open", "explained")]
    booked = [a for a in allocations if like and a.entry_id == like[0].entry_id and a.state == "booked"]
    is_clear = len(like) == 1 and sum(a.amount for a in booked) == (entry.amount if booked else like[0].explained)
    if not is_clear:
        run.wait(entry, "reversal_unclear")
        return
    cases = await run.work.cases.for_change({a.case_id for a in booked})
    for allocation in booked:
        on = min(entry.value_on, cases[allocation.case_id].today(run.work.now))
        reversal_id = uuid5(allocation.allocation_id, "taken_back")
        run.receipts.append(
            Receipt(
                payment_id=reversal_id,
                case_id=allocation.case_id,
                amount=allocation.amount,
                currency=entry.currency,
                received_on=on,
                paid_to="agency",
                reverses_payment_id=allocation.allocation_id,
            )
        )
        run.move("taken_back", allocation.allocation_id, entry, "cases", -allocation.amount, on)
        run.allocations[allocation.allocation_id] = replace(allocation, state="taken_back")
    run.explain(like[0])
    run.explain(entry, "creditor_reference")
