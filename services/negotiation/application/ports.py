"""What the use cases need of the outside: one unit of work over many cases, and the vault.

A caller may assume that everything loaded `for_change` is locked until the transaction ends, always through the row of
the case first, so that two transactions never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from services.negotiation.application.access_ports import Access, Portal
from services.negotiation.application.agreement_ports import Agreements, Papers
from services.negotiation.application.approval_ports import Approvals, Mandates
from services.negotiation.application.conversation_ports import AgencysPen, Conversations
from services.negotiation.application.draft_ports import Drafts
from services.negotiation.application.fresh_start_ports import Bureau, FreshStarts
from services.negotiation.application.legal_ports import LegalDesk, LegalFiles
from services.negotiation.application.lender_ports import LenderKeys, NobodysKeys
from services.negotiation.application.means_ports import OfferSets, Statements
from services.negotiation.application.receipts_ports import Bank, Intents, Money, RefundOrders
from services.negotiation.application.record_ports import OwnRecord
from services.negotiation.application.relief_ports import EvidenceFiles, Reliefs, Sealer
from services.negotiation.application.remittance_ports import (
    AgencyBooks,
    Fees,
    Refunds,
    Remittances,
    TrustAccount,
)
from services.negotiation.application.watch_ports import Cures, DuePlans, Replans, Watch
from services.negotiation.domain.affordability.guide import Guides
from services.negotiation.domain.approvals import StaffRole
from services.negotiation.domain.case_file import CaseFile, Hold
from services.negotiation.domain.interest_caps import Figures
from services.negotiation.domain.ledger import NOTHING, Account, Buckets, Entry, Payment
from services.negotiation.domain.plan import PlanStatus
from services.negotiation.domain.terms import Outline, Terms
from services.negotiation.domain.watch.playbook import PlaybookStep
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.kernel.clock import Clock

OfferStatus = Literal["prepared", "proposed", "accepted", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer on file. `terms_hash` and `expires_at` are set when it is put to the borrower (`proposed`)."""

    offer_id: UUID
    case_id: UUID
    creditor_id: UUID
    position: int
    outline: Outline
    reasons: tuple[str, ...]
    status: OfferStatus
    prepared_on: date
    round: int = 1
    terms_hash: str | None = None
    proposed_at: datetime | None = None
    expires_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it may be accepted."""
        return self.status == "proposed" and self.expires_at is not None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Plan:
    """An agreed plan with its sealed terms. `waived` is what its completion gave up."""

    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    offer_id: UUID | None
    replaces_plan_id: UUID | None
    terms: Terms
    terms_hash: str
    status: PlanStatus
    agreed_at: datetime
    ended_at: datetime | None = None
    waived: Buckets = NOTHING


@dataclass(frozen=True, slots=True)
class InstalmentRow:
    """One instalment as the watch sees it. `is_watched`: it is looked at when `watch_at` has come."""

    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    number: int
    due_on: date
    amount: int
    paid: int
    is_watched: bool
    watch_at: datetime


@dataclass(frozen=True, slots=True)
class CounterOffer:
    """A borrower's proposal and what was answered."""

    counter_id: UUID
    case_id: UUID
    creditor_id: UUID
    round: int
    asked: Outline
    verdict: str
    reasons: tuple[str, ...]
    offer_id: UUID | None
    plan_id: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry with the case it belongs to."""

    case_id: UUID
    creditor_id: UUID
    currency: str
    entry: Entry
    effective_on: date


@dataclass(frozen=True, slots=True)
class WaitingReversal:
    """A reversal whose payment has not been reported yet."""

    reversal_id: UUID
    payment_id: UUID
    case_id: UUID
    creditor_id: UUID


@dataclass(frozen=True, slots=True)
class Clearance:
    """Proof that a debt is cleared; `withdrawn_at` where the money was taken back later."""

    code: str
    case_id: UUID
    reason: str
    cleared_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the default playbook of a broken plan."""

    plan_id: UUID
    case_id: UUID
    creditor_id: UUID
    step: PlaybookStep
    at: datetime
    cause_event_id: UUID | None


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """An entry as it is read back for people."""

    entry_id: UUID
    kind: str
    source_id: UUID
    effective_on: date
    booked_at: datetime
    postings: Mapping[Account, int]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The first answer to an idempotency key."""

    status: int
    response: bytes


class Cases(Protocol):
    async def add(self, cases: Sequence[CaseFile]) -> None: ...
    async def for_change(self, case_ids: Collection[UUID]) -> dict[UUID, CaseFile]: ...
    async def read(self, case_id: UUID) -> CaseFile: ...
    async def open_of_person(self, person_id: UUID, limit: int) -> list[CaseFile]:
        """Cases of a person that are not closed, as far as they may be seen, in the order of their ids."""
        ...

    async def save(self, cases: Sequence[CaseFile]) -> None: ...
    async def known_as_erased(self, case_ids: Collection[UUID]) -> set[UUID]:
        """Those whose person was erased before the case was heard of."""
        ...

    async def remember_erased(self, case_ids: Collection[UUID], creditor_id: UUID) -> None: ...


class Offers(Protocol):
    async def add(self, offers: Sequence[Offer]) -> None: ...
    async def save(self, offers: Sequence[Offer]) -> None: ...
    async def withdraw(self, case_ids: Collection[UUID]) -> None: ...
    async def withdraw_offers(self, offer_ids: Collection[UUID]) -> None: ...
    async def current(self, case_ids: Collection[UUID]) -> dict[UUID, list[Offer]]:
        """Offers prepared or proposed and not withdrawn, in their order; expiry is the caller's to look at."""
        ...

    async def find(self, case_id: UUID, offer_id: UUID) -> Offer: ...
    async def record_counter(self, counter: CounterOffer) -> None: ...


