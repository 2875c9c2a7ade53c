"""The workbench against a real database: who may act, who holds what, no call without an allow decision."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from services.outreach.application.certify_staff import certify, register_member, revoke_certificate
from services.outreach.application.feed_queue import feed_queue
from services.outreach.application.make_hand_calls import start_call
from services.outreach.application.send_by_hand import send_by_hand
from services.outreach.application.take_work import claim_item, finish_item, release_item, show_loads, take_next
from services.outreach.application.unmask_words import unmask
from services.outreach.application.view_person import view_person
from services.outreach.application.workbench_records import QueueFilter, StaffMemberRow
from services.outreach.application.write_call_notes import say_noted, write_note
from services.outreach.domain.machine_disclosure import DISCLOSURES
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.workbench import hire, number_of, promised, queued, reminded

ANY = QueueFilter()


async def test_nobody_certifies_themselves(desk: Desk) -> None:
    await register_member(desk.resources, StaffMemberRow("agent.lin", "human", ("en",), 5))
    today = desk.now.date()
    with pytest.raises(NotAllowed):
        await certify(desk.resources, "agent.lin", "agent.lin", "ethics", today, today)


async def test_certificates_are_never_changed_or_removed(desk: Desk) -> None:
    await hire(desk, "agent.lin")
    for table in ("certificates", "certificate_revocations", "unmaskings"):
        for statement in (f"UPDATE {table} SET certificate_id = certificate_id", f"DELETE FROM {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await desk.run(statement.replace("certificate_id", "case_id") if table == "unmaskings" else statement)


async def test_a_call_needs_an_allow_decision_and_its_note_settles_it(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    call = await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["channel"], attempt["template"]) == ("sending", "call", "call_by_hand")
    (decision,) = await desk.rows("SELECT * FROM decisions")
    assert (decision["verdict"], decision["decision_id"]) == ("allow", attempt["decision_id"])
    assert '"actor":"human"' in decision["facts"]
    assert '"certificate_until":"2026-09-18"' in decision["facts"]
    await write_note(desk.resources, "agent.lin", call.attempt_id, promised(desk))
    (said,) = await desk.said("contact.attempted")
    assert (said["outcome"], said["decision_id"]) == ("conversation", str(decision["decision_id"]))
    (reply,) = await desk.said("borrower.replied")
    assert (reply["intent"], reply["promised"], reply["promised_on"]) == ("promise", 1_000, "2026-03-06")
    (note,) = await desk.rows("SELECT * FROM call_notes")
    assert note["is_said"]
    assert b"shop" not in note["words_sealed"]
    assert note["keep_until"] >= desk.now.date() + timedelta(days=3 * 365)


async def test_no_call_by_hand_before_the_softer_step_is_on_record(desk: Desk) -> None:
    case_id = await desk.open_case()
    await hire(desk, "agent.lin")
    with pytest.raises(NotAllowed) as refused:
        await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    assert refused.value.code == "escalation_not_proven"
    assert [reason.code for reason in refused.value.reasons] == ["not_proven.reminder"]
    assert await desk.attempts() == []
    assert {action.lacks for action in (await view_person(desk.resources, "agent.lin", case_id)).calls} == {"reminder"}


async def test_the_proven_step_is_a_fact_of_the_call_s_decision(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    (decision,) = await desk.rows("SELECT facts FROM decisions WHERE channel = 'call'")
    assert '"ladder":["reminder"]' in decision["facts"]


@pytest.mark.parametrize("text", ["please call me back this afternoon", "what is this about?"])
async def test_who_asks_to_be_called_or_writes_may_be_called_without_the_softer_step(desk: Desk, text: str) -> None:
    case_id = await desk.open_case()
    await desk.reply(text, case_id=case_id)
    await hire(desk, "agent.lin")
    await desk.run("UPDATE holds SET released_at = applied_at")
    assert await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))


async def test_a_denied_call_is_not_begun_and_its_denial_is_kept_and_announced(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    desk.databases.clock.advance(timedelta(hours=11))  # 21:00 in New York
    with pytest.raises(NotAllowed) as refused:
        await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    assert refused.value.code == "contact_denied"
    assert await desk.attempts() == []
    (decision,) = await desk.rows("SELECT verdict FROM decisions")
    assert decision["verdict"] == "deny"
    assert len(await desk.said("contact.denied")) == 1
    view = await view_person(desk.resources, "agent.lin", case_id)
    assert [line.kind for line in view.history] == ["denial"]
    assert not view.calls[0].decision.is_allowed
    assert view.calls[0].decision.until is not None


@pytest.mark.parametrize("valid_days", [-1, -30])
async def test_who_is_expired_may_look_but_neither_call_nor_claim(desk: Desk, valid_days: int) -> None:
    case_id = await reminded(desk)
    await desk.reply("I am being harassed, I will complain", case_id=case_id)
    await hire(desk, "agent.old", valid_days=valid_days)
    with pytest.raises(NotAllowed) as refused:
        await start_call(desk.resources, "agent.old", case_id, await number_of(desk, case_id))
    assert refused.value.code == "not_certified"
    with pytest.raises(NotAllowed):
        await take_next(desk.resources, "agent.old", ANY)
    assert (await view_person(desk.resources, "agent.old", case_id)).acting.standing.lacks != ()
    assert await desk.attempts() == []


async def test_the_last_day_of_a_certificate_is_a_working_day(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.old", valid_days=0)
    assert await start_call(desk.resources, "agent.old", case_id, await number_of(desk, case_id))


async def test_a_revoked_certificate_stops_somebody_at_once(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    (first, *_) = await desk.rows("SELECT certificate_id FROM certificates")
    await revoke_certificate(desk.resources, "head.office", first["certificate_id"], "misconduct")
    await revoke_certificate(desk.resources, "head.office", first["certificate_id"], "again")
    (kept,) = await desk.rows("SELECT reason FROM certificate_revocations")
    assert kept["reason"] == "misconduct"
    with pytest.raises(NotAllowed):
        await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))


async def test_a_stranger_may_do_nothing(desk: Desk) -> None:
    case_id = await reminded(desk)
    with pytest.raises(NotAllowed):
        await start_call(desk.resources, "nobody", case_id, await number_of(desk, case_id))
    with pytest.raises(NotAllowed):
        await view_person(desk.resources, "nobody", case_id)


async def test_a_bot_that_hides_what_it_is_may_not_begin(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "bot.seven", kind="bot")
    number = await number_of(desk, case_id)
    for opening in (None, "Hello, this is Seven.", "About your debt. I am an automated assistant."):
        with pytest.raises(Invalid):
            await start_call(desk.resources, "bot.seven", case_id, number, opening=opening)
    call = await start_call(desk.resources, "bot.seven", case_id, number, opening=DISCLOSURES["en"])
    (decision,) = await desk.rows("SELECT facts FROM decisions")
    assert '"actor":"bot"' in decision["facts"]
    assert '"bot_discloses":true' in decision["facts"]
    assert call.staff_id == "bot.seven"


async def test_a_bot_without_certificates_is_refused_like_a_person(desk: Desk) -> None:
    case_id = await reminded(desk)
    await register_member(desk.resources, StaffMemberRow("bot.eight", "bot", ("en",), 5))
    with pytest.raises(NotAllowed) as refused:
        await start_call(
            desk.resources, "bot.eight", case_id, await number_of(desk, case_id), opening=DISCLOSURES["en"]
        )
    assert refused.value.code == "not_certified"


async def test_two_people_never_call_one_person_at_once(desk: Desk) -> None:
    case_id = await reminded(desk)
    number = await number_of(desk, case_id)
    await hire(desk, "agent.lin")
    await hire(desk, "agent.wu")
    async with desk.with_connections(4):
        results = await asyncio.gather(
            *(start_call(desk.resources, who, case_id, number) for who in ("agent.lin", "agent.wu", "agent.lin")),
            return_exceptions=True,
        )
    begun = [result for result in results if not isinstance(result, BaseException)]
    assert len(begun) == 1
    assert len(await desk.attempts()) == 1


async def test_a_note_sent_twice_is_one_note_and_one_reply(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    call = await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    await write_note(desk.resources, "agent.lin", call.attempt_id, promised(desk))
    await write_note(desk.resources, "agent.lin", call.attempt_id, promised(desk, words="something else"))
    assert len(await desk.said("contact.attempted")) == 1
    assert len(await desk.said("borrower.replied")) == 1


async def test_a_note_is_written_by_who_called_and_by_nobody_else(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    await hire(desk, "agent.wu")
    call = await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    with pytest.raises(NotFound):
        await write_note(desk.resources, "agent.wu", call.attempt_id, promised(desk))
    with pytest.raises(Invalid):
        await write_note(desk.resources, "agent.lin", call.attempt_id, promised(desk, is_confirmed_back=False))
    assert await desk.said("contact.attempted", "borrower.replied") == []


async def test_words_are_taken_as_a_reply_although_the_process_died_after_the_note(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    call = await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    await write_note(desk.resources, "agent.lin", call.attempt_id, promised(desk))
    await desk.run("UPDATE call_notes SET is_said = false")
    await desk.run("DELETE FROM outbox WHERE topic = 'borrower.replied'")
    await desk.run("DELETE FROM replies")
    assert await say_noted(desk.resources) == 1
    assert len(await desk.said("borrower.replied")) == 1
    assert await say_noted(desk.resources) == 0


async def test_a_call_without_a_note_ends_unknown_and_counts(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    await desk.run("UPDATE attempts SET lease_until = clock_timestamp() - interval '1 second'")
    assert await desk.recover() == 1
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["outcome"], attempt["counts"]) == ("settled", "unknown", True)


async def test_the_ladder_goes_on_after_a_call_by_hand(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    before = await desk.plan(case_id)
    call = await start_call(desk.resources, "agent.lin", case_id, await number_of(desk, case_id))
    during = await desk.plan(case_id)
    await write_note(desk.resources, "agent.lin", call.attempt_id, promised(desk, promise=None))
    after = await desk.plan(case_id)
    assert before is not None
    assert during is not None
    assert after is not None
    assert during["attempt_id"] == call.attempt_id
    assert during["due_at"] is None
    assert after["step"] == before["step"] + 1
    assert after["due_at"] is not None


async def test_what_needs_a_person_comes_into_the_queue_once_and_leaves_when_settled(desk: Desk) -> None:
    case_id = await reminded(desk)
    await desk.reply("I am being harassed, I will complain", case_id=case_id)
    (complaint,) = await desk.rows("SELECT * FROM complaints")
    desk.databases.clock.advance(complaint["answer_due_at"] - desk.now - timedelta(days=5, seconds=1))
    assert "complaint" not in [item["kind"] for item in await queued(desk)]
    desk.databases.clock.advance(timedelta(seconds=1))
    (item,) = [item for item in await queued(desk) if item["kind"] == "complaint"]
    assert item["due_at"] == complaint["answer_due_at"]
    for _ in range(3):
        await feed_queue(desk.resources)
    assert len([each for each in await queued(desk) if each["kind"] == "complaint"]) == 1
    await desk.run("UPDATE complaints SET closed_at = $1, outcome = 'upheld'", desk.now)
    (closed,) = [item for item in await queued(desk) if item["kind"] == "complaint"]
    assert closed["outcome"] == "resolved_elsewhere"


async def test_two_people_never_hold_one_item(desk: Desk) -> None:
    item_id = await _one_item(desk)
    people = [await hire(desk, f"agent.{n}") for n in range(4)]
    async with desk.with_connections(6):
        results = await asyncio.gather(
            *(claim_item(desk.resources, who, item_id) for who in people), return_exceptions=True
        )
    assert len([result for result in results if not isinstance(result, BaseException)]) == 1


async def test_an_item_goes_back_when_its_lease_runs_out(desk: Desk) -> None:
    item_id = await _one_item(desk)
    await hire(desk, "agent.lin")
    await hire(desk, "agent.wu")
    await claim_item(desk.resources, "agent.lin", item_id)
    with pytest.raises(Conflict):
        await claim_item(desk.resources, "agent.wu", item_id)
    await desk.run("UPDATE work_items SET held_until = clock_timestamp() - interval '1 second'")
    assert (await claim_item(desk.resources, "agent.wu", item_id)).holder == "agent.wu"
    with pytest.raises(Conflict):
        await finish_item(desk.resources, "agent.lin", item_id, "handled")
    with pytest.raises(Conflict):
        await release_item(desk.resources, "agent.lin", item_id)


async def test_nobody_holds_more_than_their_capacity(desk: Desk) -> None:
    for _ in range(3):
        await _one_item(desk)
    await hire(desk, "agent.lin", capacity=2)
    async with desk.with_connections(4):
        await asyncio.gather(*(take_next(desk.resources, "agent.lin", ANY) for _ in range(3)), return_exceptions=True)
    (load,) = await show_loads(desk.resources)
    assert (load.held, load.capacity) == (2, 2)
    with pytest.raises(Conflict):
        await take_next(desk.resources, "agent.lin", ANY)


async def test_an_item_in_a_language_somebody_does_not_speak_is_not_theirs_to_take(desk: Desk) -> None:
    await _one_item(desk)
    await hire(desk, "agent.wu", languages=("zh",))
    assert await take_next(desk.resources, "agent.wu", ANY) is None


async def test_who_knows_the_borrower_gets_their_next_item_first(desk: Desk) -> None:
    first = await _one_item(desk)
    await hire(desk, "agent.lin")
    await hire(desk, "agent.wu")
    await claim_item(desk.resources, "agent.lin", first)
    await finish_item(desk.resources, "agent.lin", first, "handled")
    (item,) = await desk.rows("SELECT * FROM work_items")
    await desk.run("UPDATE holds SET released_at = $1 WHERE kind = 'distress'", desk.now)
    await _distress(desk, item["case_id"])
    await feed_queue(desk.resources)
    assert await take_next(desk.resources, "agent.wu", ANY) is None
    taken = await take_next(desk.resources, "agent.lin", ANY)
    assert taken is not None
    assert taken.case_id == item["case_id"]


async def test_a_call_finishes_its_item_and_the_item_must_be_held(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    await desk.run(
        "INSERT INTO call_notes (attempt_id, case_id, person_id, staff_id, outcome, cause, feelings, next_step, "
        "next_at, keep_until, written_at, is_said) SELECT gen_random_uuid(), case_id, person_id, 'agent.wu', "
        "'conversation', 'unknown', 'calm', 'call_back', $2, $3, $2, true FROM cases WHERE case_id = $1",
        case_id,
        desk.now,
        desk.now.date(),
    )
    (item,) = await queued(desk)
    number = await number_of(desk, case_id)
    with pytest.raises(Conflict):
        await start_call(desk.resources, "agent.lin", case_id, number, item_id=item["item_id"])
    assert await desk.attempts() == []
    await claim_item(desk.resources, "agent.lin", item["item_id"])
    call = await start_call(desk.resources, "agent.lin", case_id, number, item_id=item["item_id"])
    await write_note(desk.resources, "agent.lin", call.attempt_id, promised(desk))
    (done,) = await desk.rows("SELECT outcome, done_by FROM work_items")
    assert (done["outcome"], done["done_by"]) == ("called", "agent.lin")


async def test_every_look_at_what_is_masked_is_journalled_with_its_reason(desk: Desk) -> None:
    case_id = await reminded(desk)
    await desk.reply("Why is it so much?", case_id=case_id)
    await hire(desk, "agent.lin")
    (reply,) = await desk.rows("SELECT reply_id FROM replies")
    with pytest.raises(Invalid):
        await unmask(desk.resources, "agent.lin", "reply", reply["reply_id"], "curious")
    assert await desk.rows("SELECT * FROM unmaskings") == []
    _, words = await unmask(desk.resources, "agent.lin", "reply", reply["reply_id"], "answer_question")
    assert words == "Why is it so much?"
    (look,) = await desk.rows("SELECT * FROM unmaskings")
    assert (look["staff_id"], look["subject"], look["reason"]) == ("agent.lin", "reply", "answer_question")


async def test_a_message_by_hand_is_allowed_as_the_person_who_sends_it(desk: Desk) -> None:
    case_id = await reminded(desk)
    await hire(desk, "agent.lin")
    attempt_id = await send_by_hand(desk.resources, "agent.lin", case_id)
    (attempt,) = await desk.attempts()
    assert (attempt["attempt_id"], attempt["state"], attempt["channel"]) == (attempt_id, "settled", "email")
    (decision,) = await desk.rows("SELECT verdict, facts FROM decisions")
    assert decision["verdict"] == "allow"
    assert '"actor":"human"' in decision["facts"]
    assert len(await desk.said("contact.attempted")) == 1
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["step"] == 1


async def test_a_message_by_hand_waits_for_the_gate_and_for_its_turn(desk: Desk) -> None:
    case_id = await desk.open_case("firm")
    await hire(desk, "agent.lin")
    await desk.sweep()
    with pytest.raises(Conflict):
        await send_by_hand(desk.resources, "agent.lin", case_id)  # the next step is a call
    other = await reminded(desk)
    desk.databases.clock.advance(timedelta(hours=11))  # 21:00 in New York
    with pytest.raises(NotAllowed) as refused:
        await send_by_hand(desk.resources, "agent.lin", other)
    assert refused.value.code == "contact_denied"
    assert await desk.rows("SELECT * FROM attempts WHERE case_id = $1", other) == []


async def _one_item(desk: Desk) -> UUID:
    case_id = await reminded(desk)
    await _distress(desk, case_id)
    await feed_queue(desk.resources)
    (item,) = await desk.rows("SELECT item_id FROM work_items WHERE case_id = $1", case_id)
    found: UUID = item["item_id"]
    return found


async def _distress(desk: Desk, case_id: UUID) -> None:
    await desk.run(
        "INSERT INTO holds (hold_id, case_id, creditor_id, kind, applied_at) "
        "SELECT gen_random_uuid(), case_id, creditor_id, 'distress', $2 FROM cases WHERE case_id = $1",
        case_id,
        desk.now,
    )
