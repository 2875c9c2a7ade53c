"""What borrowers say takes effect on the very next decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.outreach.adapters.sealer import PersonSealer
from services.outreach.application.close_grievances import close_grievance, list_grievances
from services.outreach.application.contact_ports import Match
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk
from tests.support.events import case_received


async def contacted(desk: Desk) -> tuple[UUID, dict[str, Any]]:
    case_id = await desk.open_case()
    await desk.sweep()
    (attempt,) = await desk.attempts()
    return case_id, attempt


async def test_stop_closes_that_address_and_leaves_other_channels(desk: Desk) -> None:
    _, attempt = await contacted(desk)
    answer = await desk.reply("STOP", to=attempt["attempt_id"], channel="email")
    assert answer.kept is not None
    assert answer.kept.intent == "stop"
    desk.databases.clock.advance(timedelta(days=4))
    await desk.sweep()
    assert [a["channel"] for a in await desk.said("contact.attempted")] == ["email", "sms"]


async def test_cease_stops_everything(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    await desk.reply("Do not contact me again.", case_id=case_id)
    desk.databases.clock.advance(timedelta(days=4))
    await desk.sweep()
    (denied,) = await desk.said("contact.denied")
    assert {rule["rule"] for rule in denied["rules"]} == {"concord-floor/hold", "us-regulation-f/cease"}
    assert denied["until"] is None


async def test_a_dispute_holds_the_case_until_it_is_closed(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    await desk.reply("I dispute this debt, the amount is wrong", case_id=case_id)
    (opened,) = await desk.said("dispute.opened")
    assert opened["ground"] == "amount"
    desk.databases.clock.advance(timedelta(days=4))
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 1
    (dispute,) = await list_grievances(desk.resources, "dispute", is_open=True, limit=10)
    for outcome in ("debt_verified", "withdrawn"):
        closed = await close_grievance(desk.resources, "dispute", dispute.id, outcome)
        assert closed.outcome == "debt_verified"
    assert len(await desk.said("dispute.closed")) == 1
    assert [r["reason"] for r in await desk.said("hold.released")] == ["dispute_closed"]
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 2


async def test_a_hold_stands_while_a_second_complaint_is_open(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    await desk.reply("This is harassment", case_id=case_id)
    await desk.reply("I file a complaint", case_id=case_id)
    first, second = await list_grievances(desk.resources, "complaint", is_open=True, limit=10)
    assert first.answer_due_at == desk.now + timedelta(days=15)
    await close_grievance(desk.resources, "complaint", first.id, "upheld")
    assert await desk.said("hold.released") == []
    await close_grievance(desk.resources, "complaint", second.id, "not_upheld")
    assert len(await desk.said("hold.released")) == 1


async def test_hardship_is_announced_with_its_cause_and_pauses_for_thirty_days(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    await desk.reply("I was laid off last week", case_id=case_id)
    (replied,) = await desk.said("borrower.replied")
    assert (replied["intent"], replied["arrears_cause"]) == ("hardship", "job_loss")
    (hold,) = await desk.said("hold.applied")
    assert (hold["kind"], hold["until"][:10]) == ("hardship", "2026-04-01")


async def test_nobody_is_pressed_before_the_day_they_promised(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    await desk.reply("I will pay $200 on 2026-03-20", case_id=case_id)
    (replied,) = await desk.said("borrower.replied")
    assert (replied["promised_on"], replied["promised"]) == ("2026-03-20", 20_000)
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["due_at"] == desk.now + timedelta(days=20)


async def test_a_wrong_number_is_not_used_again(desk: Desk) -> None:
    _, attempt = await contacted(desk)
    await desk.reply("You have the wrong person", to=attempt["attempt_id"])
    rows = await desk.rows("SELECT contact_point_id FROM contact_points WHERE is_wrong")
    assert [row["contact_point_id"] for row in rows] == [attempt["contact_point_id"]]


async def test_one_who_has_a_lawyer_is_left_to_the_lawyer(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    await desk.reply("Talk to my attorney", case_id=case_id)
    desk.databases.clock.advance(timedelta(days=4))
    await desk.sweep()
    (denied,) = await desk.said("contact.denied")
    assert {"concord-floor/represented", "us-regulation-f/attorney"} <= {rule["rule"] for rule in denied["rules"]}


async def test_the_same_reference_twice_takes_effect_once(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    first = await desk.reply("STOP", case_id=case_id, reference="r-1")
    second = await desk.reply("I love you", case_id=case_id, reference="r-1")
    assert first == second
    assert len(await desk.said("borrower.replied")) == 1


async def test_a_sender_is_recognised_by_the_vault(desk: Desk) -> None:
    case_id, attempt = await contacted(desk)
    point_id = attempt["contact_point_id"]
    desk.vault.matches = [Match(point_id, attempt["person_id"], (case_id,))]
    answer = await desk.reply("STOP", sender_kind="email", sender_value="avery@example.com")
    assert answer.kept is not None
    (replied,) = await desk.said("borrower.replied")
    assert replied["attempt_id"] == str(attempt["attempt_id"])


async def test_a_stranger_gets_a_reason_and_nothing_is_kept(desk: Desk) -> None:
    await contacted(desk)
    answer = await desk.reply("Hello", sender_kind="mobile", sender_value="+12125550123")
    assert answer.kept is None
    assert [reason.code for reason in answer.reasons] == ["sender_unknown"]
    assert (await desk.reply("Hello", case_id=new_id())).reasons[0].code == "case_unknown"
    assert await desk.rows("SELECT * FROM replies") == []


async def test_what_was_written_lies_sealed_and_in_no_event(desk: Desk) -> None:
    body = case_received()
    await desk.deliver(body)
    await desk.reply("I will be at 12 Fictional Street", case_id=body.case_id)
    (row,) = await desk.rows("SELECT * FROM replies")
    assert b"Fictional" not in row["text_sealed"]
    sealer = desk.resources.sealer
    assert isinstance(sealer, PersonSealer)
    assert sealer.open(body.person_id, row["text_sealed"]) == "I will be at 12 Fictional Street"
    for event in await desk.rows("SELECT value FROM outbox"):
        assert b"Fictional" not in event["value"]


async def test_a_call_from_the_borrower_begins_the_seven_days_of_silence(desk: Desk) -> None:
    case_id = await desk.open_case(strategy="firm")
    await desk.sweep()
    await desk.reply("How much do I owe?", case_id=case_id, channel="call")
    desk.databases.clock.advance(timedelta(days=3))
    await desk.sweep()
    (denied,) = await desk.said("contact.denied")
    assert [rule["rule"] for rule in denied["rules"]] == ["us-regulation-f/silence_after_conversation"]
    assert denied["until"] == "2026-03-09T12:00:00Z"  # 08:00 in New York, clocks forward since the 8th
