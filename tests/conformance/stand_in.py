"""A service that is nothing but plumbing: it hears what negotiation hears and answers each event with one of its own.

Planted bugs are tried on it, so that what a checker finds is the bug and not a rule of the trade.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db import migrations
from shared.db.database import new_metadata, service_url
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.case_assessed import CaseAssessed
from shared.events.case_closed import CaseClosed
from shared.events.case_received import CaseReceived
from shared.events.envelope import Event
from shared.events.payment_reported import PaymentReported
from shared.messaging.subscription import Subscription
from shared.outbox.tables import create_plumbing_tables
from shared.service.service import AnyService, Platform, Service
from shared.service.settings import ServiceSettings
from tests.conformance import effects

STAND_IN = "stand-in"
NAME = "negotiation"
HEARD = frozenset({"case.received", "case.assessed", "payment.reported"})
SAID = frozenset({"case.closed"})


def create_service() -> AnyService:
    @asynccontextmanager
    async def nothing(_: Platform) -> AsyncIterator[None]:
        yield None

    return Service(
        name=NAME,
        settings=ServiceSettings(),
        metadata=new_metadata(),
        migrations=Path(),
        open_resources=nothing,
        routers=[],
        subscriptions=lambda _: [
            Subscription(CaseReceived, _answer, provides="case"),
            Subscription(CaseAssessed, _answer, needs=frozenset({"case"})),
            Subscription(PaymentReported, _answer, needs=frozenset({"case"})),
        ],
    )


async def _answer(transaction: Transaction, events: Sequence[Event[EventBody]]) -> None:
    for event in events:
        body: Any = event.body
        transaction.outbox.add(
            CaseClosed(
                case_id=body.case_id,
                creditor_id=body.creditor_id,
                reason="paid_in_full",
                closed_at=transaction.now,
                clearance_code=None,
            ),
            caused_by=event,
        )


async def create_database(url: str, name: str = NAME) -> None:
    """The plumbing tables and the witness's; there are no others."""
    target = service_url(url, name)
    await migrations._create_database(target)
    engine = create_async_engine(target)
    async with engine.begin() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await connection.execute(text("SELECT 1"))
        await driver.execute(migrations._GRANTS)
        await connection.run_sync(lambda sync: create_plumbing_tables(Operations(MigrationContext.configure(sync))))
        await effects.create_table(driver)
    await engine.dispose()
