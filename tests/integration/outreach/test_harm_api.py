"""Harm budgets and choices over HTTP: what staff see, and overrides that two people make."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.outreach.application.weigh_harm import weigh_harm
from services.outreach.main import create_service
from shared.kernel.identifiers import new_id
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.integration.outreach.desk import Desk

STAFF = {"Authorization": f"Bearer {SANDBOX_SECRET}"}


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """The staff's API beside the timers, on one database."""
    desk.resources = replace(desk.resources, harm=replace(desk.resources.harm, explore_percent=20))
    app = build_app(
        create_service(), Platform("api", desk.databases.clock, desk.databases.api), resources=desk.resources
    )
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://o") as opened:
        yield opened


def acting(who: str) -> dict[str, str]:
    return {**STAFF, "X-Staff-Id": who}


async def state_of(client: httpx.AsyncClient, strategy: str) -> dict[str, Any]:
    answer = await client.get("/v1/harm-budgets", headers=STAFF)
    assert answer.status_code == 200
    (found,) = [entry for entry in answer.json()["budgets"] if entry["strategy"] == strategy]
    return dict(found)


async def test_every_strategy_shows_what_it_has_spent_and_of_what(desk: Desk, client: httpx.AsyncClient) -> None:
    # Nothing is tried out: the first contact leaves at once.
    desk.resources = replace(desk.resources, harm=replace(desk.resources.harm, explore_percent=0))
    await desk.open_case("standard")
    await desk.sweep()
    await weigh_harm(desk.resources)
    standard = await state_of(client, "standard")
    assert (standard["state"], standard["own_state"], standard["override"]) == ("ok", "ok", None)
    complaint = standard["rates"][0]
    assert (complaint["kind"], complaint["contacts"], complaint["harms"]) == ("complaint", 1, 0)
    assert (await state_of(client, "care"))["because"]


async def test_an_override_stands_when_somebody_else_has_agreed(desk: Desk, client: httpx.AsyncClient) -> None:
    until = (desk.now + timedelta(days=1)).isoformat()
    body = {"state": "stopped", "reason": "the regulator has asked us to pause it", "until": until}
    proposed = await client.post("/v1/harm-budgets/firm/overrides", json=body, headers=acting("maker"))
    assert proposed.status_code == 201
    assert (await state_of(client, "firm"))["state"] == "ok"
    approve = f"/v1/harm-budget-overrides/{proposed.json()['override_id']}/approve"
    assert (await client.post(approve, headers=acting("maker"))).status_code == 403
    assert (await client.post(approve, headers=STAFF)).status_code == 422
    assert (await client.post(approve, headers=acting("checker"))).json()["approved_by"] == "checker"
    firm = await state_of(client, "firm")
    assert (firm["state"], firm["own_state"], firm["override"]["proposed_by"]) == ("stopped", "ok", "maker")


@pytest.mark.parametrize(
    "changes", [{"state": "gone"}, {"reason": "short"}, {"until": "2026-03-03T15:00:00"}, {"who": "x"}]
)
async def test_an_override_out_of_form_is_refused(
    desk: Desk, client: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    body = {"state": "ok", "reason": "reason enough", "until": (desk.now + timedelta(days=1)).isoformat(), **changes}
    answer = await client.post("/v1/harm-budgets/firm/overrides", json=body, headers=acting("maker"))
    assert answer.status_code == 422


async def test_a_choice_is_shown_with_what_it_was_made_among(desk: Desk, client: httpx.AsyncClient) -> None:
    # One in five may be put off to be tried at another hour; never all of so many.
    for _ in range(8):
        await desk.open_case("standard")
    while await desk.sweep():
        pass
    attempt = (await desk.attempts())[0]
    (choice,) = (await client.get(f"/v1/choices/{attempt['attempt_id']}", headers=STAFF)).json()["choices"]
    assert choice["repeats"] is True
    assert choice["inputs"]["options"]
    assert choice["snapshot_hash"]
    assert (await client.get(f"/v1/choices/{new_id()}", headers=STAFF)).status_code == 404


async def test_the_report_tells_mode_trials_and_intervals(desk: Desk, client: httpx.AsyncClient) -> None:
    await desk.run("INSERT INTO arm_tallies VALUES ('standard:US:en', 'email', 'morning', 'weekday', 50, 20, 1)")
    report = (await client.get("/v1/choices/report", headers=STAFF)).json()
    assert (report["mode"], report["explore_percent"]) == ("learning", 20)
    (arm,) = report["arms"]
    assert (arm["trials"], arm["responses"], arm["harms"], arm["is_winner"]) == (50, 20, 1, False)
    assert arm["interval"][0] < arm["reward"] < arm["interval"][1]


@pytest.mark.parametrize("path", ["/v1/harm-budgets", "/v1/choices/report"])
async def test_nobody_but_staff_sees_them(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 401
