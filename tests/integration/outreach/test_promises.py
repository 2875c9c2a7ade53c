"""A promise is said back with its absolute day, and counts only when it was not contradicted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.outreach.application.follow_promises import CONTRADICT_WITHIN, count_promises
from services.outreach.application.send_answers import send_answers
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.test_replies import contacted


async def promised(desk: Desk, text: str = "I will pay $100 on 2026-03-20") -> tuple[UUID, dict[str, Any]]:
    case_id, attempt = await contacted(desk)
    await desk.reply(text, to=attempt["attempt_id"], channel="email")
    return case_id, attempt


async def states(desk: Desk) -> list[tuple[str, str | None]]:
    rows = await desk.rows("SELECT state, settled_by FROM promises ORDER BY promise_id")
    return [(row["state"], row["settled_by"]) for row in rows]


async def test_a_promise_is_said_back_by_the_way_it_came_with_its_day_and_amount(desk: Desk) -> None:
    _, attempt = await promised(desk)
    assert await send_answers(desk.resources) == 1
    (answer,) = [m for m in desk.carriers.texts.values() if m.attempt_id != attempt["attempt_id"]]
    assert (answer.channel, answer.to) == ("email", f"{attempt['contact_point_id']}@example.com")
    assert "20 March 2026" in answer.text
    assert "$100.00" in answer.text
    assert await send_answers(desk.resources) == 0
    assert [row["state"] for row in await desk.rows("SELECT state FROM due_answers")] == ["sent"]


async def test_an_answer_is_decided_by_the_gate_as_an_answer(desk: Desk) -> None:
    await promised(desk)
    await send_answers(desk.resources)
    (decision,) = await desk.rows("SELECT facts, verdict FROM decisions ORDER BY decision_id DESC LIMIT 1")
    assert '"purpose":"answer"' in decision["facts"]
    assert decision["verdict"] == "allow"


async def test_yes_confirms_and_is_no_second_promise(desk: Desk) -> None:
    case_id, _ = await promised(desk)
    await send_answers(desk.resources)
    await desk.reply("Yes", case_id=case_id)
    assert await states(desk) == [("confirmed", "reply")]
    assert [r["intent"] for r in await desk.said("borrower.replied")] == ["promise", "other"]


async def test_no_with_another_day_is_a_new_promise_for_the_same_amount(desk: Desk) -> None:
    case_id, _ = await promised(desk)
    await send_answers(desk.resources)
    await desk.reply("no, the 25th", case_id=case_id)
    rows = await desk.rows("SELECT state, promised_on, promised_minor_units FROM promises ORDER BY promise_id")
    assert [row["state"] for row in rows] == ["contradicted", "proposed"]
    assert (rows[1]["promised_on"].day, rows[1]["promised_minor_units"]) == (25, 10_000)


async def test_silence_confirms_only_after_it_was_said_back_and_time_has_passed(desk: Desk) -> None:
    await promised(desk)
    desk.databases.clock.advance(CONTRADICT_WITHIN)
    assert await count_promises(desk.resources) == 0
    await send_answers(desk.resources)
    desk.databases.clock.advance(CONTRADICT_WITHIN - timedelta(seconds=1))
    assert await count_promises(desk.resources) == 0
    desk.databases.clock.advance(timedelta(seconds=1))
    assert await count_promises(desk.resources) == 1
    assert await states(desk) == [("confirmed", "silence")]


async def test_a_refusal_withdraws_the_promise_and_what_would_have_said_it_back(desk: Desk) -> None:
    case_id, attempt = await promised(desk)
    await desk.reply("Stop contacting me", case_id=case_id)
    await send_answers(desk.resources)
    assert await states(desk) == [("contradicted", "reply")]
    assert set(desk.carriers.texts) == {attempt["attempt_id"]}


async def test_a_promise_without_a_day_is_asked_for_its_day(desk: Desk) -> None:
    _, attempt = await promised(desk, "I will pay on payday")
    await send_answers(desk.resources)
    assert await states(desk) == []
    (answer,) = [m for m in desk.carriers.texts.values() if m.attempt_id != attempt["attempt_id"]]
    assert "Which day" in answer.text


async def test_nothing_is_said_while_the_case_is_on_hold(desk: Desk) -> None:
    case_id, attempt = await promised(desk)
    await desk.reply("This is harassment", case_id=case_id)
    await send_answers(desk.resources)
    assert set(desk.carriers.texts) == {attempt["attempt_id"]}


async def test_an_answer_that_the_provider_does_not_take_is_tried_again_under_the_same_attempt(desk: Desk) -> None:
    _, attempt = await promised(desk)
    desk.carriers.is_down = True
    await send_answers(desk.resources)
    desk.carriers.is_down = False
    desk.databases.clock.advance(timedelta(hours=1))
    await send_answers(desk.resources)
    (answer,) = [m for m in desk.carriers.deliveries if m != attempt["attempt_id"]]
    assert desk.carriers.deliveries[answer] == 1
    assert desk.carriers.asked_for.count(answer) == 2
