"""A transaction with assessment's repositories around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from services.assessment.adapters.repositories import AssessmentRepository, CaseFileRepository
from shared.db.database import Database
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event


class DatabaseWork:
    """Reads and writes in one transaction, which somebody else commits."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.case_files = CaseFileRepository(transaction)
        self.assessments = AssessmentRepository(transaction)

    @property
    def now(self) -> datetime:
        return self._transaction.now

    def announce(self, body: EventBody, caused_by: Event[Any]) -> None:
        self._transaction.outbox.add(body, caused_by=caused_by)


@asynccontextmanager
async def begin_work(database: Database) -> AsyncIterator[DatabaseWork]:
    """For the API, which only reads: nothing is committed."""
    async with database.transaction() as transaction:
        yield DatabaseWork(transaction)
