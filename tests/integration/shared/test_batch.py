"""One batch, one transaction: what happens to records that come twice, early, late or broken."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db.database import Database, open_database, service_url
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.case_assessed import CaseAssessed
from shared.events.case_received import CaseReceived
from shared.events.envelope import Event
from shared.kernel.clock import FrozenClock
from shared.kernel.identifiers import new_id
from shared.messaging import ledger
from shared.messaging.batch import BatchHandler
from shared.messaging.record import Record
from shared.messaging.subscription import Subscription
from shared.outbox.tables import create_plumbing_tables
from tests.support.databases import MONDAY_MORNING, drop_database
from tests.support.events import case_assessed, case_received, event, record
from tests.support.servers import Servers


class BadCase(Exception):
    """A handler's refusal to take an event: a permanent failure."""


class Toy:
    """A service with two subscriptions that notes what it handled, and refuses the cases it is told to."""

    def __init__(self, database: Database) -> None:
        self.refused: set[UUID] = set()
        self.held: list[str] = []
        self.batches = BatchHandler(
            database,
            "negotiation",
            [
                Subscription(CaseReceived, self._take, provides="case"),
                Subscription(CaseAssessed, self._take, needs=frozenset({"case"})),
            ],
            self._hold,
        )
        self._database = database

    async def _take(self, transaction: Transaction, events: Sequence[Event[EventBody]]) -> None:
        if any(e.key in self.refused for e in events):
            raise BadCase
        driver = await transaction.driver()
        await driver.executemany(
            "INSERT INTO handled (event_id, topic, key, sequence) VALUES ($1, $2, $3, $4)",
            [(e.event_id, e.event_type, str(e.key), e.sequence) for e in events],
        )

    async def _hold(self, transaction: Transaction, key: str, reason: str) -> None:
        self.held.append(key)

    async def handled(self, key: UUID | None = None) -> list[tuple[str, int]]:
        rows = await self.rows("SELECT topic, key, sequence FROM handled ORDER BY id")
        return [(row["topic"], row["sequence"]) for row in rows if key is None or row["key"] == str(key)]

    async def rows(self, sql: str) -> list[Any]:
        async with self._database.transaction() as transaction:
            return list(await (await transaction.driver()).fetch(sql))


@pytest.fixture
async def toy(servers: Servers) -> AsyncIterator[Toy]:
    base = f"t{new_id().hex[-12:]}"
    url = servers.database_url.rsplit("/", 1)[0] + "/" + base
    await _create(url)
    database = open_database(url, "negotiation", FrozenClock(MONDAY_MORNING), role="concord_worker")
    async with database.transaction() as transaction:
        await ledger.ensure_cursors(await transaction.driver(), {"case.received", "case.assessed"}, 4)
        await transaction.commit()
    yield Toy(database)
    await database.close()
    await drop_database(url, "negotiation")


async def _create(url: str) -> None:
    from shared.db import migrations

    target = service_url(url, "negotiation")
    await migrations._create_database(target)
    engine = create_async_engine(target)
    async with engine.begin() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await connection.execute(text("SELECT 1"))
        await driver.execute(migrations._GRANTS)
        await connection.run_sync(lambda sync: create_plumbing_tables(Operations(MigrationContext.configure(sync))))
        await driver.execute(
            "CREATE TABLE handled (id bigserial PRIMARY KEY, event_id uuid, topic text, key text, sequence bigint)"
        )
    await engine.dispose()


def placed(case_id: UUID, sequence: int = 1, *, offset: int) -> Record:
    return record(event(case_received(case_id), sequence), offset=offset)


def assessed(case_id: UUID, sequence: int = 1, *, offset: int) -> Record:
    return record(event(case_assessed(case_id), sequence), offset=offset)


async def test_an_event_delivered_again_has_no_second_effect(toy: Toy) -> None:
    first = placed(new_id(), offset=0)
    again = Record(first.topic, first.partition, 1, first.key, first.headers, first.value)
    assert (await toy.batches.handle([first, again])).handled == 1
    assert (await toy.batches.handle([first, again])).handled == 0
    assert await toy.handled() == [("case.received", 1)]


async def test_a_batch_below_the_cursor_changes_nothing_and_moves_no_cursor_back(toy: Toy) -> None:
    records = [placed(new_id(), offset=n) for n in range(5)]
    await toy.batches.handle(records)
    zombie = [placed(new_id(), offset=n) for n in range(3)]
    assert (await toy.batches.handle(zombie)).handled == 0
    rows = await toy.rows("SELECT next_offset FROM cursors WHERE topic = 'case.received' AND partition = 0")
    assert rows[0]["next_offset"] == 5


async def test_events_of_a_case_that_come_early_wait_and_are_handled_in_order(toy: Toy) -> None:
    case = new_id()
    first, second, third = (placed(case, n, offset=0) for n in (1, 2, 3))
    await toy.batches.handle([_at(third, 0)])
    assert await toy.handled() == []
    await toy.batches.handle([_at(first, 1)])
    assert await toy.handled() == [("case.received", 1)]
    await toy.batches.handle([_at(second, 2)])
    assert await toy.handled() == [("case.received", 1), ("case.received", 2), ("case.received", 3)]
    assert await toy.rows("SELECT * FROM waiting") == []


