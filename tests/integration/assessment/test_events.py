"""Events through the real batch handler into a real database and its outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text

from services.assessment.main import create_service, open_resources
from services.assessment.settings import AssessmentSettings
from shared.events.body import EventBody
from shared.kernel.identifiers import new_id
from shared.messaging.batch import BatchHandler
from shared.service.service import Platform
from tests.support.databases import ServiceDatabases
from tests.support.events import AT, case_received, event, record
from tests.unit.assessment.builders import (
    borrower_replied,
    contact_attempted,
    default_detected,
    plan_agreed,
    plan_slipped,
    plan_withdrawn,
)

LATER = AT + timedelta(days=40)


class Assessment:
    """The service as its subscriber runs it; each delivery is one batch."""

    def __init__(self, databases: ServiceDatabases, handler: BatchHandler) -> None:
        self.databases = databases
        self._handler = handler
        self._offsets: dict[str, int] = {}

    async def deliver(self, *bodies: EventBody, sequence: int = 1, at: datetime = AT) -> None:
        records = []
        for body in bodies:
            offset = self._offsets.get(body.event_type, 0)
            self._offsets[body.event_type] = offset + 1
            records.append(record(event(body, sequence, at=at), offset=offset))
        await self._handler.handle(records)

    async def said(self, case_id: UUID) -> list[dict[str, Any]]:
        rows = await self.fetch("SELECT value FROM outbox WHERE key = :key ORDER BY id", key=str(case_id))
        return [orjson.loads(row[0]) for row in rows]

    async def fetch(self, statement: str, **parameters: Any) -> Sequence[Any]:
        async with self.databases.worker.transaction() as transaction:
            return (await transaction.connection.execute(text(statement), parameters)).fetchall()


@pytest.fixture
async def assessment(service_database: Callable[[str], Awaitable[ServiceDatabases]]) -> Any:
    databases = await service_database("assessment")
    settings = AssessmentSettings()
    service = create_service(settings)
    platform = Platform("subscriber", databases.clock, databases.worker)
    async with open_resources(settings, platform) as resources:
        handler = BatchHandler(databases.worker, "assessment", service.subscriptions(resources))
        yield Assessment(databases, handler)


async def test_a_received_case_leaves_as_an_assessed_one(assessment: Assessment) -> None:
    case = case_received()
    await assessment.deliver(case)
    [said] = await assessment.said(case.case_id)
    assert (said["case_id"], said["trigger"]) == (str(case.case_id), "case.received")
    [row] = await assessment.fetch("SELECT is_announced, assessment_id, points FROM assessments")
    assert row.is_announced
    assert str(row.assessment_id) == said["assessment_id"]
    assert sum(p["points"] for p in row.points if p["axis"] == "ability") == said["ability"]


async def test_a_whole_batch_is_assessed_together(assessment: Assessment) -> None:
    await assessment.deliver(*(case_received() for _ in range(500)))
    [row] = await assessment.fetch("SELECT count(*), count(DISTINCT case_id) FROM assessments")
    assert tuple(row) == (500, 500)


async def test_an_event_before_its_case_waits_for_it(assessment: Assessment) -> None:
    case = case_received()
    await assessment.deliver(borrower_replied(case.case_id, "hardship", "illness"))
    assert await assessment.said(case.case_id) == []
    await assessment.deliver(case)
    assert [said["strategy"] for said in await assessment.said(case.case_id)][-1] == "care"
    assert await assessment.fetch("SELECT 1 FROM waiting") == []


async def test_a_default_is_always_said_and_a_contact_is_not(assessment: Assessment) -> None:
    case = case_received()
    await assessment.deliver(case, plan_agreed(case.case_id), contact_attempted(case.case_id))
    before = len(await assessment.said(case.case_id))
    await assessment.deliver(contact_attempted(case.case_id), sequence=2)
    assert len(await assessment.said(case.case_id)) == before
    await assessment.deliver(default_detected(case.case_id), at=LATER)
    await assessment.deliver(default_detected(case.case_id), sequence=2, at=LATER)
    said = await assessment.said(case.case_id)
    assert [entry["strategy"] for entry in said[before:]] == ["plan_rescue", "plan_rescue"]


async def test_a_withdrawal_heard_before_its_plan_leaves_no_plan(assessment: Assessment) -> None:
    case = case_received()
    plan = plan_agreed(case.case_id)
    await assessment.deliver(plan_withdrawn(plan))
    await assessment.deliver(case)
    await assessment.deliver(plan)
    assert [said["segment"] != "plan_in_hand" for said in await assessment.said(case.case_id)] == [True]


async def test_an_early_sign_is_said_once_and_kept_over_batches(assessment: Assessment) -> None:
    case, plan_id = case_received(), new_id()
    await assessment.deliver(case)
    for sequence in (1, 2, 3):
        await assessment.deliver(plan_slipped(case.case_id, plan_id, count=sequence + 1), sequence=sequence)
    assert [said["trigger"] for said in await assessment.said(case.case_id)] == ["case.received", "plan.slipped"]


async def test_the_api_s_role_reads_what_the_worker_wrote(assessment: Assessment) -> None:
    await assessment.deliver(case_received(new_id()))
    async with assessment.databases.api.transaction() as transaction:
        assert await (await transaction.driver()).fetchval("SELECT count(*) FROM assessments") == 1
