"""Requests for relief are passed on after a day and decided after four, in one order, and some never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import orjson

from deploy.sandbox.calendar import STAFF_WORKS_AT, Step
from deploy.sandbox.calls import Caller, Key
from deploy.sandbox.lenders import HARBOUR_CREDIT, Lender
from deploy.sandbox.population import Population
from deploy.sandbox.relief_desk import ReliefDesk
from tests.unit.sandbox.builders import a_borrower

ASKED_AT = datetime(2026, 1, 10, 12, tzinfo=UTC)


def a_step(days: int, hour: int) -> Step:
    at = (ASKED_AT + timedelta(days=days)).replace(hour=hour)
    return Step(1, at, days)


class Negotiation:
    """Both queues of relief, whatever their state; calls that change something are kept."""

    def __init__(self, count: int) -> None:
        self.requests = [
            {"relief_id": f"r-{n}", "case_id": f"c-{n}", "requested_at": ASKED_AT.isoformat(), "months_asked": 2}
            for n in reversed(range(count))
        ]
        self.moved: list[str] = []
        self.decided: dict[str, dict[str, Any]] = {}

    async def staff(self, url: str, body: Any = None, *, method: str = "POST", headers: Any = None) -> Any:
        if method == "POST":
            self.moved.append(url.split("/")[-2])
        return {"requests": self.requests}

    async def signed(self, key: Key, url: str, body: bytes, *, method: str = "POST") -> Any:
        if method == "POST":
            self.decided[url.split("/")[-2]] = orjson.loads(body)
        return {"requests": self.requests}


def a_desk(negotiation: Negotiation) -> tuple[ReliefDesk, list[str]]:
    borrowers = {f"HC-{n:05d}": a_borrower(f"HC-{n:05d}", case_id=f"c-{n}") for n in range(40)}
    told: list[str] = []
    population = SimpleNamespace(borrowers=borrowers, come_back=lambda case_id, step: told.append(case_id))
    lender = SimpleNamespace(profile=HARBOUR_CREDIT, key=Key("lender:harbour", b"secret"))
    desk = ReliefDesk(
        1,
        cast(Caller, negotiation),
        "http://negotiation.invalid",
        {"Harbour Credit": cast(Lender, lender)},
        cast(Population, population),
    )
    return desk, told


async def test_staff_pass_a_request_on_after_a_day_in_the_order_of_accounts() -> None:
    negotiation = Negotiation(3)
    desk, _ = a_desk(negotiation)
    assert await desk.pass_on(a_step(0, STAFF_WORKS_AT)) == 0
    assert await desk.pass_on(a_step(1, STAFF_WORKS_AT - 4)) == 0
    assert await desk.pass_on(a_step(1, STAFF_WORKS_AT)) == 3
    assert negotiation.moved == ["r-0", "r-1", "r-2"]


async def test_a_lender_grants_refuses_with_reasons_or_says_nothing() -> None:
    negotiation = Negotiation(40)
    desk, told = a_desk(negotiation)
    hour = HARBOUR_CREDIT.reports_at_hour
    assert await desk.decide(a_step(3, hour)) == 0
    assert await desk.decide(a_step(5, hour + 1)) == 0
    decided = await desk.decide(a_step(5, hour))
    assert 0 < decided == len(told) == len(negotiation.decided) < 40
    granted = [body for body in negotiation.decided.values() if body["verdict"] == "granted"]
    refused = [body for body in negotiation.decided.values() if body["verdict"] == "refused"]
    assert {body["months"] for body in granted} == {2}
    assert refused
    assert all(body["reasons"] and body["alternatives"] for body in refused)
