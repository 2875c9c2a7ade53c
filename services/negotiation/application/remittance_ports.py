"""What the agency's books, refunds, fees and remittances need of the outside, and the records they exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from services.negotiation.domain.agency import AgencyAccount, AgencyEntry
from services.negotiation.domain.commission import FeeVersion
from services.negotiation.domain.ledger import Account, Books
from services.negotiation.domain.refunds import Refund, RefundStatus
from services.negotiation.domain.remittance import Line, Remittance


@dataclass(frozen=True, slots=True)
class AgencyBooking:
    """An entry of the agency with the creditor and currency that it belongs to."""

    creditor_id: UUID
    currency: str
    entry: AgencyEntry
    effective_on: date


@dataclass(frozen=True, slots=True)
class TrustCheck:
    """The agency's books of one creditor and currency beside what the cases say; equal pairs are right."""

    creditor_id: UUID
    currency: str
    all_accounts: int
    in_trust: int
    in_trust_by_cases: int
    refunds_due: int
    refunds_due_by_payments: int
    due_to_creditor: int
    due_to_creditor_by_payments: int

    @property
    def is_right(self) -> bool:
        return (
            self.all_accounts == 0
            and self.in_trust == self.in_trust_by_cases
            and self.refunds_due == self.refunds_due_by_payments
            and self.due_to_creditor == self.due_to_creditor_by_payments
        )


@dataclass(frozen=True, slots=True)
class BooksOnFile:
    """The books of a case as its row states them, and the sum of its postings by account."""

    case_id: UUID
    books: Books
    sums: Mapping[Account, int]


@dataclass(frozen=True, slots=True)
class CaseRemitted:
    """What one remittance says about one case."""

    case_id: UUID
    gross: int
    set_off: int
    commission: int


@dataclass(frozen=True, slots=True)
class StatementBalance:
    """The closing balance of the trust account on a day, as the bank states it, in minor units (below zero: overdrawn).

    `unmatched_minor_units`: credits up to this day that wait to be matched to a case, less debits that do.
    """

    statement_id: UUID
    currency: str
    on: date
    closing_minor_units: int
    unmatched_minor_units: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry that moved the trust account."""

    kind: str
    source_id: UUID
    effective_on: date
    minor_units: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One reason why bank and ledger differ, and by how much."""

    reason: Literal["unmatched_on_statement", "not_on_statement_yet", "unexplained"]
    minor_units: int
    kind: str | None = None
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TrustDay:
    """A day of the trust account compared. `compared_at` is None until it has been."""

    balance: StatementBalance
    ledger_minor_units: int | None = None
    differences: tuple[Difference, ...] = ()
    compared_at: datetime | None = None


class AgencyBooks(Protocol):
    async def book(self, bookings: Sequence[AgencyBooking]) -> None: ...
    async def lock(self, creditor_id: UUID, currency: str) -> None:
        """Nobody else works on remittances of this creditor and currency until the transaction ends."""
        ...

    async def balances(self, creditor_id: UUID, currency: str) -> dict[AgencyAccount, int]: ...
    async def check(self, after: tuple[UUID, str]) -> TrustCheck | None:
        """The next creditor and currency after this one; None at the end."""
        ...

    async def books_on_file(self, after: UUID, limit: int) -> list[BooksOnFile]: ...


class Refunds(Protocol):
    async def add(self, refund: Refund) -> None: ...
    async def find(self, refund_id: UUID) -> Refund | None: ...
    async def set_status(self, refund_id: UUID, status: RefundStatus) -> None: ...


class Fees(Protocol):
    async def add(self, creditor_id: UUID, version: FeeVersion, made_at: datetime) -> None: ...
    async def approve(self, creditor_id: UUID, version: int, by: str) -> None: ...
    async def versions(self, creditor_id: UUID) -> list[FeeVersion]:
        """Newest first."""
        ...

    async def lock(self, creditor_id: UUID) -> None: ...


class Remittances(Protocol):
    async def add(self, remittance: Remittance) -> None: ...
    async def save(self, remittance: Remittance) -> None: ...
    async def find(self, remittance_id: UUID, *, for_change: bool = False) -> Remittance: ...
    async def page(self, creditor_id: UUID | None, before: UUID | None, limit: int) -> list[Remittance]: ...
    async def of_period(self, creditor_id: UUID, currency: str) -> list[Remittance]:
        """The newest ones that are not cancelled, latest period first; at most ten."""
        ...

    async def lock_next(self, status: str) -> Remittance | None:
        """One that is in this status and that nobody else works on."""
        ...

    async def unsettled(self, remittance: Remittance, cleared_until: date, limit: int) -> list[tuple[date, UUID, UUID]]:
        """Payments with something open after the cursor, by day and id: (received_on, payment_id, case_id)."""
        ...

    async def add_lines(self, remittance: Remittance, lines: Sequence[Line]) -> None: ...
    async def lines(self, remittance_id: UUID, after: int, limit: int) -> list[Line]: ...
    async def lock_next_untold(self) -> Remittance | None:
        """A paid one of which not every case has been told."""
        ...

    async def by_case(self, remittance_id: UUID, after: UUID, limit: int) -> list[CaseRemitted]: ...
    async def count_stale(self, remittance_id: UUID) -> int:
        """Lines that pay over a payment which has been taken back since."""
        ...


class TrustAccount(Protocol):
    async def record(self, balance: StatementBalance) -> None: ...
    async def next_day(self, after: tuple[date, UUID], since: date) -> TrustDay | None:
        """The next recorded day that has not been found equal."""
        ...

    async def ledger_balance(self, currency: str, on: date) -> int: ...
    async def movements(self, currency: str, since: date, until: date, limit: int) -> list[Movement]: ...
    async def save(self, day: TrustDay) -> None: ...
    async def days(self, currency: str, limit: int) -> list[TrustDay]: ...
