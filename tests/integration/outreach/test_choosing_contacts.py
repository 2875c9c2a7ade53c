"""The chooser on a real database: bounded by the gate, kept so that it repeats, and taught once by what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from services.outreach.adapters.choices import ChoiceRepository
from services.outreach.application.oversee_harm import report_choices, show_choices
from services.outreach.application.weigh_harm import learn_from_contacts, weigh_harm
from services.outreach.domain.choosing import Arm, Tally
from shared.events.payment_posted import PaymentPosted
from shared.events.terms import Balance
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk
from tests.support.events import HARBOUR_CREDIT


def learning(desk: Desk, explore_percent: int = 50) -> None:
    desk.resources = replace(desk.resources, harm=replace(desk.resources.harm, explore_percent=explore_percent))


async def teach(desk: Desk) -> None:
    """Both timers, until nothing is left to do."""
    while await weigh_harm(desk.resources) + await learn_from_contacts(desk.resources):
        pass


async def tallies(desk: Desk) -> dict[Arm, Tally]:
    async with desk.databases.worker.transaction() as transaction:
        found = await ChoiceRepository(transaction).report(None, 1_000)
    return {entry.arm: entry.tally for entry in found if entry.tally != Tally()}


async def contact(desk: Desk) -> tuple[UUID, UUID]:
    """A case that has been contacted now, by the fixed order. Case and attempt."""
    learning(desk, explore_percent=0)
    case_id = await desk.open_case()
    await desk.sweep()
    (attempt,) = [attempt for attempt in await desk.attempts() if attempt["case_id"] == case_id]
    return case_id, attempt["attempt_id"]


MONDAY = Arm("email", "morning", "weekday")


async def test_without_the_setting_nothing_is_chosen(desk: Desk) -> None:
    await desk.open_case()
    await desk.sweep()
    assert await desk.rows("SELECT * FROM choices") == []
    assert len(await desk.attempts()) == 1


async def test_every_contact_that_leaves_was_allowed_and_its_choice_repeats(desk: Desk) -> None:
    learning(desk, explore_percent=100)
    cases = [await desk.open_case() for _ in range(12)]
    for _ in range(50):
        while await desk.sweep():
            pass
        if len(await desk.attempts()) == len(cases):
            break
        desk.databases.clock.advance(timedelta(hours=1))
    attempts = await desk.attempts()
    assert len(attempts) == len(cases)
    assert len({attempt["channel"] for attempt in attempts}) == 2
    verdicts = await desk.rows("SELECT DISTINCT verdict FROM attempts JOIN decisions USING (decision_id)")
    assert [row["verdict"] for row in verdicts] == ["allow"]
    for attempt in attempts:
        made = await show_choices(desk.resources, attempt["attempt_id"])
        assert all(repeats for _, repeats in made)
        assert len(made) <= 2
        assert made[0][0].choice.option.arm.channel == attempt["channel"]
    pulls = await desk.rows("SELECT * FROM arm_pulls")
    assert {pull["attempt_id"] for pull in pulls} == {attempt["attempt_id"] for attempt in attempts}


async def test_a_contact_is_put_off_within_the_horizon_and_only_once(desk: Desk) -> None:
    learning(desk, explore_percent=100)
    for _ in range(8):
        await desk.open_case()
    while await desk.sweep():
        pass
    plans = await desk.rows("SELECT * FROM contact_plans WHERE attempt_id IS NOT NULL AND due_at IS NOT NULL")
    assert plans
    assert all(desk.now < plan["due_at"] <= desk.now + timedelta(hours=48) for plan in plans)


async def test_a_hold_that_comes_while_a_contact_is_put_off_stops_it(desk: Desk) -> None:
    learning(desk, explore_percent=100)
    for _ in range(8):
        await desk.open_case()
    while await desk.sweep():
        pass
    before = len(await desk.attempts())
    await desk.run(
        "INSERT INTO holds (hold_id, case_id, creditor_id, kind, applied_at) "
        "SELECT gen_random_uuid(), case_id, creditor_id, 'dispute', $1 FROM cases",
        desk.now,
    )
    desk.databases.clock.advance(timedelta(hours=48))
    while await desk.sweep():
        pass
    assert len(await desk.attempts()) == before


async def test_a_vulnerable_person_is_never_called_to_learn_something(desk: Desk) -> None:
    learning(desk, explore_percent=100)
    case_id = await desk.open_case("gentle_reminder")
    await desk.run("UPDATE cases SET is_vulnerable = true")
    await desk.sweep()
    rows = await desk.rows("SELECT document FROM choices WHERE case_id = $1", case_id)
    assert rows
    assert '"channel":"call"' not in rows[0]["document"]


async def test_an_answer_is_a_success_at_once_and_counts_once(desk: Desk) -> None:
    _, attempt_id = await contact(desk)
    desk.databases.clock.advance(timedelta(days=1))
    await desk.reply("When is my next payment due?", to=attempt_id, channel="email", reference="reply-1")
    await desk.reply("When is my next payment due?", to=attempt_id, channel="email", reference="reply-1")
    await teach(desk)
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 1, 0)}


async def test_somebody_else_who_answers_is_no_success(desk: Desk) -> None:
    _, attempt_id = await contact(desk)
    await desk.reply("You have the wrong person", to=attempt_id, channel="email")
    desk.databases.clock.advance(timedelta(days=7))
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 0, 0)}


async def test_silence_is_known_only_when_the_days_are_over(desk: Desk) -> None:
    await contact(desk)
    desk.databases.clock.advance(timedelta(days=7) - timedelta(seconds=1))
    await teach(desk)
    assert await tallies(desk) == {}
    desk.databases.clock.advance(timedelta(seconds=1))
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 0, 0)}


async def test_an_answer_after_the_days_is_none(desk: Desk) -> None:
    case_id, _ = await contact(desk)
    desk.databases.clock.advance(timedelta(days=7))
    await desk.reply("When is my next payment due?", case_id=case_id)
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 0, 0)}


async def test_a_harm_makes_a_success_one_no_more(desk: Desk) -> None:
    case_id, attempt_id = await contact(desk)
    desk.databases.clock.advance(timedelta(hours=1))
    await desk.reply("When is my next payment due?", to=attempt_id, channel="email")
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 1, 0)}
    desk.databases.clock.advance(timedelta(hours=1))
    await desk.reply("I want to complain about your conduct", case_id=case_id)
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 0, 1)}


async def test_a_signal_that_is_heard_late_still_teaches_what_it_would_have(desk: Desk) -> None:
    case_id, _ = await contact(desk)
    made_at = desk.now
    desk.databases.clock.advance(timedelta(days=20))
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 0, 0)}
    for _ in range(2):
        await desk.run(
            "INSERT INTO contact_signals (kind, source_id, case_id, person_id, strategy, at) "
            "VALUES ('complaint', $1, $1, $1, 'standard', $2) ON CONFLICT DO NOTHING",
            case_id,
            made_at + timedelta(days=2),
        )
        await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 0, 1)}


async def test_a_payment_answers_a_contact(desk: Desk) -> None:
    case_id, _ = await contact(desk)
    desk.databases.clock.advance(timedelta(days=2))
    body = PaymentPosted(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        payment_id=new_id(),
        plan_id=None,
        currency="USD",
        amount=1_000,
        allocated=Balance(fees=1_000, interest=0, principal=0),
        overpaid=0,
        balance=Balance(fees=500, interest=4_000, principal=120_000),
        received_on=desk.now.date(),
        posted_at=desk.now,
    )
    await desk.deliver(body)
    await teach(desk)
    assert await tallies(desk) == {MONDAY: Tally(1, 1, 0)}


async def test_what_never_left_is_no_trial(desk: Desk) -> None:
    learning(desk, explore_percent=0)
    desk.carriers.is_down = True
    await desk.open_case()
    await desk.sweep()
    desk.databases.clock.advance(timedelta(days=8))
    await teach(desk)
    assert await tallies(desk) == {}


async def test_the_report_names_no_winner_by_luck(desk: Desk) -> None:
    for band, responses in (("morning", 20), ("evening", 10)):
        await desk.run(
            "INSERT INTO arm_tallies VALUES ('standard:US:en', 'email', $1, 'weekday', 50, $2, 0)", band, responses
        )
    assert [line.is_winner for line in await report_choices(desk.resources, None, 10)] == [False, False]
    await desk.run("UPDATE arm_tallies SET trials = trials * 20, responses = responses * 20")
    lines = await report_choices(desk.resources, None, 10)
    assert {line.entry.arm.band: line.is_winner for line in lines} == {"morning": True, "evening": False}


async def test_nobody_changes_what_was_chosen(desk: Desk) -> None:
    await contact(desk)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await desk.run("UPDATE choices SET document = '{}'")
