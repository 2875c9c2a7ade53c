"""Recalls with their guard, updates, contact points, and what the other stages tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from shared.events.case_closed import CaseClosed
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.terms import Instalment, Terms
from shared.kernel.identifiers import new_id
from tests.integration.intake.conftest import Intake, Lender
from tests.unit.intake.builders import rent_arrears

RECALL = {"reason": "sold"}


def _agreed(case_id: str, lender: Lender, at: datetime) -> PlanAgreed:
    instalment = Instalment(number=1, due_on="2026-04-01", amount=1_000)
    terms = Terms(kind="instalments", currency="USD", total=1_000, discount=0, instalments=(instalment,), grace_days=3)
    return PlanAgreed(
        case_id=UUID(case_id),
        creditor_id=UUID(lender.creditor_id),
        plan_id=new_id(),
        offer_id=None,
        terms=terms,
        terms_hash="0" * 64,
        agreed_at=at,
    )


def _broken(case_id: str, lender: Lender, at: datetime, kind: Any = "default_playbook") -> HoldApplied:
    return HoldApplied(
        case_id=UUID(case_id),
        creditor_id=UUID(lender.creditor_id),
        hold_id=new_id(),
        kind=kind,
        until=None,
        cause_event_type="default.detected",
        applied_at=at,
    )


async def test_a_recalled_case_is_announced_once_and_cannot_be_recalled_again(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    path = f"/v1/cases/{case_id}/recall"
    answers = [await harbour.post(path, RECALL, key="sold") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    again = await harbour.post(path, RECALL)
    assert (again.status_code, again.json()["code"]) == (409, "case_not_open")
    other = await harbour.post(path, {"reason": "other"}, key="sold")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    (event,) = await intake.announced("case.recalled")
    assert (event["case_id"], event["reason"]) == (case_id, "sold")
    assert (await harbour.get(f"/v1/cases/{case_id}")).json()["status"] == "recalled"


async def test_a_recall_needs_an_idempotency_key_and_a_known_reason(harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    path, body = f"/v1/cases/{case_id}/recall", b'{"reason": "sold"}'
    response = await harbour.client.post(path, content=body, headers=harbour.signature("POST", path, body))
    assert response.json()["code"] == "idempotency_key_missing"
    response = await harbour.post(path, {"reason": "whim", "by": "me"})
    assert {error["pointer"] for error in response.json()["errors"]} == {"/reason", "/by"}


async def test_a_plan_that_is_being_kept_guards_its_case(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    await intake.hear(_agreed(case_id, harbour, harbour.clock.now()))
    path = f"/v1/cases/{case_id}/recall"
    assert (await harbour.get(f"/v1/cases/{case_id}")).json()["is_plan_being_kept"] is True
    refused = await harbour.post(path, RECALL)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_being_kept")
    assert await intake.announced("case.recalled") == []
    assert (await harbour.post(path, RECALL | {"force": True})).status_code == 200


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_broken_plan_guards_no_longer_in_whatever_order_the_news_come(
    intake: Intake, harbour: Lender, order: tuple[int, int]
) -> None:
    case_id = await harbour.place_one(rent_arrears())
    agreed_at = harbour.clock.now()
    news = (_agreed(case_id, harbour, agreed_at), _broken(case_id, harbour, agreed_at + timedelta(days=40)))
    for n in order:
        await intake.hear(news[n])
    shown = (await harbour.get(f"/v1/cases/{case_id}")).json()
    assert (shown["is_plan_being_kept"], shown["holds"]) == (False, ["default_playbook"])
    await intake.hear(_agreed(case_id, harbour, agreed_at + timedelta(days=50)))
    assert (await harbour.get(f"/v1/cases/{case_id}")).json()["is_plan_being_kept"] is True


async def test_a_completed_plan_guards_no_longer(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    agreed = _agreed(case_id, harbour, harbour.clock.now())
    completed = PlanCompleted(
        case_id=agreed.case_id,
        creditor_id=agreed.creditor_id,
        plan_id=agreed.plan_id,
        paid=1_000,
        waived=0,
        currency="USD",
        completed_at=agreed.agreed_at + timedelta(days=30),
    )
    await intake.hear(completed, agreed)
    assert (await harbour.post(f"/v1/cases/{case_id}/recall", RECALL)).status_code == 200


def _withdrawn(plan: PlanAgreed, at: datetime) -> PlanWithdrawn:
    return PlanWithdrawn(
        case_id=plan.case_id,
        creditor_id=plan.creditor_id,
        plan_id=plan.plan_id,
        is_refund_asked=False,
        withdrawn_at=at,
    )


async def _is_kept(lender: Lender, case_id: str) -> bool:
    kept: bool = (await lender.get(f"/v1/cases/{case_id}")).json()["is_plan_being_kept"]
    return kept


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0, 1), (1, 0, 1, 0)])
async def test_a_plan_withdrawn_from_guards_no_longer_in_whatever_order_the_news_come(
    intake: Intake, harbour: Lender, order: tuple[int, ...]
) -> None:
    case_id = await harbour.place_one(rent_arrears())
    plan = _agreed(case_id, harbour, harbour.clock.now())
    news = (plan, _withdrawn(plan, plan.agreed_at + timedelta(days=2)))
    for n in order:
        await intake.hear(news[n])
    assert await _is_kept(harbour, case_id) is False
    assert (await harbour.post(f"/v1/cases/{case_id}/recall", RECALL)).status_code == 200


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_a_later_plan_goes_on_guarding_also_if_all_happened_at_one_moment(
    intake: Intake, harbour: Lender, order: tuple[int, ...]
) -> None:
    """A driven clock stands still between its steps."""
    case_id = await harbour.place_one(rent_arrears())
    at = harbour.clock.now()
    first, later = _agreed(case_id, harbour, at), _agreed(case_id, harbour, at)
    news = (first, _withdrawn(first, at), later)
    for n in order:
        await intake.hear(news[n])
    assert await _is_kept(harbour, case_id) is True


async def test_a_plan_that_gave_way_to_another_guards_no_more(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    at = harbour.clock.now()
    first = _agreed(case_id, harbour, at)
    eased = _agreed(case_id, harbour, at).model_copy(update={"replaces_plan_id": first.plan_id})
    await intake.hear(eased, first)
    assert await _is_kept(harbour, case_id) is True
    await intake.hear(_withdrawn(eased, at))
    assert await _is_kept(harbour, case_id) is False


async def test_a_case_whose_new_plan_was_withdrawn_from_still_has_its_broken_one(
    intake: Intake, harbour: Lender
) -> None:
    case_id = await harbour.place_one(rent_arrears())
    at = harbour.clock.now()
    again = _agreed(case_id, harbour, at + timedelta(days=50))
    await intake.hear(_agreed(case_id, harbour, at), _broken(case_id, harbour, at + timedelta(days=40)), again)
    assert await _is_kept(harbour, case_id) is True
    await intake.hear(_withdrawn(again, at + timedelta(days=51)))
    assert await _is_kept(harbour, case_id) is False


@pytest.mark.parametrize("is_release_first", [False, True])
async def test_a_released_hold_does_not_stand_even_if_its_release_came_first(
    intake: Intake, harbour: Lender, is_release_first: bool
) -> None:
    case_id = await harbour.place_one(rent_arrears())
    hold = _broken(case_id, harbour, harbour.clock.now(), kind="dispute")
    release = HoldReleased(
        case_id=hold.case_id,
        creditor_id=hold.creditor_id,
        hold_id=hold.hold_id,
        kind="dispute",
        reason="dispute_closed",
        released_at=hold.applied_at + timedelta(days=1),
    )
    await intake.hear(*((release, hold) if is_release_first else (hold, release)))
    assert (await harbour.get(f"/v1/cases/{case_id}")).json()["holds"] == []
    await intake.hear(hold)
    assert (await harbour.get(f"/v1/cases/{case_id}")).json()["holds"] == []


async def test_news_of_cases_that_are_not_here_change_nothing(intake: Intake, harbour: Lender) -> None:
    stranger, at = str(new_id()), harbour.clock.now()
    closed = CaseClosed(
        case_id=UUID(stranger),
        creditor_id=UUID(harbour.creditor_id),
        reason="paid_in_full",
        closed_at=at,
        clearance_code=None,
    )
    plan = _agreed(stranger, harbour, at)
    await intake.hear(plan, _withdrawn(plan, at), _broken(stranger, harbour, at), closed)
    assert await intake.rows("SELECT 1 AS one FROM agreed_plans") == []
    assert await intake.rows("SELECT 1 AS one FROM case_holds") == []


async def test_newer_figures_replace_the_placements(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    path = f"/v1/cases/{case_id}/updates"
    balance = {"fees_minor_units": 0, "interest_minor_units": 5, "principal_minor_units": 900_000}
    assert (await harbour.post(path, {"balance": balance}, key="once")).status_code == 200
    assert (await harbour.post(path, {"balance": balance}, key="once")).status_code == 200
    assert (await harbour.post(path, {"days_past_due": 60})).status_code == 200
    shown = (await harbour.get(f"/v1/cases/{case_id}")).json()
    assert (shown["balance"], shown["days_past_due"]) == (balance, 60)
    first, second = await intake.announced("case.updated")
    assert first["balance"] == {"fees": 0, "interest": 5, "principal": 900_000}
    assert (first["days_past_due"], second["balance"], second["days_past_due"]) == (None, None, 60)
    assert (await harbour.post(path, {})).status_code == 422
    await harbour.post(f"/v1/cases/{case_id}/recall", RECALL)
    assert (await harbour.post(path, {"days_past_due": 61})).json()["code"] == "case_not_open"


async def test_new_contact_points_are_announced_with_the_old_ones(intake: Intake, harbour: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    (received,) = await intake.announced("case.received")
    path = f"/v1/persons/{received['person_id']}/contact-points"
    given = [
        {"kind": "mobile", "value": "+1 303 555 0123", "may_be_used": True},
        {"kind": "email", "value": "jordan@example.com", "may_be_used": False},
    ]
    answer = await harbour.post(path, {"contact_points": given})
    assert answer.status_code == 200, answer.text
    (event,) = await intake.announced("person.updated")
    assert (event["person_id"], event["case_ids"]) == (received["person_id"], [case_id])
    points = {point["contact_point_id"]: point for point in event["contact_points"]}
    old_email, old_mobile = (point["contact_point_id"] for point in received["contact_points"])
    assert points.keys() == {old_email, old_mobile, *answer.json()["contact_point_ids"]}
    assert len(points) == 3
    assert points[old_email]["may_be_used"] is False
    new = next(point for key, point in points.items() if key not in (old_email, old_mobile))
    assert new["time_zones"] == ["America/New_York", "America/Denver"]


async def test_a_person_has_at_most_twenty_contact_points(harbour: Lender, intake: Intake) -> None:
    await harbour.place_one(rent_arrears())
    (received,) = await intake.announced("case.received")
    path = f"/v1/persons/{received['person_id']}/contact-points"
    points = [{"kind": "email", "value": f"jordan{n}@example.com"} for n in range(19)]
    assert (await harbour.post(path, {"contact_points": points})).json()["code"] == "too_many_contact_points"
    assert (await harbour.post(path, {"contact_points": points[:18]})).status_code == 200
    wrong = [{"kind": "email", "value": "nowhere"}, *points[:1], *points[:1]]
    problem = (await harbour.post(path, {"contact_points": wrong})).json()
    assert [error["pointer"] for error in problem["errors"]] == ["/contact_points/0/value", "/contact_points/2/value"]
