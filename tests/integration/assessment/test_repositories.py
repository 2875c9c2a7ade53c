"""The fake passes the suite of the real thing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import orjson
import pytest

from services.assessment.adapters.model_files import read_model
from services.assessment.adapters.work import DatabaseWork
from services.assessment.application.ports import AssessmentWork, KeptAssessment
from services.assessment.domain.assessment import assess
from services.assessment.domain.case_file import CaseFile
from shared.kernel.identifiers import new_id
from tests.support.databases import ServiceDatabases
from tests.support.events import HARBOUR_CREDIT
from tests.unit.assessment.builders import AT, TODAY, MemoryWork, rent_arrears

OpenWork = Callable[[], Any]
MODEL = read_model().model


@pytest.fixture(params=["memory", "postgresql"])
async def open_work(
    request: pytest.FixtureRequest, service_database: Callable[[str], Awaitable[ServiceDatabases]]
) -> OpenWork:
    """Each call is a unit of work that is committed at its end."""
    if request.param == "memory":
        memory = MemoryWork()

        @asynccontextmanager
        async def in_memory() -> AsyncIterator[AssessmentWork]:
            yield memory

        return in_memory
    databases = await service_database("assessment")

    @asynccontextmanager
    async def in_database() -> AsyncIterator[AssessmentWork]:
        async with databases.worker.transaction() as transaction:
            yield DatabaseWork(transaction)
            await transaction.commit()

    return in_database


def rent_file() -> CaseFile:
    return CaseFile(new_id(), HARBOUR_CREDIT, rent_arrears())


def kept(file: CaseFile, trigger: str = "case.received") -> KeptAssessment:
    return KeptAssessment(
        assessment_id=new_id(),
        case_id=file.case_id,
        assessed_at=AT,
        trigger=trigger,
        model=MODEL.name,
        model_sha256=MODEL.sha256,
        sha256="0" * 64,
        is_announced=True,
        assessment=assess(file.facts, MODEL, TODAY),
    )


async def test_a_saved_file_comes_back_whole(open_work: OpenWork) -> None:
    file = rent_file()
    file.facts = (
        file.facts.with_reply("hardship", "illness")
        .with_plan_broken("0001", AT, 1)
        .with_early_sign("0001:later_each_time")
    )
    file.announced_key, file.latest_sha256 = "C|mid", "0" * 64
    async with open_work() as work:
        await work.case_files.save([file])
    async with open_work() as work:
        assert await work.case_files.load({file.case_id, new_id()}) == {file.case_id: file}
        assert await work.case_files.find(file.case_id) == file
        assert await work.case_files.find(new_id()) is None


@pytest.mark.parametrize(("broken_at", "state"), [("", "running"), ("2026-04-11T15:00:00.000000+00:00", "broken")])
async def test_plans_that_were_kept_without_names_are_kept_on(
    service_database: Callable[[str], Awaitable[ServiceDatabases]], broken_at: str, state: str
) -> None:
    databases = await service_database("assessment")
    file, untouched = rent_file(), rent_file()
    former = {
        "plan_agreed_at": "2026-03-02T15:00:00.000000+00:00",
        "plan_broken_at": broken_at,
        "plan_completed_at": "",
    }
    async with databases.worker.transaction() as transaction:
        work = DatabaseWork(transaction)
        await work.case_files.save([file, untouched])
        driver = await transaction.driver()
        change = "UPDATE case_files SET facts = facts - 'plans' - 'early_signs' || $1::jsonb WHERE case_id = $2"
        await driver.execute(change, orjson.dumps(former).decode(), file.case_id)
        migration = import_module("services.assessment.migrations.versions.0002_plans_one_by_one")
        await driver.execute(migration.NAME_PLANS)
        loaded = await work.case_files.load({file.case_id, untouched.case_id})
    assert loaded[untouched.case_id] == untouched
    assert loaded[file.case_id].facts.plan_state == state
    assert loaded[file.case_id].facts.with_plan_withdrawn("0001").plan_state == state


async def test_a_changed_file_replaces_the_former_one(open_work: OpenWork) -> None:
    file = rent_file()
    async with open_work() as work:
        await work.case_files.save([file])
    async with open_work() as work:
        loaded = (await work.case_files.load({file.case_id}))[file.case_id]
        loaded.end("recalled")
        await work.case_files.save([loaded])
    async with open_work() as work:
        assert (await work.case_files.load({file.case_id}))[file.case_id].status == "recalled"


async def test_assessments_come_back_whole_and_newest_first(open_work: OpenWork) -> None:
    file, other = rent_file(), rent_file()
    first, second = kept(file), kept(file, "borrower.replied")
    async with open_work() as work:
        await work.case_files.save([file, other])
        await work.assessments.add([first])
    async with open_work() as work:
        await work.assessments.add([kept(other), second])
        await work.assessments.add([])
    async with open_work() as work:
        newest = await work.assessments.newest(file.case_id, 5)
        assert {row.assessment_id for row in newest} == {first.assessment_id, second.assessment_id}
        assert next(row for row in newest if row.assessment_id == first.assessment_id) == first
        assert len(await work.assessments.newest(file.case_id, 1)) == 1
