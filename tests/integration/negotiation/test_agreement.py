"""From placement to an agreed plan: offers, acceptance, counter-offers."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import rfc8785

from shared.events.case_recalled import CaseRecalled
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_countered import PlanCountered
from shared.events.plan_proposed import PlanProposed
from tests.integration.negotiation.office import Office
from tests.support.events import HARBOUR_CREDIT


async def test_offers_are_put_when_they_are_seen_and_only_once(office: Office) -> None:
    case_id = await office.take_on()
    assert await office.said(PlanProposed) == []
    first = await office.see(case_id)
    again = await office.see(case_id)
    # A cash-flow gap: the plain plan, small payments first, a later start, and one payment with a discount.
    assert [o["form"] for o in first["offers"]] == ["level", "step", "deferral", "lump_sum"]
    assert {o["kind"] for o in first["offers"]} == {"instalments", "lump_sum"}
    assert first["offers"] == again["offers"]
    assert [p.offer_id for p in await office.said(PlanProposed)] == [
        p.offer_id for p in await office.said(PlanProposed, case_id)
    ]
    assert len(await office.said(PlanProposed)) == 4
    assert all(offer["reasons"] and offer["reasons"][0]["text"] for offer in first["offers"])


async def test_an_accepted_offer_becomes_a_plan_with_sealed_terms(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "instalments")
    [agreed] = await office.said(PlanAgreed)
    assert str(agreed.plan_id) == plan["plan_id"]
    assert agreed.terms_hash == hashlib.sha256(rfc8785.dumps(agreed.terms.model_dump(mode="json"))).hexdigest()
    assert sum(i.amount for i in agreed.terms.instalments) == agreed.terms.total == 125_500
    assert not agreed.is_resumed
    seen = await office.see(case_id)
    assert seen["offers"] == []
    assert seen["plan"]["status"] == "active"


async def test_the_same_acceptance_twice_gives_the_same_plan(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    answers = [await office.accept(case_id, offer, key="k1"), await office.accept(case_id, offer, key="k1")]
    answers.append(await office.accept(case_id, offer, key="k2"))
    assert {a.json()["plan_id"] for a in answers} == {answers[0].json()["plan_id"]}
    assert len(await office.said(PlanAgreed)) == 1


async def test_parallel_acceptances_agree_once(office: Office) -> None:
    case_id = await office.take_on()
    offers = (await office.see(case_id))["offers"]
    answers = await asyncio.gather(*(office.accept(case_id, offer) for offer in [*offers, *offers]))
    assert sorted(a.status_code for a in answers) == [200, 200, *[409] * (2 * len(offers) - 2)]
    assert len(await office.said(PlanAgreed)) == 1


async def test_a_key_used_for_another_request_is_refused(office: Office) -> None:
    case_id = await office.take_on()
    first, second = (await office.see(case_id))["offers"][:2]
    assert (await office.accept(case_id, first, key="k1")).status_code == 200
    reused = await office.accept(case_id, second, key="k1")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")


async def test_other_terms_than_the_shown_ones_are_refused(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    answer = await office.accept(case_id, {**offer, "terms_hash": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (409, "terms_changed")
    assert await office.said(PlanAgreed) == []


async def test_an_offer_ends_with_its_last_day_and_new_ones_are_put(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    # Ten days after 2 March; the 12th is over in New York (UTC-4 by then) on the 13th at 04:00 UTC.
    assert offer["expires_at"] == "2026-03-13T04:00:00+00:00"
    office.advance(days=10, hours=13)
    answer = await office.accept(case_id, offer)
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_ended")
    fresh = (await office.see(case_id))["offers"][0]
    assert fresh["offer_id"] != offer["offer_id"]
    office.advance(days=10, hours=23, minutes=59, seconds=59)
    assert (await office.accept(case_id, fresh)).status_code == 200


async def test_a_payment_outdates_the_offers(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    await office.pay(case_id, 5_500, office.now.date())
    assert (await office.accept(case_id, offer)).json()["code"] == "offer_ended"
    assert (await office.see(case_id))["offers"][0]["terms"]["total"] == 120_000


@pytest.mark.parametrize("kind", ["dispute", "wrong_person", "verification", "distress", "representation"])
async def test_nothing_is_agreed_while_debt_or_person_is_in_doubt_or_somebody_needs_care(
    office: Office, kind: str
) -> None:
    case_id, hold_id = await office.take_on(), uuid4()
    offer = (await office.see(case_id))["offers"][0]
    await office.hear(hold(case_id, hold_id, kind, office))
    answer = await office.accept(case_id, offer)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, f"hold_{kind}")
    assert (await office.see(case_id))["blocked_by"] == kind
    await office.hear(release(case_id, hold_id, kind, office))
    assert (await office.accept(case_id, offer)).status_code == 200


@pytest.mark.parametrize("kind", ["cease", "complaint", "hardship", "default_playbook"])
async def test_holds_on_us_do_not_hold_the_borrower(office: Office, kind: str) -> None:
    case_id = await office.take_on()
    await office.hear(hold(case_id, uuid4(), kind, office))
    assert (await office.agree(case_id, "lump_sum"))["status"] == "active"


async def test_a_release_heard_before_its_hold_counts(office: Office) -> None:
    case_id, hold_id = await office.take_on(), uuid4()
    await office.hear(release(case_id, hold_id, "dispute", office))
    await office.hear(hold(case_id, hold_id, "dispute", office))
    assert (await office.see(case_id))["blocked_by"] is None


async def test_a_recalled_case_agrees_nothing(office: Office) -> None:
    case_id = await office.take_on()
    offer = (await office.see(case_id))["offers"][0]
    recalled = CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=office.now)
    await office.hear(recalled)
    answer = await office.accept(case_id, offer)
    assert (answer.status_code, answer.json()["code"]) == (409, "case_closed")


async def test_a_counter_offer_inside_the_mandate_is_agreed_at_once(office: Office) -> None:
    case_id = await office.take_on()
    answer = (await office.counter(case_id, kind="instalments", months=12)).json()
    assert answer["answer"] == "accepted"
    assert len(answer["plan"]["instalments"]) == 12
    [countered] = await office.said(PlanCountered)
    assert (countered.answer, countered.by, countered.round) == ("accepted", "borrower", 1)
    assert len(await office.said(PlanAgreed)) == 1


async def test_a_counter_offer_beyond_the_mandate_gets_the_nearest_lawful_offer(office: Office) -> None:
    case_id = await office.take_on()
    answer = (await office.counter(case_id, kind="lump_sum", lump_sum_minor_units=50_000)).json()
    assert (answer["answer"], [r["code"] for r in answer["reasons"]]) == ("countered", ["discount_above_mandate"])
    assert answer["offer"]["terms"]["discount"] == 24_800  # 20 % of principal and interest
    assert (await office.accept(case_id, answer["offer"])).status_code == 200


async def test_counter_offers_have_an_end(office: Office) -> None:
    case_id = await office.take_on()
    for number in range(10):
        answer = await office.counter(case_id, kind="lump_sum", lump_sum_minor_units=1_000 + number)
        assert answer.json()["answer"] == "countered"
    last = await office.counter(case_id, kind="lump_sum", lump_sum_minor_units=1_000)
    assert (last.status_code, last.json()["code"]) == (409, "rounds_exhausted")
    assert (await office.agree(case_id, "lump_sum"))["status"] == "active"


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "lump_sum"},
        {"kind": "lump_sum", "lump_sum_minor_units": 0},
        {"kind": "lump_sum", "lump_sum_minor_units": 10**15 + 1},
        {"kind": "lump_sum", "lump_sum_minor_units": "100"},
        {"kind": "lump_sum", "months": 3},
        {"kind": "instalments", "months": 3, "monthly_minor_units": 5},
        {"kind": "instalments", "months": 601},
        {"kind": "gift", "months": 1},
        {"kind": "instalments", "months": 3, "first_due_on": "soon"},
        {"kind": "instalments", "months": 3, "name": "x"},
    ],
)
async def test_a_malformed_counter_offer_is_refused_and_uses_no_round(office: Office, wish: dict[str, Any]) -> None:
    case_id = await office.take_on()
    assert (await office.counter(case_id, **wish)).status_code == 422
    assert (await office.rows("SELECT rounds FROM cases"))[0]["rounds"] == 0


async def test_a_request_without_idempotency_key_is_refused(office: Office) -> None:
    case_id = await office.take_on()
    wish = {"kind": "instalments", "months": 12}
    answer = await office.api.post("/v1/borrower/counter-offers", json=wish, headers=await office.enter(case_id))
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")


async def test_a_key_opens_one_case(office: Office) -> None:
    mine, other = await office.take_on(), await office.take_on()
    offer = (await office.see(other))["offers"][0]
    headers = {"Idempotency-Key": "k", **await office.enter(mine)}
    url = f"/v1/borrower/offers/{offer['offer_id']}/accept"
    stolen = await office.api.post(url, json={"terms_hash": offer["terms_hash"]}, headers=headers)
    assert stolen.status_code == 404


def hold(case_id: object, hold_id: object, kind: str, office: Office) -> HoldApplied:
    return HoldApplied.model_validate(
        {
            "case_id": case_id,
            "creditor_id": HARBOUR_CREDIT,
            "hold_id": hold_id,
            "kind": kind,
            "until": office.now + timedelta(days=30),
            "cause_event_type": None,
            "applied_at": office.now,
        }
    )


def release(case_id: object, hold_id: object, kind: str, office: Office) -> HoldReleased:
    return HoldReleased.model_validate(
        {
            "case_id": case_id,
            "creditor_id": HARBOUR_CREDIT,
            "hold_id": hold_id,
            "kind": kind,
            "reason": "settled",
            "released_at": office.now,
        }
    )
