"""What money in and out needs of the outside: the payment provider, the reader of bank files, and the rows on file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from services.negotiation.application.remittance_ports import StatementBalance
from services.negotiation.domain.receipts.intents import Intent, Notice, NoticeVerdict
from services.negotiation.domain.receipts.refunds import Refund
from services.negotiation.domain.receipts.statement import Direction, Statement

EntryState = Literal["new", "open", "waiting_check", "ordered", "returning", "explained"]
"""`open` is the queue of what a person must look at, `waiting_check` what a second person must agree to; `ordered` is
decided and not booked yet; `returning` waits until its transfer is on a statement; `explained` is wholly told."""
AllocationState = Literal["waiting_check", "ordered", "booked", "refused", "taken_back"]
BankAccount = Literal["bank", "suspense", "cases", "in_transit", "own"]
"""Of the bank book: `suspense` is money whose owner is not known, held for whoever it is; `cases` what the books of
cases hold in trust; `in_transit` what the provider has taken and not paid out yet; `own` everything else."""
Postings = tuple[tuple[BankAccount, int], ...]
EntryOrder = Literal["return", "bank_charge", "remittance", "own_transfer", "provider_payout"]
"""What else than a case's payment an entry may be for."""


class ProviderAway(Exception):
    """The provider could not be reached or did not answer in time: what it did is not known. Ask it later."""