class Plans(Protocol):
    async def add(self, plan: Plan, instalments: Sequence[InstalmentRow]) -> None: ...
    async def load(self, plan_ids: Collection[UUID]) -> dict[UUID, Plan]: ...
    async def save(self, plans: Sequence[Plan]) -> None: ...
    async def save_instalments(self, rows: Sequence[InstalmentRow]) -> None: ...
    async def stop_watching(self, plan_ids: Collection[UUID]) -> None: ...
    async def record_steps(self, steps: Sequence[Step]) -> None: ...
    async def steps(self, case_id: UUID) -> list[Step]: ...


class Ledger(Protocol):
    async def book(self, bookings: Sequence[Booking]) -> None: ...
    async def payments(self, case_ids: Collection[UUID]) -> dict[UUID, list[Payment]]:
        """All payments of the cases in the order in which they were posted, reversed ones included."""
        ...

    async def add_payments(self, payments: Sequence[tuple[CaseFile, Payment]]) -> None: ...
    async def save_payments(self, payments: Sequence[Payment]) -> None: ...
    async def waiting_reversals(self, case_ids: Collection[UUID]) -> dict[UUID, WaitingReversal]:
        """By the id of the payment that each waits for."""
        ...

    async def add_waiting_reversals(self, reversals: Sequence[WaitingReversal]) -> None: ...
    async def remove_waiting_reversals(self, reversal_ids: Collection[UUID]) -> None: ...
    async def entries(self, case_id: UUID) -> list[BookedEntry]: ...
    async def compare(self, after: UUID, limit: int) -> tuple[int, UUID | None, list[UUID]]:
        """Compare balances with postings, case by case: how many, the last one (None: the end), and which differ."""
        ...


class Holds(Protocol):
    async def apply(self, holds: Sequence[tuple[UUID, UUID, UUID, Hold]]) -> None:
        """Rows of (hold_id, case_id, creditor_id, hold); a release that came first is kept."""
        ...

    async def release(self, holds: Sequence[tuple[UUID, UUID, UUID, str]]) -> None: ...
    async def of(self, case_ids: Collection[UUID]) -> dict[UUID, list[Hold]]: ...


