"""Critical conduct: frozen in one hop, evidence kept, those who must know told, and released by two people only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.outreach.application.apply_holds import expire_holds, release_hold
from services.outreach.application.certify_staff import acting
from services.outreach.application.desk_records import Alarm
from services.outreach.application.raise_alarms import (
    MAIL_AGAIN,
    NewAlarm,
    agree_release,
    ask_release,
    list_alarms,
    mail_alarms,
    raise_alarm,
)
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, NotAllowed, NotFound
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.test_replies import contacted
from tests.integration.outreach.workbench import hire
from tests.support.events import case_received


@dataclass
class PretendMail:
    """Takes mail, unless the server is away."""

    is_away: bool = False
    told: list[Alarm] = field(default_factory=list)
    has_recipients: bool = True

    async def send(self, alarms: Sequence[Alarm]) -> set[UUID]:
        if self.is_away:
            return set()
        self.told.extend(alarms)
        return {alarm.alarm_id for alarm in alarms}


def with_mail(desk: Desk) -> PretendMail:
    mail = PretendMail()
    desk.resources = replace(desk.resources, desks=replace(desk.resources.desks, alarm_mail=mail))
    return mail


async def alarm(desk: Desk, case_id: UUID, **changes: Any) -> Alarm:
    values = {"category": "threats", "source": "staff", "raised_by": "agent.lin", **changes}
    return await raise_alarm(desk.resources, NewAlarm(case_id=case_id, **values))


async def frozen(desk: Desk) -> set[UUID]:
    rows = await desk.rows("SELECT case_id FROM holds WHERE kind = 'critical_conduct' AND released_at IS NULL")
    return {row["case_id"] for row in rows}


async def test_a_reply_about_a_threat_freezes_all_cases_of_the_person_in_the_same_transaction(desk: Desk) -> None:
    case_id, attempt = await contacted(desk)
    (row,) = await desk.rows("SELECT person_id FROM cases")
    other = await desk.open_case(person_id=row["person_id"])
    stranger = await desk.open_case()
    for _ in range(2):
        await desk.reply("your agent threatened me", to=attempt["attempt_id"], reference="reply-7", channel="email")
    assert await frozen(desk) == {case_id, other}
    assert stranger not in await frozen(desk)
    (said,) = await desk.said("conduct.alarmed")
    assert (said["category"], said["reported_by"]) == ("threats", "reply")
    assert "agent" not in str(said)
    (pack,) = await desk.rows(
        "SELECT p.locked_until FROM evidence_packs p JOIN conduct_alarms a ON a.alarm_id = p.subject_id"
    )
    assert pack["locked_until"] > desk.now.date() + timedelta(days=3_600)
    await desk.sweep()
    assert len([a for a in await desk.attempts() if a["case_id"] != stranger]) == 1


async def test_a_case_that_comes_later_is_frozen_from_its_first_moment(desk: Desk) -> None:
    case_id = await desk.open_case()
    raised = await alarm(desk, case_id)
    body = case_received().model_copy(update={"person_id": raised.person_id})
    await desk.deliver(body)
    assert await frozen(desk) == {case_id, body.case_id}


async def test_whoever_is_named_acts_no_more_and_their_work_goes_back(desk: Desk) -> None:
    case_id = await desk.open_case()
    await hire(desk, "agent.rude")
    await desk.run(
        "INSERT INTO work_items (item_id, kind, subject_id, case_id, person_id, creditor_id, jurisdiction, language, "
        "is_vulnerable, since_at, due_at, priority, reasons, weighed_at, holder, held_until) "
        "SELECT gen_random_uuid(), 'call', gen_random_uuid(), case_id, person_id, creditor_id, 'US', 'en', false, "
        "$1, $1, 1, '[]', $1, 'agent.rude', clock_timestamp() + interval '1 hour' FROM cases",
        desk.now,
    )
    await alarm(desk, case_id, accused="agent.rude")
    async with desk.resources.begin() as work:
        assert not (await acting(work, "agent.rude")).standing.is_certified
    (item,) = await desk.rows("SELECT holder FROM work_items")
    assert item["holder"] is None


async def test_the_hold_cannot_be_released_as_others_are_and_never_ends_by_itself(desk: Desk) -> None:
    await alarm(desk, await desk.open_case())
    (hold,) = await desk.rows("SELECT hold_id, until FROM holds")
    with pytest.raises(NotAllowed):
        await release_hold(desk.resources, hold["hold_id"], "because")
    desk.databases.clock.advance(timedelta(days=400))
    assert await expire_holds(desk.resources) == 0
    assert len(await frozen(desk)) == 1


async def test_two_people_release_it_and_neither_is_the_same_or_the_accused(desk: Desk) -> None:
    raised = await alarm(desk, await desk.open_case(), accused="agent.rude")
    with pytest.raises(Conflict):
        await agree_release(desk.resources, "agent.wei", raised.alarm_id)
    for _ in range(2):
        await ask_release(desk.resources, "agent.lin", raised.alarm_id, "unfounded")
    with pytest.raises(Conflict):
        await ask_release(desk.resources, "agent.wei", raised.alarm_id, "unfounded")
    with pytest.raises(NotAllowed):
        await agree_release(desk.resources, "agent.lin", raised.alarm_id)
    with pytest.raises(NotAllowed):
        await agree_release(desk.resources, "agent.rude", raised.alarm_id)
    assert len(await frozen(desk)) == 1
    for _ in range(2):
        released = await agree_release(desk.resources, "agent.wei", raised.alarm_id)
    assert (released.released_by, released.release_asked_by) == ("agent.wei", "agent.lin")
    assert await frozen(desk) == set()
    assert [said["reason"] for said in await desk.said("hold.released")] == ["alarm_released"]
    with pytest.raises(NotFound):
        await ask_release(desk.resources, "agent.lin", new_id(), "unfounded")


async def test_one_of_two_alarms_does_not_end_the_freeze(desk: Desk) -> None:
    case_id = await desk.open_case()
    first, second = await alarm(desk, case_id), await alarm(desk, case_id, category="violence")
    for raised, left in ((first, 1), (second, 0)):
        await ask_release(desk.resources, "agent.lin", raised.alarm_id, "unfounded")
        await agree_release(desk.resources, "agent.wei", raised.alarm_id)
        assert len(await frozen(desk)) == left
    assert await list_alarms(desk.resources, is_standing=True, limit=10) == []


async def test_the_same_reference_is_the_same_alarm_and_another_category_is_a_conflict(desk: Desk) -> None:
    case_id = await desk.open_case()
    first = await alarm(desk, case_id, reference="note:1")
    assert await alarm(desk, case_id, reference="note:1") == first
    with pytest.raises(Conflict):
        await alarm(desk, case_id, reference="note:1", category="violence")
    assert len(await desk.said("conduct.alarmed")) == 1


async def test_mail_is_tried_until_it_has_left_and_then_no_more(desk: Desk) -> None:
    mail = with_mail(desk)
    mail.is_away = True
    raised = await alarm(desk, await desk.open_case())
    assert [await mail_alarms(desk.resources) for _ in range(2)] == [1, 0]
    mail.is_away = False
    desk.databases.clock.advance(MAIL_AGAIN[0] - timedelta(seconds=1))
    assert await mail_alarms(desk.resources) == 0
    desk.databases.clock.advance(timedelta(seconds=1))
    assert [await mail_alarms(desk.resources) for _ in range(2)] == [1, 0]
    assert [told.alarm_id for told in mail.told] == [raised.alarm_id]
    desk.databases.clock.advance(timedelta(days=2))
    assert await mail_alarms(desk.resources) == 0


async def test_the_evidence_of_an_alarm_survives_the_persons_erasure(desk: Desk) -> None:
    raised = await alarm(desk, await desk.open_case())
    async with desk.resources.begin() as work:
        await work.persons.erase([raised.person_id])
        await work.commit()
    (pack,) = await desk.rows("SELECT length(sealed) AS bytes FROM evidence_packs")
    assert pack["bytes"] > 100