class ProviderRefused(Exception):
    """The provider said no, for good: nothing was done."""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What the provider is told: no name and no case. `payment_id` makes a second call the same payment."""

    payment_id: UUID
    amount: int
    currency: str
    description: str
    return_to: str
    language: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """`address` is where the borrower pays."""

    reference: str
    address: str


@dataclass(frozen=True, slots=True)
class ProviderState:
    """What the provider knows of a payment. `unknown`: it has never heard of it."""

    state: Literal["unknown", "open", "succeeded", "declined", "expired"]
    amount: int = 0
    currency: str = ""
    on: date | None = None
    is_charged_back: bool = False
    started: Started | None = None


RefundAnswer = Literal["unknown", "pending", "refunded", "failed"]


class PaymentProvider(Protocol):
    """A provider of payment pages. Every call raises `ProviderAway` or `ProviderRefused`, and may be repeated."""

    async def start(self, order: PaymentOrder) -> Started: ...
    async def look(self, payment_id: UUID) -> ProviderState: ...
    async def refund(self, refund: Refund) -> RefundAnswer: ...
    async def look_refund(self, refund_id: UUID) -> RefundAnswer: ...


class StatementReader(Protocol):
    def read(self, raw: bytes, today: date) -> list[Statement]:
        """Raises `Invalid` with every reason."""
        ...


class ReceiptSeal(Protocol):
    """What payers wrote, closed under the installation's key; keyed hashes for comparing only."""

    def seal(self, entry_id: UUID, text: str) -> bytes: ...
    def open(self, entry_id: UUID, sealed: bytes) -> str: ...
    def hash(self, field: str, text: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class BankDetails:
    """The agency's account for transfers, as it is shown to borrowers."""

    holder: str
    account: str
    bank: str


@dataclass(frozen=True, slots=True)
class MoneyTerms:
    """`check_from` is the amount (minor units) from which a second person must agree; `text_kept` how long what a
    payer wrote is kept."""

    hosted_max: int = 5_000_000
    check_from: int = 100_000
    intent_valid: timedelta = timedelta(hours=24)
    text_kept: timedelta = timedelta(days=90)


@dataclass(frozen=True)
class Money:
    """Everything of this topic that is made of settings. `public_url` is where borrowers come back to."""

    provider: PaymentProvider
    files: StatementReader
    seal: ReceiptSeal
    bank: BankDetails
    notice_secret: bytes
    public_url: str
    accounts: frozenset[str] = frozenset()
    """Accounts whose statements are taken: a statement of another account is a mistake, or worse."""
    terms: MoneyTerms = MoneyTerms()
    sandbox: object | None = None
    """The simulated provider where one is configured; only its own pages use it."""


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice as it came in; `verdict` when it has been settled."""

    notice: Notice
    case_id: UUID
    received_at: datetime
    verdict: NoticeVerdict | None = None


@dataclass(frozen=True, slots=True)
class StatementHead:
    """A statement on file, without its entries."""

    statement_id: UUID
    account: str
    number: str
    currency: str
    opened_on: date
    closed_on: date
    opening: int
    closing: int
    entry_count: int
    content_hash: str
    imported_by: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class BankEntry:
    """A movement on the agency's account. `explained` is how much of it is accounted for; the rest is in suspense."""

    entry_id: UUID
    statement_id: UUID
    position: int
    direction: Direction
    amount: int
    currency: str
    booked_on: date
    value_on: date
    is_reversal: bool
    charges: int
    references: tuple[str, ...]
    ids: tuple[UUID, ...]
    bank_reference_hash: bytes | None
    end_to_end_hash: bytes | None
    payer_hash: bytes | None
    sealed: bytes | None
    sealed_until: date
    imported_at: datetime
    state: EntryState = "new"
    why: str | None = None
    proposals: tuple[UUID, ...] = ()
    explained: int = 0
    ordered_as: EntryOrder | None = None
    decided_by: str | None = None
    checked_by: str | None = None
    reason: str | None = None
    file_id: UUID | None = None

    @property
    def signed(self) -> int:
        return self.amount if self.direction == "credit" else -self.amount

    @property
    def rest(self) -> int:
        return self.amount - self.explained


@dataclass(frozen=True, slots=True)
class Allocation:
    """A part of an entry for a case; `allocation_id` is the payment that is booked for it."""

    allocation_id: UUID
    entry_id: UUID
    case_id: UUID
    amount: int
    state: AllocationState
    made_by: str
    made_at: datetime
    reason: str
    checked_by: str | None = None


@dataclass(frozen=True, slots=True)
class BankMovement:
    """A booking of the bank book: it sums to zero. `source_id` and `kind` make it one."""

    kind: str
    source_id: UUID
    currency: str
    effective_on: date
    postings: Postings


class Intents(Protocol):
    """Payments that borrowers began. Lock the case first."""

    async def add(self, intent: Intent) -> None: ...
    async def save(self, intents: Sequence[Intent]) -> None: ...
    async def find(self, case_id: UUID, payment_id: UUID) -> Intent: ...
    async def for_change(self, payment_ids: Collection[UUID]) -> dict[UUID, Intent]: ...
    async def of_case(self, case_id: UUID, limit: int) -> list[Intent]: ...
    async def due(self, limit: int) -> list[Intent]:
        """Those to ask the provider about, oldest first, locked, without those that others hold."""
        ...

    async def case_of(self, payment_id: UUID) -> UUID | None: ...
    async def remember_reference(self, reference: str, case_id: UUID) -> None: ...
    async def keys(self, keys: Collection[str]) -> dict[str, UUID]:
        """The case that each known payment id or reference belongs to."""
        ...

    async def open_transfers(self, case_ids: Collection[UUID]) -> list[Intent]:
        """Bank transfers that were announced and have not come in, oldest first, locked."""
        ...

    async def add_notice(self, notice: StoredNotice) -> None: ...
    async def unsettled_notices(self, limit: int) -> list[StoredNotice]: ...
    async def settle_notices(self, verdicts: Sequence[tuple[str, NoticeVerdict]]) -> None: ...
    async def notices_to_review(self, after: str, limit: int) -> list[StoredNotice]: ...


class Bank(Protocol):
    """Statements, entries, allocations and the bank book."""

    async def find_statement(self, account: str, number: str, closed_on: date) -> StatementHead | None: ...
    async def statement(self, statement_id: UUID) -> StatementHead: ...
    async def add_statement(self, head: StatementHead) -> bool:
        """False where another import of the same statement came first."""
        ...

    async def add_entries(self, entries: Sequence[BankEntry]) -> set[UUID]:
        """The ids of those that were not known yet."""
        ...

    async def entries_of(self, statement_id: UUID, after: int, limit: int) -> list[BankEntry]: ...
    async def new_entries(self, limit: int) -> list[BankEntry]: ...
    async def queue(self, after: UUID, limit: int) -> list[BankEntry]: ...
    async def ordered_entries(self, limit: int) -> list[BankEntry]: ...
    async def find(self, entry_id: UUID) -> BankEntry: ...
    async def waiting_reversals(self, came_in: Sequence[BankEntry]) -> list[BankEntry]:
        """Reversals in the queue that may mean one of these credits, locked."""
        ...

    async def to_transfer(self, limit: int) -> list[BankEntry]:
        """Money to be sent back that is in no transfer file yet, locked."""
        ...

    async def in_file(self, file_id: UUID) -> list[BankEntry]: ...
    async def for_change(self, entry_ids: Collection[UUID]) -> dict[UUID, BankEntry]: ...
    async def save(self, entries: Sequence[BankEntry]) -> None: ...
    async def alike(self, currency: str, amount: int, on: date, limit: int) -> list[UUID]:
        """Cases with an instalment of this amount due about that day."""
        ...

    async def booked_like(self, entry: BankEntry) -> list[BankEntry]:
        """Explained credits of the same amount, locked, that a reversal may mean: same reference of bank or payer."""
        ...

    async def add_allocations(self, allocations: Sequence[Allocation]) -> None: ...
    async def allocations(self, entry_ids: Collection[UUID]) -> list[Allocation]: ...
    async def ordered(self, limit: int) -> list[Allocation]: ...
    async def save_allocations(self, allocations: Sequence[Allocation]) -> None: ...
    async def book(self, movements: Sequence[BankMovement]) -> None: ...
    async def balances(self) -> dict[tuple[str, BankAccount], int]:
        """The sum of every account of the bank book, by currency."""
        ...

    async def closing_balances(self, currency: str, since: date, limit: int) -> list[StatementBalance]:
        """What the bank says at the end of each day from `since`, and how much of it is not explained by the books."""
        ...

    async def paid_from(self, payment_ids: Collection[UUID]) -> dict[UUID, BankEntry]:
        """The entries that payments were booked from."""
        ...

    async def forget_payers(self, case_ids: Collection[UUID]) -> None:
        """What was written with the payments of these cases."""
        ...

    async def forget_texts(self, before: date, limit: int) -> int: ...


class RefundOrders(Protocol):
    async def add(self, refund: Refund) -> None: ...
    async def save(self, refunds: Sequence[Refund]) -> None: ...
    async def find(self, refund_id: UUID) -> Refund: ...
    async def for_change(self, refund_ids: Collection[UUID]) -> dict[UUID, Refund]: ...
    async def of_case(self, case_id: UUID) -> list[Refund]: ...
    async def due(self, limit: int) -> list[Refund]: ...
    async def waiting(self, after: UUID, limit: int) -> list[Refund]: ...
    async def to_transfer(self, limit: int) -> list[Refund]: ...
    async def in_file(self, file_id: UUID) -> list[Refund]: ...