class Clearances(Protocol):
    async def add(self, clearances: Sequence[Clearance]) -> None: ...
    async def withdraw(self, case_ids: Collection[UUID]) -> None: ...
    async def find(self, code: str) -> Clearance: ...
    async def of_case(self, case_id: UUID) -> Clearance | None: ...


class Work(Protocol):
    """One transaction over the repositories. What is announced goes out when it commits."""

    @property
    def now(self) -> datetime: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def offers(self) -> Offers: ...
    @property
    def plans(self) -> Plans: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def holds(self) -> Holds: ...
    @property
    def clearances(self) -> Clearances: ...
    @property
    def mandates(self) -> Mandates: ...
    @property
    def approvals(self) -> Approvals: ...
    @property
    def figures(self) -> Figures: ...
    @property
    def agency(self) -> AgencyBooks: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def fees(self) -> Fees: ...
    @property
    def remittances(self) -> Remittances: ...
    @property
    def trust(self) -> TrustAccount: ...
    @property
    def watch(self) -> Watch: ...
    @property
    def due_plans(self) -> DuePlans: ...
    @property
    def replans(self) -> Replans: ...
    @property
    def legal(self) -> LegalFiles: ...
    @property
    def cures(self) -> Cures: ...
    @property
    def reliefs(self) -> Reliefs: ...
    @property
    def evidence(self) -> EvidenceFiles: ...
    @property
    def statements(self) -> Statements: ...
    @property
    def offer_sets(self) -> OfferSets: ...
    @property
    def access(self) -> Access: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def fresh_starts(self) -> FreshStarts: ...
    @property
    def intents(self) -> Intents: ...
    @property
    def bank(self) -> Bank: ...
    @property
    def refund_orders(self) -> RefundOrders: ...
    @property
    def conversations(self) -> Conversations: ...

    def announce(self, body: EventBody, caused_by: Event[EventBody] | None = None) -> None: ...
    async def recall_or_reserve(self, scope: str, key: str, request_hash: str) -> StoredAnswer | None: ...
    async def remember(self, scope: str, key: str, status: int, response: bytes) -> None: ...
    async def commit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Names:
    """Who the page speaks to and for whom: from the vault, for the moment of showing only."""

    person: str
    creditor: str


class Vault(Protocol):
    async def reveal(self, case_id: UUID) -> Names | None:
        """The names, or None where the vault is away or has none; never raises for a network failure."""
        ...


class OpenWork(Protocol):
    """Opens a unit of work: for one case (API: nothing else can be seen), or for all (subscriber, timers).

    `tenant`: everything of one lender and nothing of another. `is_staff`: the queues of all lenders, no cases.
    """

    def __call__(
        self, case_id: UUID | None = None, *, tenant: UUID | None = None, is_staff: bool = False
    ) -> AbstractAsyncContextManager[Work]: ...


class JoinWork(Protocol):
    """The unit of work inside a transaction that the subscriber loop commits."""

    async def __call__(self, transaction: Any) -> Work: ...


@dataclass(frozen=True)
class Resources:
    """What the entry points are given. `link_secret` signs borrowers' links; `staff_token` is the staff's bearer."""

    clock: Clock
    begin: OpenWork
    join: JoinWork
    vault: Vault
    link_secret: bytes
    staff_token: str
    portal: Portal
    money: Money
    sealer: Sealer
    papers: Papers
    pen: AgencysPen
    record: OwnRecord
    guides: Guides = field(default_factory=Guides)
    bureau: Bureau | None = None
    lender_keys: LenderKeys = field(default_factory=NobodysKeys)
    legal: LegalDesk = field(default_factory=LegalDesk)
    staff_roles: Mapping[str, StaffRole] = field(default_factory=dict)
