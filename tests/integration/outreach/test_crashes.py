"""Reserve, then send: whatever dies in between, nothing is sent twice and everything that may have gone out counts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.outreach.application import attempt_contacts, carry_out_contacts
from services.outreach.application.contact_ports import UNCLEAR
from services.outreach.application.record_receipts import record_receipts
from tests.integration.outreach.desk import Desk


class Died(BaseException):
    """Stands for the death of the process: nothing after it runs."""


def die_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def visit(name: str) -> None:
        if name == place:
            raise Died

    monkeypatch.setattr(attempt_contacts, "fault_point", visit)
    monkeypatch.setattr(carry_out_contacts, "fault_point", visit)


async def expire_leases(desk: Desk) -> None:
    await desk.run("UPDATE attempts SET lease_until = clock_timestamp() - interval '1 second'")


async def crash(desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    with monkeypatch.context() as patch:
        die_at(patch, place)
        with pytest.raises(Died):
            await desk.sweep()


@pytest.mark.parametrize("place", ["outreach.after_reserve", "outreach.before_provider"])
async def test_a_death_before_the_provider_sends_nothing_and_the_same_attempt_is_taken_up_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    await desk.open_case()
    await crash(desk, monkeypatch, place)
    (before,) = await desk.attempts()
    assert before["counts"] is True
    assert desk.carriers.asked_for == []
    assert await desk.sweep() == 0  # the lease still stands
    assert await desk.recover() == 0
    await expire_leases(desk)
    assert await desk.recover() == 1
    # Released in settling, not at once, where the provider had to be asked first.
    desk.databases.clock.advance(timedelta(minutes=5))
    await desk.sweep()
    (after,) = await desk.attempts()
    assert (after["attempt_id"], after["state"]) == (before["attempt_id"], "settled")
    assert desk.carriers.deliveries[before["attempt_id"]] == 1
    assert len(await desk.said("contact.attempted")) == 1


async def test_a_death_after_the_provider_counts_and_is_never_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open_case()
    await crash(desk, monkeypatch, "outreach.after_provider")
    assert len(desk.carriers.asked_for) == 1
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["counts"]) == ("sending", True)
    await expire_leases(desk)
    await desk.recover()
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["outcome"]) == ("settled", "delivered")
    assert len(desk.carriers.asked_for) == 1
    assert [a["outcome"] for a in await desk.said("contact.attempted")] == ["delivered"]


async def test_a_provider_that_cannot_be_asked_leaves_the_attempt_unknown_and_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open_case()
    desk.carriers.can_look_up = False
    await crash(desk, monkeypatch, "outreach.after_provider")
    await expire_leases(desk)
    await desk.recover()
    (attempted,) = await desk.said("contact.attempted")
    assert (attempted["outcome"], attempted["counts"]) == ("unknown", True)
    assert len(desk.carriers.asked_for) == 1


async def test_a_provider_that_hangs_is_asked_later_and_the_message_goes_out_once(desk: Desk) -> None:
    await desk.open_case()
    desk.carriers.answer = UNCLEAR
    await desk.sweep()
    (attempt,) = await desk.attempts()
    assert attempt["state"] == "sending"
    assert await desk.said("contact.attempted") == []
    await expire_leases(desk)
    await desk.recover()
    assert [a["outcome"] for a in await desk.said("contact.attempted")] == ["delivered"]
    assert sum(desk.carriers.deliveries.values()) == 1


async def test_a_provider_that_takes_nothing_gets_the_same_attempt_later(desk: Desk) -> None:
    await desk.open_case()
    desk.carriers.is_down = True
    await desk.sweep()
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["counts"]) == ("released", False)
    assert await desk.sweep() == 0
    desk.carriers.is_down = False
    desk.databases.clock.advance(timedelta(minutes=5))
    await desk.sweep()
    assert list(desk.carriers.deliveries.values()) == [1]
    assert [a["attempt_id"] for a in await desk.said("contact.attempted")] == [str(attempt["attempt_id"])]


async def test_with_the_vault_away_nothing_is_sent_and_it_is_tried_again(desk: Desk) -> None:
    await desk.open_case()
    desk.vault.is_away = True
    await desk.sweep()
    assert desk.carriers.asked_for == []
    assert await desk.sweep() == 0
    desk.vault.is_away = False
    desk.databases.clock.advance(timedelta(minutes=5))
    await desk.sweep()
    assert len(desk.carriers.asked_for) == 1


async def test_an_address_the_vault_no_longer_has_is_not_written_to(desk: Desk) -> None:
    await desk.open_case()
    rows = await desk.rows("SELECT contact_point_id FROM contact_points")
    desk.vault.gone = {row["contact_point_id"] for row in rows}
    await desk.sweep()
    assert desk.carriers.asked_for == []
    (attempt,) = await desk.attempts()
    assert attempt["counts"] is False


async def test_one_who_was_overtaken_may_neither_send_nor_settle(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process stopped before the hand-over and woken after somebody else took its attempt over."""
    await desk.open_case()
    woken, overtaken = asyncio.Event(), asyncio.Event()

    async def stop_here() -> None:
        desk.vault.on_reveal = None
        overtaken.set()
        await woken.wait()

    desk.vault.on_reveal = stop_here
    zombie = asyncio.create_task(desk.sweep())
    await overtaken.wait()
    await expire_leases(desk)
    await desk.recover()
    await desk.sweep()
    assert len(desk.carriers.asked_for) == 1
    woken.set()
    await zombie
    assert len(desk.carriers.asked_for) == 1
    assert len(await desk.said("contact.attempted")) == 1


