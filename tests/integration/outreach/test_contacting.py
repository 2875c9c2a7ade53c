"""From an assessed case to a contact, and what stops it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import permutations

import orjson
import pytest

from services.outreach.application.apply_holds import apply_hold, expire_holds, release_hold
from services.outreach.application.update_case_files import BOUNCE_PAUSE
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.default_detected import DefaultDetected
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.person_updated import PersonUpdated
from shared.events.plan_agreed import PlanAgreed
from shared.events.terms import Balance, ContactPoint, Terms
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.stops import plan_withdrawn
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received


async def test_an_assessed_case_is_contacted_by_its_preferred_channel(desk: Desk) -> None:
    case_id = await desk.open_case()
    assert await desk.sweep() == 1
    (attempted,) = await desk.said("contact.attempted")
    assert (attempted["case_id"], attempted["channel"], attempted["outcome"]) == (str(case_id), "email", "delivered")
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["counts"]) == ("settled", True)
    (decision,) = await desk.rows("SELECT * FROM decisions")
    assert decision["verdict"] == "allow"
    assert attempted["facts_hash"] == decision["facts_hash"]
    text = desk.carriers.texts[attempt["attempt_id"]].text
    assert "Harbour Credit" in text
    assert "$1,255.00" in text
    assert "/b/" in text
    plan = await desk.plan(case_id)
    assert plan is not None
    assert (plan["step"], plan["due_at"]) == (1, desk.now + timedelta(days=4))
    assert await desk.sweep() == 0


async def test_the_chain_of_events_goes_on_from_the_assessment(desk: Desk) -> None:
    await desk.open_case()
    await desk.sweep()
    (row,) = await desk.rows("SELECT headers FROM outbox WHERE topic = 'contact.attempted'")
    (plan,) = await desk.rows("SELECT cause_event_id, correlation_id FROM contact_plans")
    headers = orjson.loads(row["headers"])
    assert headers["ce_causationid"] == str(plan["cause_event_id"])
    assert headers["ce_correlationid"] == str(plan["correlation_id"])


async def test_a_denied_contact_is_asked_again_when_the_rules_open(desk: Desk) -> None:
    desk.databases.clock.advance(timedelta(hours=11))  # 21:00 in New York
    case_id = await desk.open_case()
    await desk.sweep()
    (denied,) = await desk.said("contact.denied")
    assert [rule["rule"] for rule in denied["rules"]] == ["us-regulation-f/hours"]
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["due_at"] == desk.now + timedelta(hours=11)  # 08:00
    assert await desk.sweep() == 0
    desk.databases.clock.advance(timedelta(hours=11))
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 1


async def test_the_same_denial_is_announced_once_a_day(desk: Desk) -> None:
    case_id = await desk.open_case()
    await apply_hold(desk.resources, case_id, "dispute", None)
    for _ in range(3):
        await desk.run("UPDATE contact_plans SET due_at = $1", desk.now)
        assert await desk.sweep() == 1
    assert len(await desk.rows("SELECT * FROM decisions")) == 3
    assert len(await desk.said("contact.denied")) == 1
    desk.databases.clock.advance(timedelta(days=1))
    await desk.run("UPDATE contact_plans SET due_at = $1", desk.now)
    await desk.sweep()
    assert len(await desk.said("contact.denied")) == 2


async def test_a_hold_stops_contact_until_it_is_released(desk: Desk) -> None:
    case_id = await desk.open_case()
    hold = await apply_hold(desk.resources, case_id, "dispute", None)
    await desk.sweep()
    assert not await desk.attempts()
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["due_at"] is None
    await release_hold(desk.resources, hold.hold_id, "released_by_staff")
    await release_hold(desk.resources, hold.hold_id, "released_by_staff")
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 1
    assert len(await desk.said("hold.released")) == 1


async def test_the_same_hold_again_prolongs_it_and_is_announced_once(desk: Desk) -> None:
    case_id = await desk.open_case()
    first = await apply_hold(desk.resources, case_id, "hardship", None)
    desk.databases.clock.advance(timedelta(days=10))
    second = await apply_hold(desk.resources, case_id, "hardship", None)
    assert second.hold_id == first.hold_id
    assert second.until == desk.now + timedelta(days=30)
    assert len(await desk.said("hold.applied")) == 1


async def test_a_hold_ends_by_itself_when_its_time_is_over(desk: Desk) -> None:
    case_id = await desk.open_case()
    await apply_hold(desk.resources, case_id, "hardship", None)
    await desk.sweep()
    desk.databases.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert await expire_holds(desk.resources) == 0
    desk.databases.clock.advance(timedelta(seconds=1))
    assert await expire_holds(desk.resources) == 1
    (released,) = await desk.said("hold.released")
    assert (released["kind"], released["reason"]) == ("hardship", "expired")
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 1


async def test_a_recall_while_the_contact_is_queued_stops_it_for_good(desk: Desk) -> None:
    case_id = await desk.open_case()
    recalled = CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=desk.now)
    await desk.deliver(recalled)
    assert await desk.sweep() == 0
    # An assessment that was on its way must not start the ladder again.
    await desk.deliver(case_assessed(case_id, strategy="firm"))
    assert await desk.plan(case_id) is None


async def test_a_recall_before_the_assessment_is_heard_leaves_nothing_planned(desk: Desk) -> None:
    body = case_received()
    recalled = CaseRecalled(case_id=body.case_id, creditor_id=HARBOUR_CREDIT, reason="other", recalled_at=desk.now)
    await desk.deliver(recalled)
    await desk.deliver(case_assessed(body.case_id))
    await desk.deliver(body)
    assert await desk.plan(body.case_id) is None


async def test_a_recall_after_the_reservation_takes_it_back_before_it_is_sent(desk: Desk) -> None:
    case_id = await desk.open_case()
    recalled = CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=desk.now)

    async def recall() -> None:
        await desk.deliver(recalled)

    desk.vault.on_reveal = recall
    await desk.sweep()
    assert desk.carriers.asked_for == []
    (attempt,) = await desk.attempts()
    assert (attempt["state"], attempt["counts"]) == ("released", False)
    assert not await desk.said("contact.attempted")


async def test_an_opt_out_while_the_message_is_reserved_stops_it(desk: Desk) -> None:
    case_id = await desk.open_case()

    async def opt_out() -> None:
        desk.vault.on_reveal = None
        await desk.reply("Unsubscribe", case_id=case_id, channel="email")

    desk.vault.on_reveal = opt_out
    await desk.sweep()
    assert desk.carriers.asked_for == []
    await desk.sweep()
    (attempted,) = await desk.said("contact.attempted")
    assert attempted["channel"] == "sms"


async def test_a_payment_in_full_while_the_demand_is_reserved_stops_it(desk: Desk) -> None:
    case_id = await desk.open_case()
    paid = PaymentPosted(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        payment_id=new_id(),
        plan_id=None,
        currency="USD",
        amount=125_500,
        allocated=Balance(fees=1_500, interest=4_000, principal=120_000),
        overpaid=0,
        balance=Balance(fees=0, interest=0, principal=0),
        received_on=desk.now.date(),
        posted_at=desk.now,
    )

    async def pay() -> None:
        desk.vault.on_reveal = None
        await desk.deliver(paid)

    desk.vault.on_reveal = pay
    await desk.sweep()
    await desk.sweep()
    assert desk.carriers.asked_for == []
    (denied,) = await desk.said("contact.denied")
    assert [rule["rule"] for rule in denied["rules"]] == ["concord-floor/nothing_owed"]
    reversed_ = PaymentReversed(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        payment_id=paid.payment_id,
        reversal_id=new_id(),
        currency="USD",
        amount=125_500,
        balance=Balance(fees=1_500, interest=4_000, principal=120_000),
        reversed_at=desk.now,
    )
    await desk.deliver(reversed_)
    await desk.sweep()
    assert desk.carriers.asked_for == []
    desk.databases.clock.advance(BOUNCE_PAUSE)
    await desk.sweep()
    assert len(desk.carriers.asked_for) == 1


def agreed(case_id: object, plan_id: object) -> PlanAgreed:
    terms = Terms(kind="lump_sum", currency="USD", total=100_000, discount=25_500, instalments=(), grace_days=3)
    return PlanAgreed.model_validate(
        {
            "case_id": case_id,
            "creditor_id": HARBOUR_CREDIT,
            "plan_id": plan_id,
            "offer_id": None,
            "terms": terms,
            "terms_hash": "0" * 64,
            "agreed_at": "2026-03-02T15:00:00+00:00",
        }
    )


def broken(case_id: object, plan_id: object) -> DefaultDetected:
    return DefaultDetected.model_validate(
        {
            "case_id": case_id,
            "creditor_id": HARBOUR_CREDIT,
            "plan_id": plan_id,
            "instalment_number": 1,
            "due_on": "2026-03-01",
            "due": 100_000,
            "paid": 0,
            "currency": "USD",
            "kind": "missed",
            "defaults_on_case": 1,
            "detected_at": "2026-03-05T15:00:00+00:00",
        }
    )


async def test_no_demand_is_made_while_a_plan_is_kept(desk: Desk) -> None:
    case_id = await desk.open_case()
    await desk.deliver(agreed(case_id, new_id()))
    await desk.sweep()
    (denied,) = await desk.said("contact.denied")
    assert [rule["rule"] for rule in denied["rules"]] == ["concord-floor/plan_kept"]


async def test_a_default_begins_with_a_pause_and_goes_on_with_the_rescue_ladder(desk: Desk) -> None:
    case_id, plan_id = await desk.open_case(), new_id()
    await desk.deliver(agreed(case_id, plan_id))
    await desk.sweep()
    await desk.deliver(broken(case_id, plan_id))
    await desk.deliver(case_assessed(case_id, strategy="plan_rescue", trigger="default.detected"))
    (hold,) = await desk.said("hold.applied")
    assert (hold["kind"], hold["cause_event_type"]) == ("default_playbook", "default.detected")
    assert await desk.sweep() == 0
    desk.databases.clock.advance(timedelta(days=2))
    await expire_holds(desk.resources)
    await desk.sweep()
    (attempted,) = await desk.said("contact.attempted")
    assert attempted["channel"] == "sms"


async def test_a_default_heard_before_the_agreement_still_ends_the_plan(desk: Desk) -> None:
    case_id, plan_id = await desk.open_case(), new_id()
    await desk.deliver(broken(case_id, plan_id))
    await desk.deliver(agreed(case_id, plan_id))
    (file,) = (await desk.rows("SELECT state FROM agreed_plans"),)
    assert [row["state"] for row in file] == [1]


async def test_after_a_withdrawal_the_ladder_goes_on_where_it_stood(desk: Desk) -> None:
    case_id = await desk.open_case()
    plan = agreed(case_id, new_id())
    await desk.deliver(plan)
    await desk.sweep()
    assert desk.carriers.asked_for == []
    await desk.deliver(plan_withdrawn(plan), plan_withdrawn(plan))
    await desk.sweep()
    (attempted,) = await desk.said("contact.attempted")
    assert (attempted["rung"], attempted["channel"]) == ("reminder", "email")


async def test_a_withdrawal_heard_before_its_plan_leaves_no_plan(desk: Desk) -> None:
    case_id = await desk.open_case()
    plan = agreed(case_id, new_id())
    await desk.deliver(plan_withdrawn(plan))
    await desk.deliver(plan)
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_later_plan_goes_on_being_kept_after_a_withdrawal(desk: Desk, order: tuple[int, ...]) -> None:
    case_id = await desk.open_case()
    plan, later = agreed(case_id, new_id()), agreed(case_id, new_id())
    news = (plan, plan_withdrawn(plan), later)
    for n in order:
        await desk.deliver(news[n])
    await desk.sweep()
    assert desk.carriers.asked_for == []
    (denied,) = await desk.said("contact.denied")
    assert [rule["rule"] for rule in denied["rules"]] == ["concord-floor/plan_kept"]


async def test_an_erased_person_is_not_contacted_and_nothing_is_kept_to_reach_them(desk: Desk) -> None:
    body = case_received()
    await desk.deliver(body, case_assessed(body.case_id))
    await desk.reply("I lost my job", case_id=body.case_id)
    erased = PersonErased(
        person_id=body.person_id, creditor_id=HARBOUR_CREDIT, case_ids=(body.case_id,), erased_at=desk.now
    )
    await desk.deliver(erased)
    assert await desk.sweep() == 0
    assert await desk.rows("SELECT * FROM contact_points") == []
    assert [row["text_sealed"] for row in await desk.rows("SELECT text_sealed FROM replies")] == [None]
    # What was on its way when the person was erased brings nothing back.
    updated = PersonUpdated(
        person_id=body.person_id,
        creditor_id=HARBOUR_CREDIT,
        case_ids=(body.case_id,),
        contact_points=body.contact_points,
    )
    await desk.deliver(updated)
    assert await desk.rows("SELECT * FROM contact_points") == []


async def test_contact_points_heard_early_are_not_overwritten_by_the_older_case(desk: Desk) -> None:
    body = case_received()
    point = ContactPoint(
        contact_point_id=new_id(), kind="mobile", time_zones=("America/Denver",), is_verified=True, may_be_used=True
    )
    desk.databases.clock.advance(timedelta(minutes=5))
    updated = PersonUpdated(
        person_id=body.person_id, creditor_id=HARBOUR_CREDIT, case_ids=(body.case_id,), contact_points=(point,)
    )
    await desk.deliver(updated)
    await desk.deliver_at(desk.now - timedelta(minutes=5), body)
    rows = await desk.rows("SELECT contact_point_id FROM contact_points WHERE is_current")
    assert [row["contact_point_id"] for row in rows] == [point.contact_point_id]


async def test_a_case_without_any_contact_point_goes_on_to_the_next_step(desk: Desk) -> None:
    case_id = await desk.open_case(contact_points=())
    await desk.sweep()
    (denied,) = await desk.said("contact.denied")
    assert denied["contact_point_id"] is None
    assert "missing_fact.contact_point" in [rule["rule"] for rule in denied["rules"]]
    assert "missing_fact.time_zone" in [rule["rule"] for rule in denied["rules"]]
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["due_at"] is None  # without a zone nothing helps but news


async def test_a_case_closed_by_its_ledger_is_left_alone(desk: Desk) -> None:
    case_id = await desk.open_case()
    closed = CaseClosed(
        case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="paid_in_full", closed_at=desk.now, clearance_code="C-1"
    )
    await desk.deliver(closed)
    assert await desk.sweep() == 0


async def test_two_cases_of_one_person_bring_the_contact_points_of_both(desk: Desk) -> None:
    first = case_received()
    second = case_received().model_copy(update={"person_id": first.person_id})
    await desk.deliver(first, second)
    rows = await desk.rows("SELECT contact_point_id FROM contact_points WHERE is_current")
    given = {point.contact_point_id for body in (first, second) for point in body.contact_points}
    assert {row["contact_point_id"] for row in rows} == given


async def test_two_cases_of_one_person_share_the_cap(desk: Desk) -> None:
    first = case_received()
    second = case_received().model_copy(
        update={"person_id": first.person_id, "contact_points": first.contact_points, "account_id": new_id()}
    )
    third = case_received().model_copy(
        update={"person_id": first.person_id, "contact_points": first.contact_points, "account_id": new_id()}
    )
    await desk.deliver(first, second, third)
    await desk.deliver(*(case_assessed(body.case_id) for body in (first, second, third)))
    for _ in range(6):
        await desk.sweep()
    assert len(desk.carriers.asked_for) == 2
    (denied,) = await desk.said("contact.denied")
    assert [rule["rule"] for rule in denied["rules"]] == ["concord-floor/messages_per_day"]


async def test_eight_sweeps_at_once_never_exceed_the_cap(desk: Desk) -> None:
    first = case_received()
    bodies = [first] + [
        case_received().model_copy(update={"person_id": first.person_id, "contact_points": first.contact_points})
        for _ in range(11)
    ]
    await desk.deliver(*bodies)
    await desk.deliver(*(case_assessed(body.case_id) for body in bodies))

    async def worker() -> None:
        for _ in range(30):
            await desk.sweep()

    async with desk.with_connections(8):
        await asyncio.gather(*(worker() for _ in range(8)))
    assert len(desk.carriers.asked_for) == 2
    assert await desk.rows("SELECT * FROM attempts WHERE state <> 'settled'") == []
