"""Units of work: one transaction with intake's repositories in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy.exc import DBAPIError

from services.intake.adapters.accounts import AccountTable
from services.intake.adapters.cases import CaseTable
from services.intake.adapters.creditors import CreditorTable
from services.intake.adapters.payments import PaymentTable
from services.intake.adapters.persons import PersonTable
from services.intake.domain.refusals import PlacedMeanwhile
from shared.db.database import Database
from shared.db.idempotency import recall_or_reserve, remember
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event

_ANSWERED = 200


class KeptAnswers:
    """Idempotency keys in the same transaction as what they answer for."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def recall_or_reserve(self, scope: str, key: str, request_hash: str) -> bytes | None:
        stored = await recall_or_reserve(self._transaction, scope, key, request_hash)
        return stored.response if stored else None

    async def remember(self, scope: str, key: str, answer: bytes) -> None:
        await remember(self._transaction, scope, key, _ANSWERED, answer)


class IntakeWork:
    """`tenant` None: rows of all tenants."""

    def __init__(self, transaction: Transaction, tenant: UUID | None) -> None:
        self._transaction = transaction
        self.answers = KeptAnswers(transaction)
        self.creditors = CreditorTable(transaction)
        self.persons = PersonTable(transaction, tenant)
        self.accounts = AccountTable(transaction, tenant)
        self.cases = CaseTable(transaction, tenant)
        self.payments = PaymentTable(transaction, tenant)

    @property
    def now(self) -> datetime:
        return self._transaction.now

    def announce(self, body: EventBody, *, caused_by: Event[EventBody] | None = None) -> None:
        self._transaction.outbox.add(body, caused_by=caused_by)

    async def write_announcements(self) -> None:
        await self._transaction.outbox.flush()

    async def commit(self) -> None:
        await self._transaction.commit()


class IntakeUnits:
    """Opens units of work: lenders' on connections that see one tenant, the others' on those that see all."""

    def __init__(self, for_tenants: Database, for_all: Database) -> None:
        self._for_tenants = for_tenants
        self._for_all = for_all

    @asynccontextmanager
    async def begin(self, tenant: UUID) -> AsyncIterator[IntakeWork]:
        try:
            async with self._for_tenants.transaction(tenant=str(tenant)) as transaction:
                yield IntakeWork(transaction, tenant)
        except (asyncpg.DeadlockDetectedError, DBAPIError) as error:
            if not _is_deadlock(error):
                raise
            # Two requests with the same persons in opposite order: the other one goes on, this one looks again.
            raise PlacedMeanwhile from error

    @asynccontextmanager
    async def begin_for_all(self) -> AsyncIterator[IntakeWork]:
        async with self._for_all.transaction() as transaction:
            yield IntakeWork(transaction, None)

    def around(self, transaction: Transaction) -> IntakeWork:
        return IntakeWork(transaction, None)


def _is_deadlock(error: asyncpg.DeadlockDetectedError | DBAPIError) -> bool:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) == asyncpg.DeadlockDetectedError.sqlstate