async def test_a_settled_attempt_is_not_settled_again_by_a_late_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open_case()
    stuck, go_on = asyncio.Event(), asyncio.Event()
    send = desk.carriers.send

    async def slow(messages: Any, *more: Any) -> Any:
        answer = await send(messages, *more)
        stuck.set()
        await go_on.wait()
        return answer

    monkeypatch.setattr(desk.carriers, "send", slow)
    zombie = asyncio.create_task(desk.sweep())
    await stuck.wait()
    await expire_leases(desk)
    await desk.recover()
    go_on.set()
    await zombie
    assert len(await desk.said("contact.attempted")) == 1


async def test_receipts_come_early_twice_and_in_any_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.open_case()
    desk.carriers.outcome = "sent"
    send = desk.carriers.send

    async def send_and_report(messages: Any, *more: Any) -> Any:
        answer = await send(messages, *more)
        for _ in range(2):
            await record_receipts(desk.resources, [(message.attempt_id, "delivered") for message in messages])
        return answer

    monkeypatch.setattr(desk.carriers, "send", send_and_report)
    await desk.sweep()
    (attempted,) = await desk.said("contact.attempted")
    assert attempted["outcome"] == "delivered"
    (attempt,) = await desk.attempts()
    await record_receipts(desk.resources, [(attempt["attempt_id"], "no_answer"), (attempt["attempt_id"], "failed")])
    (attempt,) = await desk.attempts()
    assert (attempt["outcome"], attempt["counts"]) == ("delivered", True)


async def test_a_failed_delivery_does_not_count_and_is_tried_again(desk: Desk) -> None:
    case_id = await desk.open_case()
    desk.carriers.outcome = "failed"
    await desk.sweep()
    (attempted,) = await desk.said("contact.attempted")
    assert (attempted["outcome"], attempted["counts"]) == ("failed", False)
    assert await desk.plan(case_id) is not None


async def test_a_window_that_closes_between_the_decision_and_the_sending_stops_the_message(desk: Desk) -> None:
    desk.databases.clock.advance(timedelta(hours=10, minutes=59, seconds=59))  # 20:59:59 in New York
    case_id = await desk.open_case()

    async def a_second_passes() -> None:
        desk.databases.clock.advance(timedelta(seconds=1))

    desk.vault.on_reveal = a_second_passes
    await desk.sweep()
    assert desk.carriers.asked_for == []
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["due_at"] == desk.now + timedelta(hours=11)


async def test_a_message_that_cannot_be_worded_keeps_no_other_from_going_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open_case()
    fine = await desk.open_case()
    word = desk.resources.wording.word

    def picky(reservation: Any, *arguments: Any) -> Any:
        if reservation.case_id != fine:
            raise KeyError("no such currency")
        return word(reservation, *arguments)

    monkeypatch.setattr(desk.resources.wording, "word", picky)
    await desk.sweep()
    assert [event["case_id"] for event in await desk.said("contact.attempted")] == [str(fine)]
    assert await desk.sweep() == 0
