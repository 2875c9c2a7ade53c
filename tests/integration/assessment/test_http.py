"""The HTTP interface over a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from services.assessment.adapters.model_files import read_model
from services.assessment.adapters.work import DatabaseWork
from services.assessment.application.assess_received_cases import assess_received_cases
from services.assessment.application.learn_facts import learn_replies
from services.assessment.main import create_service, open_resources
from services.assessment.settings import AssessmentSettings
from shared.kernel.identifiers import new_id
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.support.databases import ServiceDatabases
from tests.support.events import case_received
from tests.unit.assessment.builders import announced, borrower_replied

STAFF = {"Authorization": f"Bearer {SANDBOX_SECRET}"}


@pytest.fixture
async def databases(service_database: Callable[[str], Awaitable[ServiceDatabases]]) -> ServiceDatabases:
    return await service_database("assessment")


@pytest.fixture
async def client(databases: ServiceDatabases) -> AsyncIterator[httpx.AsyncClient]:
    settings = AssessmentSettings()
    platform = Platform("api", databases.clock, databases.api)
    async with open_resources(settings, platform) as resources:
        app = build_app(create_service(settings), platform, resources=resources)
        app.state.resources = resources
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://assessment") as client:
            yield client


async def test_every_point_is_shown_with_its_fact_and_its_reason_in_both_languages(
    client: httpx.AsyncClient, databases: ServiceDatabases
) -> None:
    case = case_received()
    async with databases.worker.transaction() as transaction:
        work, model = DatabaseWork(transaction), read_model().model
        await assess_received_cases(work, model, [announced(case)])
        await learn_replies(work, model, [announced(borrower_replied(case.case_id, "hardship", "illness"))])
        await transaction.commit()
    answer = await client.get(f"/v1/cases/{case.case_id}/assessments", headers=STAFF)
    assert answer.status_code == 200
    newest, first = answer.json()["assessments"]
    assert (first["trigger"], newest["trigger"]) == ("case.received", "borrower.replied")
    assert newest["reasons"][0] == {
        "code": "rule_care_vulnerable",
        "en": "Vulnerable: care track only",
        "zh": "特殊困难群体:仅适用关怀方案",
    }
    for axis in ("ability", "willingness"):
        assert sum(p["points"] for p in newest["points"] if p["axis"] == axis) == newest[axis]
    shown = next(p for p in newest["points"] if p["reason"]["code"] == "cause_illness")
    assert (shown["fact"], shown["value"], shown["points"]) == ("arrears_cause", "illness", -16)


async def test_the_number_of_assessments_can_be_limited(client: httpx.AsyncClient) -> None:
    path = f"/v1/cases/{new_id()}/assessments"
    for limit in (0, 201):
        assert (await client.get(path, params={"limit": limit}, headers=STAFF)).status_code == 422
    for limit in (1, 200):
        assert (await client.get(path, params={"limit": limit}, headers=STAFF)).status_code == 404


async def test_the_model_in_use_is_shown_whole(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/v1/scorecards/current", headers=STAFF)).json()
    in_use = read_model()
    assert (answer["model"], answer["sha256"]) == (in_use.model.name, in_use.model.sha256)
    assert answer["scorecard"] == in_use.scorecard_document
    assert answer["treatment"] == in_use.treatment_document


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guess"}, {"Authorization": "Basic c3RhZmY6"}])
async def test_nobody_but_the_staff_may_ask(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for path in ("/v1/scorecards/current", f"/v1/cases/{new_id()}/assessments"):
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "staff_unidentified"


async def test_an_unknown_case_is_not_found_and_a_malformed_id_is_invalid(client: httpx.AsyncClient) -> None:
    unknown = await client.get(f"/v1/cases/{new_id()}/assessments", headers=STAFF)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "case_unknown")
    assert (await client.get("/v1/cases/not-a-case/assessments", headers=STAFF)).status_code == 422
