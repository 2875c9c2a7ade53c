"""The unit of work: the repositories over one transaction, for one case (API) or for all (subscriber, timers)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text

from services.negotiation.adapters import access_tables, draft_tables  # noqa: F401 - the metadata has their tables
from services.negotiation.adapters.access import SqlAccess
from services.negotiation.adapters.agency import SqlAgencyBooks, SqlRefunds, SqlTrustAccount
from services.negotiation.adapters.agreement import SqlAgreements
from services.negotiation.adapters.approvals import SqlApprovals, SqlMandates
from services.negotiation.adapters.bank_book import SqlBank
from services.negotiation.adapters.conversations import SqlConversations
from services.negotiation.adapters.cures import SqlCures
from services.negotiation.adapters.drafts import SqlDrafts
from services.negotiation.adapters.due_plans import SqlDuePlans
from services.negotiation.adapters.evidence import SqlEvidence
from services.negotiation.adapters.fresh_start import SqlFreshStarts
from services.negotiation.adapters.interest_figures import shipped_figures
from services.negotiation.adapters.legal import SqlLegalFiles
from services.negotiation.adapters.means import SqlOfferSets, SqlStatements
from services.negotiation.adapters.receipts import SqlIntents, SqlRefundOrders
from services.negotiation.adapters.relief import SqlReliefs
from services.negotiation.adapters.remittances import SqlFees, SqlRemittances
from services.negotiation.adapters.replans import SqlReplans
from services.negotiation.adapters.repositories import (
    SqlCases,
    SqlClearances,
    SqlHolds,
    SqlLedger,
    SqlOffers,
    SqlPlans,
)
from services.negotiation.adapters.watch import SqlWatch
from services.negotiation.application.ports import StoredAnswer
from shared.db import idempotency
from shared.db.database import Database
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

# The policies of the API's role show the rows of this case and of no other: a borrower's link opens one door. Staff see
# the queues of all lenders (`app.staff`, which only the policies of the queues know), a lender its own (`app.tenant`).
_BIND = text("SELECT set_config('app.case', :case, true), set_config('app.staff', :staff, true)")


class SqlWork:
    """Repositories that share a transaction; nothing stays unless it commits."""

    def __init__(self, transaction: Transaction, driver: Connection) -> None:
        self._transaction = transaction
        self.cases = SqlCases(driver, transaction.now)
        self.offers = SqlOffers(driver)
        self.plans = SqlPlans(driver)
        self.ledger = SqlLedger(driver, transaction.now)
        self.holds = SqlHolds(driver)
        self.clearances = SqlClearances(driver, transaction.now)
        self.mandates = SqlMandates(driver)
        self.approvals = SqlApprovals(driver)
        self.figures = shipped_figures()
        self.agency = SqlAgencyBooks(driver, transaction.now)
        self.refunds = SqlRefunds(driver, transaction.now)
        self.fees = SqlFees(driver, transaction.now)
        self.remittances = SqlRemittances(driver)
        self.trust = SqlTrustAccount(driver)
        self.legal = SqlLegalFiles(driver, transaction.now)
        self.watch = SqlWatch(driver, transaction.now)
        self.intents = SqlIntents(driver, transaction.now)
        self.bank = SqlBank(driver, transaction.now)
        self.refund_orders = SqlRefundOrders(driver, transaction.now)
        self.due_plans = SqlDuePlans(driver, transaction.now)
        self.replans = SqlReplans(driver)
        self.cures = SqlCures(driver, transaction.now)
        self.reliefs = SqlReliefs(driver, transaction.now)
        self.evidence = SqlEvidence(driver, transaction.now)
        self.statements = SqlStatements(driver)
        self.offer_sets = SqlOfferSets(driver)
        self.conversations = SqlConversations(driver)
        self.access = SqlAccess(driver, transaction.now)
        self.drafts = SqlDrafts(driver, transaction.now)
        self.agreements = SqlAgreements(driver, transaction.now)
        self.fresh_starts = SqlFreshStarts(driver, transaction.now)

    @property
    def now(self) -> datetime:
        return self._transaction.now

    def announce(self, body: EventBody, caused_by: Event[EventBody] | None = None) -> None:
        self._transaction.outbox.add(body, caused_by=caused_by)

    async def recall_or_reserve(self, scope: str, key: str, request_hash: str) -> StoredAnswer | None:
        known = await idempotency.recall_or_reserve(self._transaction, scope, key, request_hash)
        return StoredAnswer(known.status, known.response) if known is not None else None

    async def remember(self, scope: str, key: str, status: int, response: bytes) -> None:
        await idempotency.remember(self._transaction, scope, key, status, response)

    async def commit(self) -> None:
        await self._transaction.commit()


async def join(transaction: Transaction) -> SqlWork:
    """The repositories inside a transaction that somebody else commits: the subscriber loop's."""
    return SqlWork(transaction, await transaction.driver())


class BeginWork:
    """Opens units of work on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def __call__(
        self, case_id: UUID | None = None, *, tenant: UUID | None = None, is_staff: bool = False
    ) -> AsyncIterator[SqlWork]:
        async with self._database.transaction(tenant=str(tenant) if tenant else None) as transaction:
            bound = {"case": str(case_id) if case_id else "", "staff": "on" if is_staff else ""}
            await transaction.connection.execute(_BIND, bound)
            yield await join(transaction)
