"""Complaints and disputes at the desk: clock, hold, evidence and answer, against a real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy.exc import ProgrammingError

from services.outreach.application import work_matters
from services.outreach.application.answer_matters import Answer, answer_matter, read_answer, send_answer
from services.outreach.application.desk_records import Matter, MatterFilter
from services.outreach.application.open_matters import Opening, open_matter_by_hand
from services.outreach.application.remind_matters import remind_matters
from services.outreach.application.seal_evidence import open_pack
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Overloaded
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.test_replies import contacted

UPHELD = Answer("upheld", "We called you twice on one day.", "frequency", ("apology",))


def opening(desk: Desk, kind: Any = "complaint", **changes: Any) -> Opening:
    topic = "conduct" if kind == "complaint" else "not_owed"
    values: dict[str, Any] = {
        "kind": kind,
        "topic": topic,
        "channel": "letter",
        "received_at": desk.now,
        "recorded_by": "agent.lin",
        "reference": f"post:{new_id()}",
        "request_hash": "1",
    }
    return Opening(**{**values, **changes})


async def complain(desk: Desk, case_id: UUID | None = None, **changes: Any) -> Matter:
    return await open_matter_by_hand(desk.resources, case_id or await desk.open_case(), opening(desk, **changes))


async def holds(desk: Desk) -> list[str]:
    rows = await desk.rows("SELECT kind FROM holds WHERE released_at IS NULL ORDER BY kind")
    return [row["kind"] for row in rows]


async def test_a_complaint_by_letter_holds_its_case_and_takes_back_what_is_reserved(desk: Desk) -> None:
    case_id = await desk.open_case()
    await complain(desk, case_id, received_at=desk.now - timedelta(days=3))
    assert await holds(desk) == ["complaint"]
    await desk.sweep()
    assert await desk.attempts() == []
    (opened,) = await desk.said("complaint.opened")
    assert (opened["received_by"], opened["category"]) == ("letter", "conduct")


async def test_the_clock_runs_from_receipt_and_not_from_typing_it_in(desk: Desk) -> None:
    late = await complain(desk, received_at=desk.now - timedelta(days=7))
    fresh = await complain(desk)
    assert fresh.answer_due_at - late.answer_due_at == timedelta(days=7)
    with pytest.raises(Invalid):
        await complain(desk, received_at=desk.now + timedelta(seconds=1))


async def test_the_same_reference_is_the_same_complaint_and_another_content_is_a_conflict(desk: Desk) -> None:
    case_id = await desk.open_case()
    first = opening(desk, reference="post:1")
    both = await asyncio.gather(*(open_matter_by_hand(desk.resources, case_id, first) for _ in range(2)))
    assert both[0] == both[1]
    assert len(await desk.said("complaint.opened")) == len(await desk.rows("SELECT 1 FROM evidence_packs")) == 1
    with pytest.raises(Conflict):
        await open_matter_by_hand(desk.resources, case_id, replace(first, request_hash="2"))
    with pytest.raises(Conflict):
        # Not another case's complaint either.
        await open_matter_by_hand(desk.resources, await desk.open_case(), first)
    with pytest.raises(NotFound):
        await open_matter_by_hand(desk.resources, new_id(), opening(desk))


async def test_the_evidence_is_there_when_the_complaint_is_whole_sealed_and_provable(desk: Desk) -> None:
    case_id, attempt = await contacted(desk)
    await desk.reply("I complain about your agent, this is harassment", to=attempt["attempt_id"], channel="email")
    (complaint,) = await desk.rows("SELECT complaint_id FROM complaints")
    shown = await work_matters.show_matter(desk.resources, "complaint", complaint["complaint_id"])
    (pack,) = shown.packs
    document = open_pack(desk.resources, pack)
    assert sha256(document).hexdigest() == pack.sha256
    evidence = orjson.loads(document)
    assert [line["attempt_id"] for line in evidence["contacts"]] == [str(attempt["attempt_id"])]
    assert evidence["decisions"][0]["chain_hash"]
    assert [line["kind"] for line in evidence["holds"]] == ["complaint"]
    assert len(evidence["replies"]) == len(evidence["templates"]) == 1
    assert "harassment" not in document.decode()
    assert pack.sealed.find(b"attempt_id") == -1
    assert str(case_id) in document.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_packs SET sha256 = '0'",
        "DELETE FROM evidence_packs",
        "UPDATE desk_steps SET taken_by = 'nobody'",
        "DELETE FROM desk_steps",
        "DELETE FROM desk_matters",
        "UPDATE desk_answers SET sha256 = '0'",
    ],
)
async def test_no_role_of_the_service_may_change_evidence(desk: Desk, statement: str) -> None:
    await complain(desk)
    for database in (desk.databases.api, desk.databases.worker):
        async with database.transaction() as transaction:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await transaction.connection.exec_driver_sql(statement)


async def test_a_complaint_with_a_long_history_has_its_evidence_within_two_seconds(desk: Desk) -> None:
    case_id, _ = await contacted(desk)
    for table, key in (("attempts", "attempt_id"), ("decisions", "decision_id")):
        position = table == "decisions"
        columns = await desk.rows(
            "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND column_name <> $2", table, key
        )
        names = [row["column_name"] for row in columns if not position or row["column_name"] != "position"]
        extra = ("position, ", "n + 1, ") if position else ("", "")
        listed = ", ".join(names)
        await desk.run(
            f"INSERT INTO {table} ({key}, {extra[0]}{listed}) "
            f"SELECT gen_random_uuid(), {extra[1]}{listed} FROM (SELECT * FROM {table} LIMIT 1) t, "
            "generate_series(1, 900) AS n"
        )
    seconds = []
    for _ in range(40):
        began = perf_counter()
        await complain(desk, case_id)
        seconds.append(perf_counter() - began)
    ordered = sorted(seconds)
    print(f"complaint to pack: p50 {ordered[20] * 1_000:.0f} ms, slowest of 40 {ordered[-1] * 1_000:.0f} ms")
    # One in forty may meet a machine that stands still (a checkpoint after the tests before, a host that is busy).
    assert ordered[-2] < 2


async def test_the_work_on_a_complaint_goes_forward_and_twice_is_once(desk: Desk) -> None:
    matter = await complain(desk)
    subject = matter.matter_id
    for _ in range(2):
        await work_matters.acknowledge(desk.resources, "agent.lin", "complaint", subject)
    for _ in range(2):
        await work_matters.investigate(desk.resources, "agent.lin", "complaint", subject)
    with pytest.raises(Conflict):
        await work_matters.close_matter(desk.resources, "agent.lin", "complaint", subject)
    for _ in range(2):
        await answer_matter(desk.resources, "agent.lin", "complaint", subject, UPHELD)
    with pytest.raises(Conflict):
        await answer_matter(
            desk.resources, "agent.lin", "complaint", subject, replace(UPHELD, outcome="not_upheld", redress=())
        )
    assert await holds(desk) == ["complaint"]
    for _ in range(2):
        closed = await work_matters.close_matter(desk.resources, "agent.wei", "complaint", subject)
    assert (closed.state, closed.outcome, closed.closed_by) == ("closed", "upheld", "agent.wei")
    assert await holds(desk) == []
    (said,) = await desk.said("complaint.closed")
    assert (said["outcome"], said["root_cause"]) == ("upheld", "frequency")
    steps = [step.step for step in (await work_matters.show_matter(desk.resources, "complaint", subject)).steps]
    assert steps == ["received", "acknowledged", "investigating", "answered", "closed"]
    (lesson,) = await work_matters.list_lessons(desk.resources)
    assert (lesson.root_cause, lesson.outcome, lesson.matters) == ("frequency", "upheld", 1)


async def test_who_is_complained_about_neither_investigates_nor_answers(desk: Desk) -> None:
    subject = (await complain(desk, named_staff="agent.rude")).matter_id
    with pytest.raises(NotAllowed):
        await work_matters.assign(desk.resources, "agent.lin", "complaint", subject, "agent.rude")
    with pytest.raises(NotAllowed):
        await work_matters.investigate(desk.resources, "agent.rude", "complaint", subject)
    with pytest.raises(NotAllowed):
        await answer_matter(desk.resources, "agent.rude", "complaint", subject, UPHELD)


async def test_more_time_needs_a_second_person_and_an_unfinished_term(desk: Desk) -> None:
    matter = await complain(desk)
    subject = matter.matter_id
    with pytest.raises(NotAllowed):
        await work_matters.give_more_time(desk.resources, "agent.lin", subject, "complex", "agent.lin")
    longer = await work_matters.give_more_time(desk.resources, "agent.lin", subject, "complex", "head.office")
    assert longer.answer_due_at > matter.answer_due_at
    assert (longer.answer_due_at - matter.received_at).days in (28, 29, 30)
    desk.databases.clock.advance(longer.answer_due_at - desk.now + timedelta(seconds=1))
    with pytest.raises(Conflict):
        await work_matters.give_more_time(desk.resources, "agent.lin", subject, "specially_complex", "head.office")


async def test_whoever_works_on_it_is_reminded_once_and_lateness_is_listed(desk: Desk) -> None:
    matter = await complain(desk)
    overdue = MatterFilter(kind="complaint", is_overdue=True)
    desk.databases.clock.advance(matter.answer_due_at - timedelta(days=5, seconds=1) - desk.now)
    assert await remind_matters(desk.resources) == 0
    desk.databases.clock.advance(timedelta(seconds=1))
    assert [await remind_matters(desk.resources) for _ in range(2)] == [1, 0]
    desk.databases.clock.advance(timedelta(days=5))
    assert await work_matters.list_matters(desk.resources, overdue) == []
    desk.databases.clock.advance(timedelta(seconds=1))
    assert len(await work_matters.list_matters(desk.resources, overdue)) == 1
    await answer_matter(desk.resources, "agent.lin", "complaint", matter.matter_id, UPHELD)
    assert await work_matters.list_matters(desk.resources, overdue) == []


async def test_words_that_threaten_are_no_answer(desk: Desk) -> None:
    subject = (await complain(desk)).matter_id
    with pytest.raises(Invalid):
        await answer_matter(
            desk.resources, "agent.lin", "complaint", subject, replace(UPHELD, words="Pay now or we will arrest you.")
        )


async def test_a_reopened_complaint_is_a_new_one_that_names_the_old_and_holds_again(desk: Desk) -> None:
    subject = (await complain(desk)).matter_id
    with pytest.raises(Conflict):
        await work_matters.reopen(desk.resources, "agent.lin", "complaint", subject, "letter")
    await answer_matter(desk.resources, "agent.lin", "complaint", subject, UPHELD)
    await work_matters.close_matter(desk.resources, "agent.lin", "complaint", subject)
    again = [await work_matters.reopen(desk.resources, "agent.lin", "complaint", subject, "letter") for _ in range(2)]
    assert again[0].matter_id == again[1].matter_id != subject
    assert again[0].reopens == subject
    assert await holds(desk) == ["complaint"]


async def test_nothing_leaves_while_a_dispute_is_open_but_its_answer_and_that_once(desk: Desk) -> None:
    case_id = await desk.open_case()
    matter = await complain(desk, case_id, kind="dispute", part_minor_units=500)
    await desk.sweep()
    assert desk.carriers.deliveries.total() == 0
    with pytest.raises(Conflict):
        await send_answer(desk.resources, "agent.lin", "dispute", matter.matter_id, "email")
    verified = Answer("debt_verified", "The statement of the creditor is attached.")
    await answer_matter(desk.resources, "agent.lin", "dispute", matter.matter_id, verified)
    sent = [await send_answer(desk.resources, "agent.lin", "dispute", matter.matter_id, "email") for _ in range(2)]
    assert sent[0].answer_sent_at == sent[1].answer_sent_at == desk.now
    assert desk.carriers.deliveries.total() == 1
    (attempted,) = await desk.said("contact.attempted")
    assert attempted["template"] == "dispute_answer.v1"
    (text,) = desk.carriers.texts.values()
    assert "asks for no payment" in text.text
    media_type, kept = await read_answer(desk.resources, "dispute", matter.matter_id)
    assert media_type.startswith("text/plain")
    assert text.text in kept.decode()
    assert await holds(desk) == ["dispute"]
    await work_matters.close_matter(desk.resources, "agent.lin", "dispute", matter.matter_id)
    assert [said["outcome"] for said in await desk.said("dispute.closed")] == ["debt_verified"]


async def test_an_answer_that_no_carrier_took_may_be_sent_again(desk: Desk) -> None:
    matter = await complain(desk)
    await answer_matter(desk.resources, "agent.lin", "complaint", matter.matter_id, UPHELD)
    desk.vault.is_away = True
    with pytest.raises(Overloaded):
        await send_answer(desk.resources, "agent.lin", "complaint", matter.matter_id, "email")
    desk.vault.is_away = False
    sent = await send_answer(desk.resources, "agent.lin", "complaint", matter.matter_id, "email")
    assert sent.answer_sent_at is not None
    assert desk.carriers.deliveries.total() == 1


async def test_a_debt_that_is_not_owed_is_asked_for_no_more(desk: Desk) -> None:
    matter = await complain(desk, kind="dispute")
    await answer_matter(desk.resources, "agent.lin", "dispute", matter.matter_id, Answer("debt_withdrawn", ""))
    await work_matters.close_matter(desk.resources, "agent.lin", "dispute", matter.matter_id)
    assert await holds(desk) == ["cease"]
    desk.databases.clock.advance(timedelta(days=3))
    await desk.sweep()
    assert await desk.attempts() == []


async def test_a_corrected_amount_is_within_what_is_owed_and_the_lender_is_asked(desk: Desk) -> None:
    matter = await complain(desk, kind="dispute", topic="amount")
    for wrong in (None, -1, 10**15):
        with pytest.raises(Invalid):
            await answer_matter(
                desk.resources,
                "agent.lin",
                "dispute",
                matter.matter_id,
                Answer("debt_corrected", "", corrected_minor_units=wrong),
            )
    right = Answer("debt_corrected", "", corrected_minor_units=0)
    await answer_matter(desk.resources, "agent.lin", "dispute", matter.matter_id, right)
    steps = [s.step for s in (await work_matters.show_matter(desk.resources, "dispute", matter.matter_id)).steps]
    assert "lender_asked" in steps


async def test_a_disputed_part_is_more_than_nothing_and_at_most_what_is_owed(desk: Desk) -> None:
    case_id = await desk.open_case()
    (row,) = await desk.rows(
        "SELECT fees_minor_units + interest_minor_units + principal_minor_units AS owed FROM cases"
    )
    for wrong in (0, row["owed"] + 1):
        with pytest.raises(Invalid):
            await complain(desk, case_id, kind="dispute", part_minor_units=wrong)
    assert (await complain(desk, case_id, kind="dispute", part_minor_units=row["owed"])).part_minor_units == row["owed"]


async def test_the_same_dispute_again_is_a_duplicate_unless_it_brings_something_new(desk: Desk) -> None:
    case_id = await desk.open_case()
    first = await complain(desk, case_id, kind="dispute")
    assert (await complain(desk, case_id, kind="dispute")).duplicate_of is None
    await answer_matter(desk.resources, "agent.lin", "dispute", first.matter_id, Answer("debt_verified", ""))
    assert (await complain(desk, case_id, kind="dispute")).duplicate_of == first.matter_id
    assert (await complain(desk, case_id, kind="dispute", has_new_material=True)).duplicate_of is None
    assert (await complain(desk, case_id, kind="dispute", topic="amount")).duplicate_of is None


async def test_one_of_two_open_complaints_does_not_end_the_hold(desk: Desk) -> None:
    case_id = await desk.open_case()
    first, second = await complain(desk, case_id), await complain(desk, case_id)
    for matter, left in ((first, ["complaint"]), (second, [])):
        await answer_matter(desk.resources, "agent.lin", "complaint", matter.matter_id, UPHELD)
        await work_matters.close_matter(desk.resources, "agent.lin", "complaint", matter.matter_id)
        assert await holds(desk) == left
