"""Caps of a person count what the cases of all lenders had together, and no lender learns of another."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import orjson

from services.outreach.application.group_persons import group_persons
from shared.events.case_received import CaseReceived
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.stops import person_erased
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received

RIVAL = UUID("01900000-0000-7000-8000-0000000001ff")
MESSAGES_PER_DAY = 2
SWEEPS = 8


async def _one_human(desk: Desk, *creditors: UUID) -> list[CaseReceived]:
    """The same human being, a person of their own with each lender, and a case that is due with each."""
    bodies = [case_received().model_copy(update={"creditor_id": creditor}) for creditor in creditors]
    human = new_id().bytes
    desk.vault.humans |= {body.person_id: human for body in bodies}
    await desk.deliver(*bodies, *(case_assessed(body.case_id) for body in bodies))
    return bodies


async def _due_now(desk: Desk) -> None:
    await desk.run("UPDATE contact_plans SET due_at = $1, is_waiting = false WHERE attempt_id IS NULL", desk.now)


async def test_contacts_of_another_lender_count_against_the_cap_of_the_person(desk: Desk) -> None:
    first, second, third = await _one_human(desk, HARBOUR_CREDIT, RIVAL, new_id())
    for _ in range(3):
        await desk.sweep()
    sent = await desk.attempts()
    assert len(sent) == MESSAGES_PER_DAY
    denied = {entry["case_id"]: entry for entry in await desk.said("contact.denied")}
    (refused,) = {str(body.case_id) for body in (first, second, third)} - {str(row["case_id"]) for row in sent}
    assert "concord-floor/messages_per_day" in [rule["rule"] for rule in denied[refused]["rules"]]


async def test_eight_sweeps_at_once_never_exceed_the_cap_of_a_person(desk: Desk) -> None:
    humans: list[list[CaseReceived]] = [
        await _one_human(desk, *(new_id() if n % 2 else HARBOUR_CREDIT for n in range(4))) for _ in range(12)
    ]
    async with desk.with_connections(2 * SWEEPS):
        for day in range(4):
            for _ in range(4):
                await asyncio.gather(*(desk.sweep() for _ in range(SWEEPS)))
                await _due_now(desk)
            rows = await desk.rows(
                "SELECT person_id FROM attempts WHERE reserved_at = $1 AND channel <> 'call'", desk.now
            )
            human_of = {body.person_id: n for n, bodies in enumerate(humans) for body in bodies}
            counted = Counter(human_of[row["person_id"]] for row in rows)
            # Everybody is written to as often as it is allowed in the first days, and nobody more often.
            assert max(counted.values()) <= MESSAGES_PER_DAY
            assert day > 2 or len(counted) == len(humans)
            desk.databases.clock.advance(timedelta(days=1))
            await _due_now(desk)


async def test_what_one_lender_can_see_holds_nothing_of_the_other(desk: Desk) -> None:
    ours, theirs = await _one_human(desk, HARBOUR_CREDIT, RIVAL)
    await desk.sweep()
    for _ in range(3):
        await desk.sweep()
        await _due_now(desk)
    await desk.reply("Stop contacting me about this.", case_id=theirs.case_id, channel="sms")
    await desk.sweep()
    of_theirs = {str(theirs.case_id), str(theirs.person_id), str(RIVAL)}
    of_theirs |= {str(point.contact_point_id) for point in theirs.contact_points}
    rows = await desk.rows("SELECT * FROM attempts WHERE case_id = $1", theirs.case_id)
    of_theirs |= {str(row[name]) for row in rows for name in ("attempt_id", "decision_id")}
    holds = await desk.rows("SELECT hold_id FROM holds WHERE case_id = $1", theirs.case_id)
    of_theirs |= {str(row["hold_id"]) for row in holds}
    assert len(of_theirs) >= 8
    # Everything that is announced about our case, with what travels beside the body.
    announced = await desk.rows("SELECT key, value, headers FROM outbox")
    of_ours = [row for row in announced if str(ours.case_id) in str(orjson.loads(row["value"]))]
    assert {orjson.loads(row["value"]).get("kind") for row in of_ours} >= {"cease"}
    # What our lender's pages and statements are made of, and what its decisions can be run again from.
    history = await desk.rows(
        "SELECT facts, rules, notes, until FROM decisions WHERE case_id = $1 UNION ALL "
        "SELECT a.template, a.channel, NULL, NULL FROM attempts a WHERE a.case_id = $1",
        ours.case_id,
    )
    assert any('"elsewhere"' in str(row["facts"]) for row in history)
    seen = str([[str(value) for value in row.values()] for row in [*of_ours, *history]])
    assert [one for one in sorted(of_theirs) if one in seen] == []


async def test_the_moment_of_a_contact_elsewhere_is_told_by_its_quarter_of_an_hour(desk: Desk) -> None:
    desk.databases.clock.advance(timedelta(minutes=3, seconds=17))
    await _one_human(desk, HARBOUR_CREDIT, RIVAL)
    await desk.sweep()
    await desk.sweep()
    rows = await desk.rows("SELECT facts FROM decisions")
    contacts = [contact for row in rows for contact in orjson.loads(row["facts"])["contacts"]]
    told = [contact[0] for contact in contacts if contact[2] == "elsewhere"]
    assert told
    assert all("T15:14:59.999999" in moment for moment in told)


async def test_a_case_without_a_token_is_denied_and_asked_about_as_soon_as_there_is_one(desk: Desk) -> None:
    desk.vault.is_away = True
    case_id = await desk.open_case()
    await desk.sweep()
    (denied,) = await desk.said("contact.denied")
    assert "missing_fact.person_token" in [rule["rule"] for rule in denied["rules"]]
    assert await desk.attempts() == []
    desk.vault.is_away = False
    assert await desk.sweep() == 0
    await desk.run("UPDATE persons SET tokens_due_at = clock_timestamp()")
    assert await group_persons(desk.resources) == 1
    assert await desk.sweep() == 1
    assert [row["case_id"] for row in await desk.attempts()] == [case_id]


async def test_a_case_whose_token_is_being_asked_for_waits_without_a_denial(desk: Desk) -> None:
    await desk.open_case()
    await desk.run("UPDATE persons SET group_id = NULL, token_tries = 0")
    assert await desk.sweep() == 0
    assert await desk.said("contact.denied") == []


async def test_groups_merge_when_a_person_turns_out_to_be_known_twice(desk: Desk) -> None:
    first, second = [case_received(), case_received()]
    await desk.deliver(first, second)
    groups = await desk.rows("SELECT DISTINCT group_id FROM persons")
    assert len(groups) == 2
    desk.vault.humans |= {first.person_id: b"one", second.person_id: b"one"}
    await desk.run("UPDATE persons SET tokens_due_at = clock_timestamp()")
    assert await group_persons(desk.resources) == 2
    assert len(await desk.rows("SELECT DISTINCT group_id FROM persons")) == 1
    assert len(await desk.rows("SELECT * FROM person_groups")) == 1
    assert {row["group_id"] for row in await desk.rows("SELECT group_id FROM person_tokens")} == {
        row["group_id"] for row in await desk.rows("SELECT group_id FROM person_groups")
    }


async def test_the_tokens_go_with_the_last_person_who_has_them(desk: Desk) -> None:
    ours, theirs = await _one_human(desk, HARBOUR_CREDIT, RIVAL)
    await desk.deliver(person_erased(ours.case_id, ours.person_id))
    assert len(await desk.rows("SELECT * FROM person_tokens")) == 1
    await desk.deliver(person_erased(theirs.case_id, theirs.person_id))
    assert await desk.rows("SELECT * FROM person_tokens") == []
    # What was tried counts on: the group is still there.
    assert len(await desk.rows("SELECT DISTINCT group_id FROM persons WHERE group_id IS NOT NULL")) == 1


async def test_a_medium_refused_in_one_case_is_refused_in_all_and_another_one_is_not(desk: Desk) -> None:
    ours, theirs = await _one_human(desk, HARBOUR_CREDIT, RIVAL)
    await desk.reply("stop emailing me", case_id=theirs.case_id, channel="sms")
    for _ in range(3):
        await desk.sweep()
        await _due_now(desk)
    assert "email" not in {row["channel"] for row in await desk.rows("SELECT channel FROM attempts")}
    denied = [entry for entry in await desk.said("contact.denied") if entry["case_id"] == str(ours.case_id)]
    assert "concord-floor/opt_out" in [rule["rule"] for entry in denied for rule in entry["rules"]]
