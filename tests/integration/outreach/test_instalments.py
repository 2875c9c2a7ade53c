"""Reminders of a kept plan: two days before, once, and never when there is nothing to remind of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from deploy.sandbox.due import DUE
from services.outreach.application import remind_instalments as remind_instalments_module
from services.outreach.application.apply_holds import apply_hold
from services.outreach.application.provide_validation import provide_validation
from services.outreach.application.remind_instalments import remind_instalments
from shared.events.default_detected import DefaultDetected
from shared.events.plan_agreed import PlanAgreed
from shared.events.terms import Terms
from shared.kernel.identifiers import new_id
from shared.service.faults import InjectedFault
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.stops import plan_withdrawn
from tests.support.events import HARBOUR_CREDIT

DUE_ON = ("2026-03-10", "2026-04-10")
REMIND_AT = datetime(2026, 3, 8, 14, 0, tzinfo=UTC)
"""Ten in the morning in New York, where summer time has begun that night."""


def agreed(case_id: UUID, *due_on: str, **changes: Any) -> PlanAgreed:
    instalments = [
        {"number": number, "due_on": day, "amount": 12_550} for number, day in enumerate(due_on or DUE_ON, start=1)
    ]
    terms = {
        "kind": "instalments",
        "currency": "USD",
        "total": 12_550 * len(instalments),
        "discount": 0,
        "instalments": instalments,
        "grace_days": 3,
    }
    body = PlanAgreed(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        plan_id=new_id(),
        offer_id=None,
        terms=Terms.model_validate(terms),
        terms_hash="0" * 64,
        agreed_at=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
    )
    return body.model_copy(update=changes)


async def plan_kept(desk: Desk, *due_on: str) -> PlanAgreed:
    case_id = await desk.open_case()
    plan = agreed(case_id, *due_on)
    await desk.deliver(plan)
    await desk.run("UPDATE contact_plans SET due_at = NULL")
    return plan


def until(desk: Desk, at: datetime) -> None:
    desk.databases.clock.advance(at - desk.now)


async def test_a_reminder_leaves_two_days_before_each_instalment_and_once(desk: Desk) -> None:
    await plan_kept(desk)
    until(desk, REMIND_AT - timedelta(seconds=1))
    assert await remind_instalments(desk.resources) == 0
    until(desk, REMIND_AT)
    assert await remind_instalments(desk.resources) == 1
    (said,) = await desk.said("contact.attempted")
    assert (said["channel"], said["rung"], said["outcome"]) == ("email", "reminder", "delivered")
    (message,) = desk.carriers.texts.values()
    assert "$125.50" in message.text
    assert "10 March 2026" in message.text
    assert "keeping your plan" in message.text
    until(desk, REMIND_AT + timedelta(hours=1))
    assert await remind_instalments(desk.resources) == 1
    assert await remind_instalments(desk.resources) == 0
    rows = await desk.rows("SELECT closed_because FROM instalment_reminders ORDER BY number")
    assert [row["closed_because"] for row in rows] == ["sent", None]
    assert len(await desk.said("contact.attempted")) == 1


async def test_a_plan_heard_twice_is_reminded_of_once(desk: Desk) -> None:
    plan = await plan_kept(desk)
    await desk.deliver(plan)
    assert len(await desk.rows("SELECT * FROM instalment_reminders")) == 2
    until(desk, REMIND_AT)
    await remind_instalments(desk.resources)
    assert len(await desk.said("contact.attempted")) == 1


async def test_an_instalment_too_near_is_not_reminded_of(desk: Desk) -> None:
    await plan_kept(desk, "2026-03-03", "2026-03-04")
    assert not await desk.rows("SELECT * FROM instalment_reminders")


@pytest.mark.parametrize("is_withdrawal_first", [False, True])
async def test_nobody_is_reminded_of_a_plan_withdrawn_from(desk: Desk, is_withdrawal_first: bool) -> None:
    case_id = await desk.open_case()
    plan = agreed(case_id)
    news = [plan, plan_withdrawn(plan)]
    for body in reversed(news) if is_withdrawal_first else news:
        await desk.deliver(body)
    await desk.run("UPDATE contact_plans SET due_at = NULL")
    until(desk, REMIND_AT)
    assert await remind_instalments(desk.resources) == 1
    assert not await desk.attempts()
    rows = await desk.rows("SELECT closed_because FROM instalment_reminders ORDER BY number")
    assert rows[0]["closed_because"] == "plan_ended"


async def test_a_reminder_reserved_before_a_withdrawal_does_not_leave(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = await plan_kept(desk)
    until(desk, REMIND_AT)

    def die(_: str) -> None:
        raise InjectedFault

    with monkeypatch.context() as patch:
        patch.setattr(remind_instalments_module, "fault_point", die)
        with pytest.raises(InjectedFault):
            await remind_instalments(desk.resources)
    assert [attempt["state"] for attempt in await desk.attempts()] == ["reserved"]
    await desk.deliver(plan_withdrawn(plan))
    await desk.run("UPDATE contact_plans SET due_at = NULL")
    await desk.recover()
    until(desk, REMIND_AT + timedelta(hours=2))
    await remind_instalments(desk.resources)
    assert desk.carriers.asked_for == []


async def test_a_broken_plan_is_not_reminded_of(desk: Desk) -> None:
    plan = await plan_kept(desk)
    broken = DefaultDetected(
        case_id=plan.case_id,
        creditor_id=HARBOUR_CREDIT,
        plan_id=plan.plan_id,
        instalment_number=1,
        due_on=date(2026, 3, 5),
        due=12_550,
        paid=0,
        currency="USD",
        kind="missed",
        defaults_on_case=1,
        detected_at=desk.now,
    )
    await desk.deliver(broken)
    until(desk, REMIND_AT)
    assert await remind_instalments(desk.resources) == 1
    assert not await desk.attempts()
    rows = await desk.rows("SELECT closed_because FROM instalment_reminders ORDER BY number")
    assert rows[0]["closed_because"] == "plan_ended"


async def test_a_hold_speaks_against_a_reminder_too(desk: Desk) -> None:
    plan = await plan_kept(desk)
    await apply_hold(desk.resources, plan.case_id, "hardship", None)
    until(desk, REMIND_AT)
    await remind_instalments(desk.resources)
    assert not await desk.attempts()


async def test_after_a_leap_past_the_day_nothing_is_sent(desk: Desk) -> None:
    await plan_kept(desk, "2026-03-10")
    until(desk, datetime(2026, 3, 10, 14, 0, tzinfo=UTC))
    assert await remind_instalments(desk.resources) == 1
    assert not await desk.attempts()
    (row,) = await desk.rows("SELECT closed_because FROM instalment_reminders")
    assert row["closed_because"] == "too_late"


async def test_a_process_that_dies_after_reserving_reminds_once_under_the_same_id(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plan_kept(desk, "2026-03-10")
    until(desk, REMIND_AT)

    def die(place: str) -> None:
        raise InjectedFault(place)

    with monkeypatch.context() as dying:
        dying.setattr(remind_instalments_module, "fault_point", die)
        with pytest.raises(InjectedFault):
            await remind_instalments(desk.resources)
    (attempt,) = await desk.attempts()
    assert attempt["state"] == "reserved"
    await desk.run("UPDATE attempts SET lease_until = clock_timestamp() - interval '1 second'")
    assert await desk.recover() == 1
    until(desk, REMIND_AT + timedelta(hours=1))
    assert await remind_instalments(desk.resources) == 1
    (again,) = await desk.attempts()
    assert (again["attempt_id"], again["state"]) == (attempt["attempt_id"], "settled")
    assert desk.carriers.deliveries[attempt["attempt_id"]] == 1


async def test_the_reminder_of_a_plan_is_no_evidence_for_a_call(desk: Desk) -> None:
    plan = await plan_kept(desk, "2026-03-10")
    until(desk, REMIND_AT)
    await remind_instalments(desk.resources)
    async with desk.resources.begin() as work:
        history = (await work.escalations.histories([plan.case_id]))[plan.case_id]
    assert history.attempts == ()


async def test_the_sandbox_sees_what_is_due_of_reminders_and_visits(desk: Desk) -> None:
    """Its clock must not run ahead of a reminder that waits, and must not wait for a visit that is days ahead."""
    plan = await plan_kept(desk)
    await desk.run(
        "INSERT INTO attempts (attempt_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, template, "
        "decision_id, state, counts, token, reserved_at) "
        "SELECT $1, case_id, person_id, creditor_id, $1, 'visit', 'visit', 'visit', $1, 'reserved', true, 1, $2 "
        "FROM cases WHERE case_id = $3",
        new_id(),
        desk.now,
        plan.case_id,
    )
    assert await due(desk) == set()
    until(desk, REMIND_AT)
    assert await due(desk) == {"instalments to remind of"}
    await remind_instalments(desk.resources)
    # The reminder is the first that this American has heard of the debt.
    assert await due(desk) == {"signals to count", "validation notices"}
    await provide_validation(desk.resources)
    assert await due(desk) == {"signals to count"}


async def due(desk: Desk) -> set[str]:
    return {row["what"] for row in await desk.rows(DUE["outreach"], desk.now) if row["n"]}
