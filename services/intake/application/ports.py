"""What intake needs of the outside. Implemented in adapters; every repository sees one tenant only, unless it says not.

Bulk throughout: methods take and give many rows. Nothing is committed but by `Work.commit`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.intake.application.rows import (
    AccountRow,
    AgreedPlanRow,
    BatchRow,
    CaseRow,
    CaseView,
    ContactPointRow,
    ContactPointView,
    FactorView,
    HoldRow,
    IdentityView,
    KeyRow,
    KnownAccount,
    KnownPerson,
    PaymentRow,
    PersonRow,
    PersonView,
    RejectionRow,
)
from services.intake.domain.case import Case, PlanHistory
from services.intake.domain.checks import Rules
from services.intake.domain.creditor import Creditor
from services.intake.domain.payment import KnownPayment
from services.intake.domain.placement import Buckets
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.kernel.clock import Clock


class PersonSeal(Protocol):
    """Encrypts one person's fields under that person's key, bound to tenant, person and field name."""

    @property
    def wrapped_key(self) -> bytes:
        """The person's key, wrapped by the tenant's; useless without it."""
        ...

    def seal(self, field: str, text: str) -> bytes: ...

    def unseal(self, field: str, sealed: bytes) -> str:
        """Raises ValueError where the text was sealed for another tenant, person or field, or was changed."""
        ...


class TenantVault(Protocol):
    """The keys of one tenant."""

    def new_seal(self, person_id: UUID) -> PersonSeal: ...

    def open_seal(self, person_id: UUID, wrapped_key: bytes) -> PersonSeal: ...

    def index(self, field: str, text: str) -> bytes:
        """A blind index: equal texts of one tenant and field give equal bytes; without the key nothing can be told."""
        ...

    def seal_secret(self, name: str, text: str) -> bytes: ...

    def unseal_secret(self, name: str, sealed: bytes) -> str: ...


class Vault(Protocol):
    """The root of all keys."""

    def of(self, creditor_id: UUID) -> TenantVault: ...

    def person_tokens(self, statements: Sequence[str]) -> Sequence[tuple[int, bytes]]:
        """(key id, token) of every statement under every key in use: the same for all tenants."""
        ...


class ContactPointReader(Protocol):
    """Knows the forms of contact points and the numbering plan."""

    def read(
        self, kind: str, value: str, jurisdiction: str, *, is_invented: bool = False
    ) -> tuple[str | None, tuple[str, ...]]:
        """The normal form (None: invalid) and the time zones that the number itself points to.

        An invented number must not be anybody's, so its form alone is looked at.
        """
        ...


class Answers(Protocol):
    """First answers to idempotency keys."""

    async def recall_or_reserve(self, scope: str, key: str, request_hash: str) -> bytes | None:
        """The stored answer, or None after reserving the key. Raises `Invalid` for a key used otherwise."""
        ...

    async def remember(self, scope: str, key: str, answer: bytes) -> None: ...


class Creditors(Protocol):
    """Lenders and their keys."""

    async def find(self, creditor_id: UUID) -> Creditor | None: ...

    async def find_by_key(self, key_id: str, at: datetime) -> tuple[Creditor, bytes] | None:
        """The lender that a valid key belongs to, with the sealed secret."""
        ...

    async def all_ids(self) -> Sequence[UUID]:
        """Every tenant's id, at most 10,000. For the vault's interface."""
        ...

    async def add(self, creditor: Creditor) -> bool:
        """False where it is there already."""
        ...

    async def replace(self, creditor: Creditor) -> None: ...

    async def add_key(self, key: KeyRow) -> None: ...

    async def expire_keys(self, creditor_id: UUID, at: datetime) -> None:
        """Let the keys that have no end yet end at a moment."""
        ...


class Persons(Protocol):
    """The vault's rows."""

    async def known(self, identity_indexes: Sequence[bytes], person_ids: Sequence[UUID]) -> Sequence[KnownPerson]:
        """Persons by blind index or id, with their contact points, locked against erasure."""
        ...

    async def add(self, persons: Sequence[PersonRow]) -> None:
        """Raises PlacedMeanwhile where one of the identities has just been added by another request."""
        ...

    async def renew(self, persons: Sequence[PersonRow]) -> None: ...

    async def add_contact_points(self, points: Sequence[ContactPointRow]) -> None: ...

    async def renew_contact_points(self, points: Sequence[ContactPointRow]) -> None: ...

    async def contact_points(self, person_id: UUID) -> Sequence[ContactPointRow]: ...

    async def reveal(self, contact_point_ids: Sequence[UUID]) -> Sequence[ContactPointView]: ...

    async def reveal_by_case(self, case_ids: Sequence[UUID]) -> Sequence[PersonView]: ...

    async def factor(self, case_id: UUID) -> FactorView | None:
        """What the borrower of a case may be asked; None for an unknown case and an erased person."""
        ...

    async def identities(self, person_ids: Sequence[UUID]) -> Sequence[IdentityView]: ...

    async def find_by_value(self, indexes: Mapping[UUID, bytes]) -> Sequence[tuple[UUID, UUID, tuple[UUID, ...]]]:
        """(contact point, person, the person's cases) of all tenants, from each tenant's own index of one value."""
        ...

    async def erase(self, person_id: UUID) -> bool:
        """Delete the person's row, key, indexes, contact points and account numbers. False where nothing was left."""
        ...