async def test_a_shuffled_batch_is_put_in_order(toy: Toy) -> None:
    case = new_id()
    records = [placed(case, n, offset=0) for n in (4, 2, 1, 3)]
    await toy.batches.handle([_at(r, n) for n, r in enumerate(records)])
    assert [sequence for _, sequence in await toy.handled()] == [1, 2, 3, 4]


async def test_an_event_waits_for_the_fact_it_needs_and_later_ones_stay_behind_it(toy: Toy) -> None:
    case = new_id()
    await toy.batches.handle([assessed(case, 1, offset=0), assessed(case, 2, offset=1)])
    assert await toy.handled() == []
    await toy.batches.handle([placed(case, offset=0), assessed(case, 3, offset=2)])
    assert await toy.handled() == [
        ("case.received", 1),
        ("case.assessed", 1),
        ("case.assessed", 2),
        ("case.assessed", 3),
    ]
    assert await toy.rows("SELECT * FROM waiting") == []


async def test_one_whose_gap_closes_but_whose_fact_is_missing_waits_on(toy: Toy) -> None:
    case = new_id()
    await toy.batches.handle([assessed(case, 2, offset=0)])
    await toy.batches.handle([assessed(case, 1, offset=1)])
    assert [(r["reason"], r["sequence"]) for r in await toy.rows("SELECT * FROM waiting ORDER BY sequence")] == [
        ("fact", 1),
        ("fact", 2),
    ]
    await toy.batches.handle([placed(case, offset=0)])
    assert await toy.handled() == [("case.received", 1), ("case.assessed", 1), ("case.assessed", 2)]


async def test_a_case_in_quarantine_keeps_its_later_events_in_order_and_others_go_on(toy: Toy) -> None:
    bad, good = new_id(), new_id()
    poison = placed(bad, offset=0)
    await toy.batches.quarantine(poison, "BadCase in handler", 1)
    await toy.batches.handle([placed(bad, 2, offset=1), placed(good, offset=2), assessed(bad, offset=0)])
    assert await toy.handled() == [("case.received", 1)]
    assert toy.held == [str(bad)]
    tally = await toy.batches.release(str(bad))
    assert tally.handled == 3
    assert await toy.handled(bad) == [("case.received", 1), ("case.received", 2), ("case.assessed", 1)]
    assert await toy.rows("SELECT * FROM waiting UNION ALL SELECT * FROM waiting") == []
    assert await toy.rows("SELECT * FROM quarantine") == []


async def test_a_release_that_fails_again_changes_nothing(toy: Toy) -> None:
    bad = new_id()
    await toy.batches.quarantine(placed(bad, offset=0), "BadCase in handler", 1)
    toy.refused.add(bad)
    with pytest.raises(BadCase):
        await toy.batches.release(str(bad))
    assert len(await toy.rows("SELECT * FROM quarantine")) == 1
    assert len(await toy.rows("SELECT * FROM waiting")) == 1


async def test_a_discarded_event_lets_the_rest_of_its_case_go_on(toy: Toy) -> None:
    case = new_id()
    unreadable = record(event(case_received(case), 1), offset=0)
    broken = Record(unreadable.topic, 0, 0, unreadable.key, unreadable.headers, b"\xff not json")
    tally = await toy.batches.handle([broken, placed(case, 2, offset=1)])
    assert (tally.quarantined, tally.handled) == (1, 0)
    tally = await toy.batches.release(str(case), discard_first=True)
    assert await toy.handled() == [("case.received", 2)]


async def test_an_unknown_version_waits_in_quarantine_instead_of_being_dropped(toy: Toy) -> None:
    case = new_id()
    known = placed(case, offset=0)
    newer = Record(
        known.topic,
        0,
        0,
        known.key,
        {**known.headers, "ce_dataschema": "urn:concord:events:case.received:v99"},
        known.value,
    )
    assert (await toy.batches.handle([newer])).quarantined == 1
    assert len(await toy.rows("SELECT * FROM waiting WHERE reason = 'quarantine'")) == 1


async def test_a_record_without_a_readable_key_becomes_a_dead_letter_with_its_origin(toy: Toy) -> None:
    stray = Record("case.received", 2, 7, None, {}, b"\xff")
    tally = await toy.batches.handle([stray])
    assert tally.dead_letters == 1
    (row,) = await toy.rows("SELECT topic, headers::text AS headers, value FROM outbox")
    assert row["topic"] == "case.received.dead.negotiation"
    assert row["value"] == b"\xff"
    for said in ('"dead-reason"', '"dead-topic":"case.received"', '"dead-partition":"2"', '"dead-offset":"7"'):
        assert said in row["headers"]


def _at(original: Record, offset: int) -> Record:
    return Record(original.topic, original.partition, offset, original.key, original.headers, original.value)
