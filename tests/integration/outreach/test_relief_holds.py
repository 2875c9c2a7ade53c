"""From the request for relief to its end nobody is contacted about payment, in whatever order it is heard."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.outreach.application.apply_holds import apply_hold, expire_holds
from shared.events.body import EventBody
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk
from tests.support.events import HARBOUR_CREDIT


def requested(case_id: UUID, relief_id: UUID, at: datetime) -> ReliefRequested:
    return ReliefRequested(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        relief_id=relief_id,
        cause="job_loss",
        months_asked=3,
        decide_by=at + timedelta(days=45),
        requested_at=at,
    )


def granted(case_id: UUID, relief_id: UUID, at: datetime, days: int = 90) -> ReliefGranted:
    until = at + timedelta(days=days)
    return ReliefGranted(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        relief_id=relief_id,
        cause="job_loss",
        form="pause",
        plan_id=None,
        until=until,
        review_on=(until - timedelta(days=14)).date(),
        granted_at=at,
    )


def ended(case_id: UUID, relief_id: UUID, at: datetime, outcome: str = "refused") -> ReliefEnded:
    return ReliefEnded(
        case_id=case_id, creditor_id=HARBOUR_CREDIT, relief_id=relief_id, outcome=outcome, reasons=(), ended_at=at
    )


async def hold_of(desk: Desk, case_id: UUID) -> dict[str, Any] | None:
    rows = await desk.rows("SELECT * FROM holds WHERE case_id = $1 AND released_at IS NULL", case_id)
    assert len(rows) <= 1
    return rows[0] if rows else None


async def test_nothing_leaves_between_the_request_and_the_decision(desk: Desk) -> None:
    case_id, relief_id = await desk.open_case(), new_id()
    await desk.deliver(requested(case_id, relief_id, desk.now))
    (applied,) = await desk.said("hold.applied")
    assert (applied["kind"], applied["cause_event_type"]) == ("hardship", "relief.requested")
    for _ in range(9):
        await desk.sweep()
        desk.databases.clock.advance(timedelta(days=4, hours=1))
        await expire_holds(desk.resources)
    assert desk.carriers.deliveries.total() == 0
    await desk.deliver(ended(case_id, relief_id, desk.now))
    assert await hold_of(desk, case_id) is None
    assert await desk.sweep() == 1
    assert desk.carriers.deliveries.total() == 1


async def test_relief_that_was_granted_holds_to_its_end(desk: Desk) -> None:
    case_id, relief_id = await desk.open_case(), new_id()
    begun = desk.now
    await desk.deliver(requested(case_id, relief_id, begun))
    await desk.deliver(granted(case_id, relief_id, begun))
    hold = await hold_of(desk, case_id)
    assert hold is not None
    assert hold["until"] == begun + timedelta(days=90)
    await desk.deliver(granted(case_id, relief_id, begun, days=150))
    hold = await hold_of(desk, case_id)
    assert hold is not None
    assert hold["until"] == begun + timedelta(days=150), "extended"
    desk.databases.clock.advance(timedelta(days=149, hours=23))
    assert await expire_holds(desk.resources) == 0
    await desk.sweep()
    assert desk.carriers.deliveries.total() == 0
    await desk.deliver(ended(case_id, relief_id, desk.now, "expired"))
    assert await hold_of(desk, case_id) is None


async def test_a_request_that_nobody_decides_holds_no_longer_than_its_bound(desk: Desk) -> None:
    case_id = await desk.open_case()
    await desk.deliver(requested(case_id, new_id(), desk.now))
    desk.databases.clock.advance(timedelta(days=45))
    assert await expire_holds(desk.resources) == 1
    assert await hold_of(desk, case_id) is None


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_an_end_stays_the_end_whatever_is_heard_first(desk: Desk, order: tuple[int, ...]) -> None:
    case_id, relief_id = await desk.open_case(), new_id()
    told: list[EventBody] = [
        requested(case_id, relief_id, desk.now),
        granted(case_id, relief_id, desk.now),
        ended(case_id, relief_id, desk.now, "cancelled"),
    ]
    for position in order:
        await desk.deliver(told[position])
    assert await hold_of(desk, case_id) is None


async def test_the_same_said_twice_is_one_hold(desk: Desk) -> None:
    case_id, relief_id = await desk.open_case(), new_id()
    body = requested(case_id, relief_id, desk.now)
    await desk.deliver(body, body)
    assert len(await desk.said("hold.applied")) == 1
    await desk.deliver(ended(case_id, relief_id, desk.now), ended(case_id, relief_id, desk.now))
    assert len(await desk.said("hold.released")) == 1


async def test_another_relief_of_the_case_still_holds(desk: Desk) -> None:
    case_id, first, second = await desk.open_case(), new_id(), new_id()
    await desk.deliver(requested(case_id, second, desk.now), ended(case_id, first, desk.now))
    assert await hold_of(desk, case_id) is not None


async def test_what_the_staff_hold_without_an_end_is_not_released_with_the_relief(desk: Desk) -> None:
    case_id, relief_id = await desk.open_case(), new_id()
    await apply_hold(desk.resources, case_id, "hardship", None)
    await desk.run("UPDATE holds SET until = NULL WHERE case_id = $1", case_id)
    await desk.deliver(requested(case_id, relief_id, desk.now), ended(case_id, relief_id, desk.now))
    assert await hold_of(desk, case_id) is not None