class Accounts(Protocol):
    """Loan accounts."""

    async def lock_known(self, number_indexes: Sequence[bytes]) -> Sequence[KnownAccount]: ...

    async def add(self, accounts: Sequence[AccountRow]) -> None:
        """Raises PlacedMeanwhile where one of the numbers has just been added by another request."""
        ...

    async def renew(self, accounts: Sequence[AccountRow]) -> None: ...


class Cases(Protocol):
    """Cases, batches and refused records."""

    async def add_batch(self, batch: BatchRow) -> None: ...

    async def close_batch(self, batch_id: UUID, *, accepted: int, rejected: int) -> None: ...

    async def add(self, cases: Sequence[CaseRow]) -> None: ...

    async def add_rejections(self, rejections: Sequence[RejectionRow]) -> None: ...

    async def lock(self, case_id: UUID) -> Case | None: ...

    async def find(self, case_ids: Sequence[UUID]) -> Mapping[UUID, Case]: ...

    async def newest_of_accounts(self, number_indexes: Sequence[bytes]) -> Mapping[bytes, Case]:
        """The open case of each account, else its newest."""
        ...

    async def of_person(self, person_id: UUID) -> Sequence[tuple[UUID, UUID]]:
        """(case, creditor), oldest first."""
        ...

    async def views(
        self,
        *,
        case_id: UUID | None = None,
        status: str | None = None,
        batch_id: UUID | None = None,
        after: UUID | None = None,
        limit: int = 1,
    ) -> Sequence[CaseView]:
        """Cases in the order of their ids, after a case."""
        ...

    async def recall(self, case_id: UUID, reason: str, at: datetime) -> None: ...

    async def change(self, case_id: UUID, balance: Buckets | None, days_past_due: int | None) -> None: ...

    async def note_agreements(self, news: Sequence[AgreedPlanRow]) -> None:
        """Keep what is told of each plan; a case's plan is the one agreed last that nobody has withdrawn from.

        Cases that are not here are left out.
        """
        ...

    async def note_plans(self, histories: Mapping[UUID, PlanHistory]) -> None:
        """Keep the latest moment of breaking and completing. Cases that are not here are left out."""
        ...

    async def note_holds(self, applied: Sequence[HoldRow]) -> None: ...

    async def note_releases(self, releases: Mapping[UUID, tuple[UUID, datetime]]) -> None:
        """hold -> (case, when). A release may come before its hold."""
        ...

    async def close(self, closed: Mapping[UUID, datetime]) -> None: ...


class Payments(Protocol):
    """Payments that lenders reported."""

    async def known(self, reference_indexes: Sequence[bytes]) -> Mapping[bytes, KnownPayment]: ...

    async def add(self, payments: Sequence[PaymentRow]) -> None:
        """Raises PlacedMeanwhile where another request has just reported one of them."""
        ...


class Work(Protocol):
    """One transaction with everything in it. Left without `commit`, nothing happened."""

    @property
    def now(self) -> datetime: ...

    @property
    def answers(self) -> Answers: ...

    @property
    def creditors(self) -> Creditors: ...

    @property
    def persons(self) -> Persons: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def cases(self) -> Cases: ...

    @property
    def payments(self) -> Payments: ...

    def announce(self, body: EventBody, *, caused_by: Event[EventBody] | None = None) -> None: ...

    async def write_announcements(self) -> None:
        """Write what was announced so far: keeps a large request's memory and the loop's pauses small."""
        ...

    async def commit(self) -> None: ...


@dataclass(frozen=True)
class Resources:
    """What the ways in are given. `begin(tenant)` sees that tenant alone; `begin_for_all()` works for every tenant."""

    clock: Clock
    rules: Rules
    vault: Vault
    contact_points: ContactPointReader
    staff_token: str
    service_secret: bytes
    units: UnitsOfWork


class UnitsOfWork(Protocol):
    """Opens units of work."""

    def begin(self, tenant: UUID) -> AbstractAsyncContextManager[Work]:
        """A lender's request: row-level security shows this tenant's rows and no others."""
        ...

    def begin_for_all(self) -> AbstractAsyncContextManager[Work]:
        """Staff, other services, and finding out whose key it is: rows of all tenants."""
        ...

    def around(self, transaction: Transaction) -> Work:
        """A subscriber's transaction; the loop commits it."""
        ...
