"""The agency's own books, for each creditor and currency: what it holds for others, and what is its own.

A debit is positive, as in the books of a case. Accounts:

    trust               money of others in the trust account
    bank                the agency's own money
    due_to_creditor     collected and not yet paid over (a credit)
    refunds_due         overpaid, owed back to payers (a credit)
    commission          earned (a credit)
    tax_due             tax on commission, owed to the state (a credit)
    claim_on_creditor   taken back by a payer after it had been settled with the creditor: set off next time
    claim_on_payer      refunded, and then the payment was taken back
    carried             brought forward from one remittance to the next; a debit: the creditor owes it
    invoiced            commission billed to a creditor who is paid gross

Nothing here is derived by hand: an entry of the agency follows from the entry of a case, or from a remittance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.negotiation.domain.ledger import BooksBroken, Entry, EntryKind, Payment

AgencyAccount = Literal[
    "trust",
    "bank",
    "due_to_creditor",
    "refunds_due",
    "commission",
    "tax_due",
    "claim_on_creditor",
    "claim_on_payer",
    "carried",
    "invoiced",
]
AGENCY_ACCOUNTS: tuple[AgencyAccount, ...] = (
    "trust",
    "bank",
    "due_to_creditor",
    "refunds_due",
    "commission",
    "tax_due",
    "claim_on_creditor",
    "claim_on_payer",
    "carried",
    "invoiced",
)
AgencyEntryKind = EntryKind | Literal["remitted", "commission_moved", "set_off_withdrawn"]

_MIRRORED: Mapping[str, AgencyAccount] = {
    "fees": "due_to_creditor",
    "interest": "due_to_creditor",
    "principal": "due_to_creditor",
    "trust": "trust",
    "overpaid": "refunds_due",
    "refunding": "refunds_due",
    "claim": "claim_on_payer",
}


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One booking of the agency: postings by account that sum to zero."""

    kind: AgencyEntryKind
    source_id: UUID
    postings: tuple[tuple[AgencyAccount, int], ...]

    def __post_init__(self) -> None:
        if sum(amount for _, amount in self.postings) != 0:
            raise BooksBroken("an entry of the agency does not sum to zero")


def mirror(entry: Entry, payment: Payment) -> AgencyEntry | None:
    """What an entry of a case means for the agency: nothing, unless it moves money that the agency holds.

    What a payment takes off a debt is owed to the creditor. What is taken back after it was settled with the creditor
    is a claim on the creditor.
    """
    if payment.paid_to != "agency":
        return None
    sums: dict[AgencyAccount, int] = {}
    for account, amount in entry.postings:
        if account in _MIRRORED:
            sums[_MIRRORED[account]] = sums.get(_MIRRORED[account], 0) + amount
    if entry.kind == "reversal":
        settled = payment.settled.gross.total
        sums["due_to_creditor"] = sums.get("due_to_creditor", 0) - settled
        sums["claim_on_creditor"] = settled
    kept = agency_postings(sums)
    return AgencyEntry(entry.kind, entry.source_id, kept) if kept else None


def agency_postings(sums: Mapping[AgencyAccount, int]) -> tuple[tuple[AgencyAccount, int], ...]:
    """Postings of what is not zero, in the order of the chart."""
    return tuple((account, sums[account]) for account in AGENCY_ACCOUNTS if sums.get(account))


def sum_up(entries: Iterable[AgencyEntry]) -> dict[AgencyAccount, int]:
    """Replay: the balance of every account."""
    sums: dict[AgencyAccount, int] = dict.fromkeys(AGENCY_ACCOUNTS, 0)
    for entry in entries:
        for account, amount in entry.postings:
            sums[account] += amount
    return sums


def own_money_in_trust(balances: Mapping[AgencyAccount, int]) -> int:
    """What lies in trust beyond everything that is owed to others out of it: earned, and to be moved out."""
    owed_to_others = -balances["due_to_creditor"] - balances["refunds_due"] + max(0, -balances["carried"])
    return max(0, balances["trust"] - owed_to_others)


def move_commission(balances: Mapping[AgencyAccount, int], remittance_id: UUID) -> AgencyEntry | None:
    """The agency's own money never stays in trust: it is moved out by an entry of its own."""
    amount = own_money_in_trust(balances)
    if amount == 0:
        return None
    return AgencyEntry("commission_moved", remittance_id, (("trust", -amount), ("bank", amount)))
