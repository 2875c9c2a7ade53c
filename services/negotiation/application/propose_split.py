"""What one transfer for several debts of a person may be split into: a proposal that one of our staff decides about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.negotiation.application.assign_entries import PARTS_MAX
from services.negotiation.application.ports import OpenWork
from services.negotiation.application.receipts_ports import BankEntry
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.domain.waterfall import debt_of, spread_over_debts


@dataclass(frozen=True, slots=True)
class Split:
    """Amounts by case, and what would be more than is owed. `named` are the cases that the payer named."""

    parts: tuple[tuple[UUID, int], ...]
    named: tuple[UUID, ...]
    left: int


async def propose_split(begin: OpenWork, entry: BankEntry) -> Split | None:
    """For what is left of an entry whose payer named several debts of one person to one lender; else None.

    Debts that were not named get what is left of the named ones: an order for all, the Civil Code's (art. 560), where
    the payer has not said how much is for which.
    """
    if entry.state != "open" or entry.why != "several_debts" or entry.rest == 0:
        return None
    named = await _named(begin, entry)
    persons, lenders = {case.person_id for case in named}, {case.creditor_id for case in named}
    if len(persons) != 1 or len(lenders) != 1 or (person_id := persons.pop()) is None:
        return None
    async with begin(tenant=lenders.pop()) as work:
        debts = await work.cases.open_of_person(person_id, PARTS_MAX)
        now = work.now
    owing = [case for case in debts if case.currency == entry.currency and case.books.balance > 0]
    designated = {case.case_id for case in named}
    shares, left = spread_over_debts([debt_of(case, case.today(now)) for case in owing], entry.rest, designated)
    if not shares:
        return None
    return Split(tuple(shares.items()), tuple(sorted(designated)), left)


async def _named(begin: OpenWork, entry: BankEntry) -> list[CaseFile]:
    """At most ten, so each is read by itself: staff see one case or one lender at a time."""
    found = []
    for case_id in entry.proposals:
        try:
            async with begin(case_id) as work:
                found.append(await work.cases.read(case_id))
        except NoSuchThing:
            continue
    return found
