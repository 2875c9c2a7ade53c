"""Harm budgets on a real database: signals once, late ones too, states that the gate obeys, overrides by two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.outreach.application.oversee_harm import approve_override, propose_override, show_budgets
from services.outreach.application.weigh_harm import tell_of_harm, weigh_harm
from services.outreach.domain.harm_budget import budget_fact
from shared.events.contact_attempted import ContactAttempted
from shared.events.contact_denied import ContactDenied
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound
from tests.integration.outreach.desk import Desk

REASON = "the complaints were about a template that is retired"


async def signals(desk: Desk) -> list[tuple[str, str]]:
    rows = await desk.rows("SELECT kind, strategy FROM contact_signals ORDER BY at, kind")
    return [(row["kind"], row["strategy"]) for row in rows]


async def spend(desk: Desk, strategy: str, contacts: int, harms: int, kind: str = "complaint") -> None:
    """So many contacts of today, and what followed them."""
    case_id = new_id()
    for what, count in (("contact", contacts), (kind, harms)):
        await desk.run(
            "INSERT INTO contact_signals (kind, source_id, case_id, person_id, strategy, at) "
            "SELECT $1, gen_random_uuid(), $2, $2, $3, $4 FROM generate_series(1, $5::int)",
            what,
            case_id,
            strategy,
            desk.now,
            count,
        )


async def budget(desk: Desk, strategy: str = "standard") -> dict[str, Any]:
    rows = await desk.rows("SELECT * FROM harm_budgets WHERE strategy = $1", strategy)
    return rows[0]


async def last_rules(desk: Desk) -> list[str]:
    denials = await desk.said(ContactDenied.event_type)
    return [rule["rule"] for rule in denials[-1]["rules"]] if denials else []


async def test_a_contact_and_what_followed_it_are_signals_of_its_strategy(desk: Desk) -> None:
    case_id = await desk.open_case("standard")
    await desk.sweep()
    await desk.run("UPDATE cases SET strategy = 'firm' WHERE case_id = $1", case_id)
    await desk.reply("I want to complain about your conduct", case_id=case_id)
    assert ("contact", "standard") in await signals(desk)
    assert ("complaint", "standard") in await signals(desk)


async def test_a_refusal_is_held_against_the_persons_last_contact(desk: Desk) -> None:
    await desk.open_case("standard")
    await desk.sweep()
    (attempt,) = await desk.attempts()
    await desk.reply("STOP", to=attempt["attempt_id"], channel="email")
    assert ("opt_out", "standard") in await signals(desk)


async def test_signals_are_counted_once_however_often_the_timer_looks(desk: Desk) -> None:
    await desk.open_case()
    await desk.sweep()
    assert await weigh_harm(desk.resources) == 1
    assert await weigh_harm(desk.resources) == 0
    rows = await desk.rows("SELECT strategy, kind, n FROM harm_counters")
    assert rows == [{"strategy": "standard", "kind": "contact", "n": 1}]


async def test_a_receipt_of_a_settled_contact_is_no_second_contact(desk: Desk) -> None:
    await desk.open_case()
    await desk.sweep()
    await desk.run("UPDATE attempts SET outcome = 'delivered'")
    await desk.run("UPDATE attempts SET outcome = 'conversation'")
    assert sorted(kind for kind, _ in await signals(desk)) == ["contact", "reply"]


async def test_what_was_not_sent_is_no_contact(desk: Desk) -> None:
    desk.carriers.outcome = "failed"
    await desk.open_case()
    await desk.sweep()
    assert await signals(desk) == []


async def test_a_late_signal_counts_on_the_day_it_happened(desk: Desk) -> None:
    await spend(desk, "standard", 1_000, 0)
    await weigh_harm(desk.resources)
    await desk.run(
        "INSERT INTO contact_signals (kind, source_id, case_id, person_id, strategy, at) "
        "VALUES ('complaint', $1, $1, $1, 'standard', $2)",
        new_id(),
        desk.now - timedelta(days=40),
    )
    await weigh_harm(desk.resources)
    (line,) = [line for line in await show_budgets(desk.resources) if line.budget.strategy == "standard"]
    assert {rate.kind: rate.harms for rate in line.rates}["complaint"] == 0
    assert line.rates[0].contacts == 1_000


async def test_a_stopped_strategy_contacts_nobody_and_says_why(desk: Desk) -> None:
    await spend(desk, "standard", 1_000, 200)
    await weigh_harm(desk.resources)
    assert (await budget(desk))["state"] == "stopped"
    case_id = await desk.open_case("standard")
    await desk.sweep()
    assert await desk.attempts() == []
    assert await last_rules(desk) == ["concord-floor/harm_budget"]
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["due_at"] <= desk.now + timedelta(days=1, hours=1)


async def test_a_hostile_strategy_stops_itself_within_seventy_contacts(desk: Desk) -> None:
    """Care, watched from its 50th contact on, with every third person complaining: six batches and no seventh."""
    for _ in range(8):
        opened = [await desk.open_case("care") for _ in range(10)]
        while await desk.sweep():
            pass
        reached = {attempt["case_id"] for attempt in await desk.attempts()} & set(opened)
        for case_id in sorted(reached)[::3]:
            await desk.reply("This is harassment, I want to file a complaint.", case_id=case_id)
        await weigh_harm(desk.resources)
    assert (await budget(desk, "care"))["state"] == "stopped"
    assert 50 <= len(await desk.attempts()) <= 70


async def test_other_strategies_go_on(desk: Desk) -> None:
    await spend(desk, "firm", 1_000, 200)
    await weigh_harm(desk.resources)
    await desk.open_case("standard")
    await desk.sweep()
    assert len(await desk.attempts()) == 1


async def test_a_slowed_strategy_puts_some_of_its_cases_off_until_the_next_draw(desk: Desk) -> None:
    await spend(desk, "standard", 1_000, 50)
    await weigh_harm(desk.resources)
    assert (await budget(desk))["state"] == "slowed"
    for _ in range(12):
        await desk.open_case("standard")
    while await desk.sweep():
        pass
    sent = len(await desk.attempts())
    denied = await desk.rows("SELECT until FROM decisions WHERE verdict = 'deny'")
    assert sent + len(denied) == 12
    assert 0 < sent < 12
    assert all(row["until"] > desk.now for row in denied)


@pytest.mark.parametrize(("state", "days"), [("ok", 14), ("slowed", 28)])
async def test_a_slowed_strategy_rests_twice_as_long_between_rounds(desk: Desk, state: str, days: int) -> None:
    ids = (new_id() for _ in range(1_000))
    case_id = next(one for one in ids if budget_fact("slowed", one, desk.now.date()).draw >= 50)
    await desk.open_case("standard", case_id=case_id)

    async def at_the_end_of_the_round() -> None:
        await desk.run("UPDATE contact_plans SET step = 3 WHERE case_id = $1", case_id)
        await desk.run(
            "INSERT INTO harm_budgets (strategy, state, since_on) VALUES ('standard', $1, '2026-03-02')", state
        )

    desk.vault.on_reveal = at_the_end_of_the_round
    await desk.sweep()
    plan = await desk.plan(case_id)
    assert plan is not None
    assert (plan["round"], plan["due_at"] - desk.now) == (2, timedelta(days=days))


async def test_two_people_let_a_strategy_go_on_until_it_ends_by_itself(desk: Desk) -> None:
    await spend(desk, "standard", 1_000, 200)
    await weigh_harm(desk.resources)
    until = desk.now + timedelta(days=2)
    override = await propose_override(desk.resources, "maker", "standard", "ok", REASON, until)
    await desk.open_case("standard")
    await desk.sweep()
    assert await desk.attempts() == []
    with pytest.raises(NotAllowed):
        await approve_override(desk.resources, "maker", override.override_id)
    first = await approve_override(desk.resources, "checker", override.override_id)
    assert await approve_override(desk.resources, "another", override.override_id) == first
    await desk.open_case("standard")
    await desk.sweep()
    assert len(await desk.attempts()) == 1
    desk.databases.clock.advance(timedelta(days=2))
    await desk.open_case("standard")
    await desk.sweep()
    assert len(await desk.attempts()) == 1
    (line,) = [line for line in await show_budgets(desk.resources) if line.budget.strategy == "standard"]
    assert (line.effective, line.override) == ("stopped", None)


async def test_an_override_needs_a_known_strategy_and_an_end_that_is_near(desk: Desk) -> None:
    soon = desk.now + timedelta(days=1)
    with pytest.raises(NotFound):
        await propose_override(desk.resources, "maker", "unheard_of", "ok", REASON, soon)
    with pytest.raises(Invalid):
        await propose_override(desk.resources, "maker", "standard", "ok", REASON, desk.now + timedelta(days=15))
    with pytest.raises(NotFound):
        await approve_override(desk.resources, "checker", UUID(int=1))
    override = await propose_override(desk.resources, "maker", "standard", "ok", REASON, soon)
    desk.databases.clock.advance(timedelta(days=1))
    with pytest.raises(Conflict):
        await approve_override(desk.resources, "checker", override.override_id)


async def test_a_change_is_told_once_and_again_where_it_was_not_taken(desk: Desk) -> None:
    told: list[str] = []

    class Alarm:
        takes = False

        async def tell(self, subject: str, text: str) -> bool:
            told.append(subject)
            return self.takes

    alarm = Alarm()
    object.__setattr__(desk.resources.harm, "alarm", alarm)
    await spend(desk, "standard", 1_000, 200)
    await weigh_harm(desk.resources)
    assert await tell_of_harm(desk.resources) == 0
    alarm.takes = True
    assert await tell_of_harm(desk.resources) == 1
    assert await tell_of_harm(desk.resources) == 0
    assert told == ["Harm budget of standard: ok -> stopped"] * 2


async def test_contacts_that_harm_nobody_stop_nothing(desk: Desk) -> None:
    for _ in range(3):
        await desk.open_case("standard")
    while await desk.sweep():
        pass
    await weigh_harm(desk.resources)
    assert (await budget(desk))["state"] == "ok"
    assert len(await desk.said(ContactAttempted.event_type)) == 3
