"""Visits and hand-overs on real PostgreSQL: nothing without proof, nothing twice, and the gate has the last word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.outreach.application.announce_visits import announce_visit
from services.outreach.application.apply_holds import apply_hold
from services.outreach.application.hand_over_to_legal import prepare_handover, sign_handover, withdraw_handover
from services.outreach.application.make_visits import (
    VisitReport,
    close_overdue_visits,
    finish_visit,
    read_report,
    routes_of_day,
    start_visit,
)
from services.outreach.application.order_visits import VisitOrder, order_visit, show_sheet
from services.outreach.application.propose_visits import approve_visit, cancel_visit, propose_visit, show_visit
from services.outreach.domain.visits.order import Window
from services.outreach.domain.visits.place import Coordinates
from services.outreach.main import create_service
from shared.events.case_recalled import CaseRecalled
from shared.events.terms import ContactPoint
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.workbench import hire
from tests.support.events import HARBOUR_CREDIT

HOME = Coordinates(31_230_400, 121_473_700)
NEXT_DOOR = Coordinates(31_231_000, 121_473_700)
ACROSS_TOWN = Coordinates(31_300_000, 121_473_700)
TEAM = ("agent.lin", "agent.zhou")
TOMORROW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""


LONDON = ContactPoint(
    contact_point_id=new_id(),
    kind="postal",
    place="home",
    time_zones=("Europe/London",),
    is_verified=True,
    may_be_used=True,
)


async def shanghai_case(desk: Desk, strategy: str = "firm", **changes: Any) -> UUID:
    point = ContactPoint(
        contact_point_id=new_id(),
        kind="postal",
        place="home",
        time_zones=("Asia/Shanghai",),
        is_verified=True,
        may_be_used=True,
    )
    values = {"jurisdiction": "CN", "region": None, "language": "zh", "currency": "CNY", "contact_points": (point,)}
    return await desk.open_case(strategy, **{**values, **changes})


async def tried(desk: Desk, case_id: UUID, rung: str, outcome: str, days_ago: float) -> UUID:
    attempt_id, at = new_id(), desk.now - timedelta(days=days_ago)
    await desk.run(
        "INSERT INTO attempts (attempt_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, template, "
        "decision_id, state, outcome, counts, token, reserved_at, handed_over_at, settled_at) "
        "SELECT $1, case_id, person_id, creditor_id, $2, $3, $4, $4, $5, 'settled', $6, true, 1, $7, $7, $7 "
        "FROM cases WHERE case_id = $8",
        attempt_id,
        new_id(),
        {"reminder": "email"}.get(rung, rung),
        rung,
        new_id(),
        outcome,
        at,
        case_id,
    )
    return attempt_id


async def climbed(desk: Desk, **changes: Any) -> UUID:
    """A case in Shanghai with every remote step taken and no answer."""
    case_id = await shanghai_case(desk, **changes)
    await desk.run("UPDATE contact_plans SET due_at = NULL")
    for rung, outcome, days in (
        ("reminder", "delivered", 40),
        ("call", "no_answer", 35),
        ("call", "no_answer", 33),
        ("letter", "sent", 25),
    ):
        await tried(desk, case_id, rung, outcome, days)
    return case_id


async def team(desk: Desk) -> None:
    for staff_id in TEAM:
        await hire(desk, staff_id)


def order(**changes: Any) -> VisitOrder:
    return replace(VisitOrder(Window(TOMORROW, TOMORROW + timedelta(hours=2)), TEAM, HOME), **changes)


async def approved(desk: Desk) -> UUID:
    await team(desk)
    visit = await propose_visit(desk.resources, "planner.wu", await climbed(desk), "CN-SH")
    await approve_visit(desk.resources, "head.chen", visit.visit_id)
    return visit.visit_id


async def at_the_door(desk: Desk) -> UUID:
    visit_id = await approved(desk)
    await order_visit(desk.resources, visit_id, order())
    desk.databases.clock.advance(TOMORROW - desk.now + timedelta(minutes=5))
    return visit_id


def report(outcome: str = "nobody_there", **changes: Any) -> VisitReport:
    values = VisitReport(outcome, "The door stayed shut.", NEXT_DOOR, None, None, False, None)
    return replace(values, **changes)


async def refused(code: str, call: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await call
    assert caught.value.code == code, caught.value.reasons
    return caught.value


async def test_a_visit_from_proposal_to_report_counts_as_a_contact(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    sheet = await show_sheet(desk.resources, "agent.lin", visit_id)
    assert sheet.name == "Avery Ashdown"
    started = await start_visit(desk.resources, "agent.lin", visit_id, NEXT_DOOR)
    assert (started.state, started.start_distance_m) == ("started", 67)
    finished = await finish_visit(desk.resources, "agent.zhou", visit_id, report())
    assert (finished.state, finished.outcome) == ("settled", "nobody_there")
    (said,) = await desk.said("contact.attempted")
    assert (said["channel"], said["rung"], said["outcome"], said["counts"]) == ("visit", "visit", "no_answer", True)
    assert said["decision_id"] == str(started.start_decision_id) != str(started.order_decision_id)
    decisions = await desk.rows("SELECT verdict FROM decisions WHERE channel = 'visit' AND verdict = 'allow'")
    assert len(decisions) == 2
    (row,) = await desk.rows("SELECT * FROM visits")
    for sealed in ("place_sealed", "start_sealed", "finish_sealed", "report_sealed"):
        assert b"door" not in row[sealed]
        assert b"31230400" not in row[sealed]
    assert read_report(desk.resources, finished) == "The door stayed shut."


async def test_a_visit_without_proof_cannot_be_proposed(desk: Desk) -> None:
    case_id = await shanghai_case(desk)
    error = await refused("escalation_not_proven", propose_visit(desk.resources, "planner.wu", case_id, "CN-SH"))
    assert [reason.code for reason in error.reasons] == ["not_proven.reminder"]
    await tried(desk, case_id, "reminder", "delivered", 40)
    await tried(desk, case_id, "call", "no_answer", 35)
    await tried(desk, case_id, "letter", "sent", 25)
    error = await refused("escalation_not_proven", propose_visit(desk.resources, "planner.wu", case_id, "CN-SH"))
    assert [reason.code for reason in error.reasons] == ["not_proven.call"]
    assert not await desk.rows("SELECT * FROM visits")


async def test_one_open_visit_a_case(desk: Desk) -> None:
    case_id = await climbed(desk)
    await propose_visit(desk.resources, "planner.wu", case_id, "CN-SH")
    await refused("visit_open", propose_visit(desk.resources, "planner.wu", case_id, "CN-SH"))


async def test_who_proposes_does_not_approve(desk: Desk) -> None:
    visit = await propose_visit(desk.resources, "planner.wu", await climbed(desk), "CN-SH")
    await refused("approver_is_proposer", approve_visit(desk.resources, "planner.wu", visit.visit_id))
    first = await approve_visit(desk.resources, "head.chen", visit.visit_id)
    assert await approve_visit(desk.resources, "head.chen", visit.visit_id) == first
    await refused("visit_state", approve_visit(desk.resources, "head.gu", visit.visit_id))


async def test_a_visit_is_not_ordered_before_it_is_approved(desk: Desk) -> None:
    await team(desk)
    visit = await propose_visit(desk.resources, "planner.wu", await climbed(desk), "CN-SH")
    await refused("visit_state", order_visit(desk.resources, visit.visit_id, order()))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"team": ("agent.lin", "agent.lin")}, "person_named_twice"),
        ({"team": ("agent.lin",)}, "team_size"),
        ({"window": Window(TOMORROW, TOMORROW)}, "window_length"),
        ({"window": Window(TOMORROW, TOMORROW + timedelta(hours=3, seconds=1))}, "window_length"),
        ({"window": Window(TOMORROW - timedelta(days=1), TOMORROW - timedelta(hours=23))}, "window_begins"),
    ],
)
async def test_an_order_that_cannot_be_right_is_refused(desk: Desk, changes: dict[str, Any], code: str) -> None:
    visit_id = await approved(desk)
    with pytest.raises(Invalid) as caught:
        await order_visit(desk.resources, visit_id, order(**changes))
    assert code in {reason.code for reason in caught.value.reasons}


async def test_only_certified_people_go(desk: Desk) -> None:
    visit_id = await approved(desk)
    await hire(desk, "agent.new", valid_days=0)
    await refused("not_certified", order_visit(desk.resources, visit_id, order(team=("agent.lin", "agent.new"))))
    await hire(desk, "voice.bot", kind="bot")
    await refused(
        "machines_do_not_visit", order_visit(desk.resources, visit_id, order(team=("agent.lin", "voice.bot")))
    )
    await refused("staff_unknown", order_visit(desk.resources, visit_id, order(team=("agent.lin", "nobody"))))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"window": Window(TOMORROW + timedelta(hours=11), TOMORROW + timedelta(hours=13))}, "hours"),
        ({"place_kind": "work"}, "visit_place"),
        ({"place_kind": "hospital"}, "visit_place"),
        ({"is_recorded": False}, "visit_recorded"),
    ],
)
async def test_the_gate_decides_about_the_window_and_the_place(desk: Desk, changes: dict[str, Any], rule: str) -> None:
    """21:00 to 23:00 begins within the hours and ends outside them."""
    visit_id = await approved(desk)
    error = await refused("contact_denied", order_visit(desk.resources, visit_id, order(**changes)))
    assert any(rule in reason.code for reason in error.reasons), error.reasons
    assert (await show_visit(desk.resources, visit_id)).state == "approved"
    assert await desk.rows("SELECT 1 AS one FROM decisions WHERE channel = 'visit' AND verdict = 'deny'")


async def test_the_same_order_twice_is_one_order(desk: Desk) -> None:
    visit_id = await approved(desk)
    first = await order_visit(desk.resources, visit_id, order())
    assert await order_visit(desk.resources, visit_id, order()) == first
    later = Window(TOMORROW + timedelta(hours=1), TOMORROW + timedelta(hours=2))
    await refused("visit_state", order_visit(desk.resources, visit_id, order(window=later)))
    assert len([row for row in await desk.attempts() if row["channel"] == "visit"]) == 1


async def test_a_vulnerable_person_is_not_visited(desk: Desk) -> None:
    visit_id = await approved(desk)
    await desk.run("UPDATE cases SET is_vulnerable = true")
    error = await refused("contact_denied", order_visit(desk.resources, visit_id, order()))
    assert "concord-floor/visit_vulnerable" in {reason.code for reason in error.reasons}


async def test_a_disputed_debt_is_not_visited_for(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    visit = await show_visit(desk.resources, visit_id)
    await apply_hold(desk.resources, visit.case_id, "dispute", None)
    await refused("visit_withdrawn", start_visit(desk.resources, "agent.lin", visit_id, HOME))
    assert not await desk.said("contact.attempted")


async def test_an_answer_on_the_way_sends_the_team_home(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    visit = await show_visit(desk.resources, visit_id)
    await desk.run(
        "INSERT INTO replies (reply_id, reply_reference, case_id, person_id, channel, intent, classified_by, "
        "received_at) VALUES ($1, 'r-1', $2, $3, 'sms', 'question', 'rule', $4)",
        new_id(),
        visit.case_id,
        visit.person_id,
        desk.now,
    )
    await refused("escalation_not_proven", start_visit(desk.resources, "agent.lin", visit_id, HOME))


async def test_a_visit_begins_at_its_place_in_its_window_and_by_its_team(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    await refused("too_far_away", start_visit(desk.resources, "agent.lin", visit_id, ACROSS_TOWN))
    await refused("visit_unknown", start_visit(desk.resources, "agent.other", visit_id, HOME))
    await refused("visit_unknown", show_sheet(desk.resources, "agent.other", visit_id))
    desk.databases.clock.advance(timedelta(minutes=115))
    await refused("outside_window", start_visit(desk.resources, "agent.lin", visit_id, HOME))


async def test_starting_and_reporting_twice_is_the_same_as_once(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    first = await start_visit(desk.resources, "agent.lin", visit_id, HOME)
    assert await start_visit(desk.resources, "agent.zhou", visit_id, HOME) == first
    done = await finish_visit(desk.resources, "agent.lin", visit_id, report())
    assert await finish_visit(desk.resources, "agent.lin", visit_id, report()) == done
    await refused("visit_state", finish_visit(desk.resources, "agent.lin", visit_id, report("spoke")))
    assert len(await desk.said("contact.attempted")) == 1


@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({"entered": True}, "entered_uninvited"),
        ({"was_asked_to_leave": True, "left_when_asked": False}, "stayed_when_asked"),
        ({"entered": True, "was_invited_in": True}, None),
        ({"was_asked_to_leave": True, "left_when_asked": True}, None),
    ],
)
async def test_a_visit_that_went_wrong_holds_the_case(desk: Desk, changes: dict[str, Any], breach: str | None) -> None:
    visit_id = await at_the_door(desk)
    await start_visit(desk.resources, "agent.lin", visit_id, HOME)
    done = await finish_visit(desk.resources, "agent.lin", visit_id, report("spoke", **changes))
    assert done.closed_because == breach
    holds = await desk.rows("SELECT kind FROM holds")
    assert [hold["kind"] for hold in holds] == (["critical_conduct"] if breach else [])


async def test_nobody_is_on_two_visits_at_once(desk: Desk) -> None:
    visit_id = await approved(desk)
    await order_visit(desk.resources, visit_id, order())
    other = await propose_visit(desk.resources, "planner.wu", await climbed(desk), "CN-SH")
    await approve_visit(desk.resources, "head.chen", other.visit_id)
    overlapping = Window(TOMORROW + timedelta(hours=1, minutes=59), TOMORROW + timedelta(hours=3))
    await refused("team_busy", order_visit(desk.resources, other.visit_id, order(window=overlapping)))
    after = Window(TOMORROW + timedelta(hours=2), TOMORROW + timedelta(hours=3))
    assert (await order_visit(desk.resources, other.visit_id, order(window=after))).state == "ordered"


async def test_a_report_before_the_start_is_refused(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    await refused("visit_state", finish_visit(desk.resources, "agent.lin", visit_id, report()))


@pytest.mark.parametrize(
    "changes",
    [
        {"recording_pointer": "vault/1"},
        {"recording_pointer": "vault/1", "recording_until": datetime(2026, 3, 1, tzinfo=UTC).date()},
        {"recording_pointer": "vault/1", "recording_until": datetime(2032, 1, 1, tzinfo=UTC).date()},
        {"was_asked_to_leave": True},
        {"left_when_asked": True},
    ],
)
async def test_a_report_that_cannot_be_right_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    visit_id = await at_the_door(desk)
    await start_visit(desk.resources, "agent.lin", visit_id, HOME)
    await refused("visit_report_wrong", finish_visit(desk.resources, "agent.lin", visit_id, report(**changes)))


async def test_an_order_nobody_went_on_expires_and_does_not_count(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    desk.databases.clock.advance(timedelta(minutes=114, seconds=59))
    assert await close_overdue_visits(desk.resources) == 0
    desk.databases.clock.advance(timedelta(seconds=1))
    assert await close_overdue_visits(desk.resources) == 1
    assert await close_overdue_visits(desk.resources) == 0
    assert (await show_visit(desk.resources, visit_id)).state == "expired"
    (attempt,) = [row for row in await desk.attempts() if row["channel"] == "visit"]
    assert (attempt["state"], attempt["counts"]) == ("released", False)
    await refused("visit_state", start_visit(desk.resources, "agent.lin", visit_id, HOME))


async def test_a_team_that_never_reported_leaves_an_attempt_that_counts(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    await start_visit(desk.resources, "agent.lin", visit_id, HOME)
    desk.databases.clock.advance(timedelta(hours=25))
    assert await close_overdue_visits(desk.resources) == 0
    desk.databases.clock.advance(timedelta(hours=1))
    assert await close_overdue_visits(desk.resources) == 1
    (said,) = await desk.said("contact.attempted")
    assert (said["outcome"], said["counts"]) == ("unknown", True)
    await refused("visit_state", finish_visit(desk.resources, "agent.lin", visit_id, report()))


async def test_a_reserved_visit_is_left_alone_by_the_recovery_of_messages(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    assert await desk.recover() == 0
    assert (await start_visit(desk.resources, "agent.lin", visit_id, HOME)).state == "started"
    assert await desk.recover() == 0


async def test_a_cancelled_visit_gives_its_contact_back(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    first = await cancel_visit(desk.resources, visit_id, "weather")
    assert await cancel_visit(desk.resources, visit_id, "weather") == first
    (attempt,) = [row for row in await desk.attempts() if row["channel"] == "visit"]
    assert (attempt["state"], attempt["counts"]) == ("released", False)
    await refused("visit_state", start_visit(desk.resources, "agent.lin", visit_id, HOME))


async def test_a_recall_calls_visits_and_handovers_off(desk: Desk) -> None:
    visit_id = await at_the_door(desk)
    case_id = (await show_visit(desk.resources, visit_id)).case_id
    await tried(desk, case_id, "visit", "no_answer", 8)
    handover = await prepare_handover(desk.resources, "planner.wu", case_id)
    await desk.deliver(CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, recalled_at=desk.now, reason="sold"))
    visit = await show_visit(desk.resources, visit_id)
    assert (visit.state, visit.closed_because) == ("cancelled", "recalled")
    (attempt,) = [row for row in await desk.attempts() if row["attempt_id"] == visit.attempt_id]
    assert (attempt["state"], attempt["counts"]) == ("released", False)
    await refused("visit_state", start_visit(desk.resources, "agent.lin", visit_id, HOME))
    await refused("handover_state", sign_handover(desk.resources, "counsel.he", handover.handover_id, "paper/1"))


async def test_a_proof_edited_by_hand_gives_no_visit(desk: Desk) -> None:
    visit_id = await approved(desk)
    visit = await show_visit(desk.resources, visit_id)
    with pytest.raises(Exception, match="permission denied"):
        await desk.run("UPDATE rung_proofs SET document = document")
    # Not even with another proof's id, nor after the attempts behind it were changed.
    await desk.run("UPDATE visits SET proof_id = $1", new_id())
    await refused("escalation_not_proven", order_visit(desk.resources, visit_id, order()))
    await desk.run("UPDATE visits SET proof_id = $1", visit.proof_id)
    await desk.run("UPDATE attempts SET outcome = 'failed' WHERE rung = 'letter'")
    await refused("escalation_not_proven", order_visit(desk.resources, visit_id, order()))
    await desk.run("UPDATE attempts SET outcome = 'sent' WHERE rung = 'letter'")
    assert (await order_visit(desk.resources, visit_id, order())).state == "ordered"


async def test_the_days_visits_are_grouped_by_region_and_team(desk: Desk) -> None:
    visit_id = await approved(desk)
    await order_visit(desk.resources, visit_id, order())
    (route,) = await routes_of_day(desk.resources, TOMORROW - timedelta(hours=2), "CN-SH", 8)
    assert [stop.visit_id for stop in route] == [visit_id]
    assert await routes_of_day(desk.resources, TOMORROW - timedelta(hours=2), "CN-BJ", 8) == []
    assert await routes_of_day(desk.resources, TOMORROW + timedelta(seconds=1), None, 8) == []


async def test_where_no_visits_are_made_the_refusal_excuses_the_rung(desk: Desk) -> None:
    case_id = await climbed(desk, jurisdiction="US", region="NY", currency="USD", language="en")
    await refused("escalation_not_proven", prepare_handover(desk.resources, "planner.wu", case_id))
    await refused("contact_denied", propose_visit(desk.resources, "planner.wu", case_id, "US-NY"))
    handover = await prepare_handover(desk.resources, "planner.wu", case_id)
    assert handover.state == "prepared"


async def test_counsel_signs_what_somebody_else_prepared(desk: Desk) -> None:
    case_id = await climbed(desk)
    await tried(desk, case_id, "visit", "no_answer", 8)
    handover = await prepare_handover(desk.resources, "planner.wu", case_id)
    await refused("handover_open", prepare_handover(desk.resources, "planner.wu", case_id))
    await refused(
        "counsel_is_preparer", sign_handover(desk.resources, "planner.wu", handover.handover_id, "paper/2026-7")
    )
    signed = await sign_handover(desk.resources, "counsel.he", handover.handover_id, "paper/2026-7")
    assert (signed.state, signed.counsel_id, signed.signed_at) == ("signed", "counsel.he", desk.now)
    assert await sign_handover(desk.resources, "counsel.he", handover.handover_id, "paper/2026-7") == signed
    await refused("handover_state", sign_handover(desk.resources, "counsel.ma", handover.handover_id, "paper/2026-8"))
    withdrawn = await withdraw_handover(desk.resources, handover.handover_id, "paid")
    assert withdrawn.state == "withdrawn"


@pytest.mark.parametrize(
    ("place", "due_on", "standing"),
    [("CN", "2023-03-01", "expired"), ("US", "2023-03-01", "unknown"), ("CN", None, "unknown")],
)
async def test_a_debt_that_may_be_too_old_for_a_court_goes_to_none(
    desk: Desk, place: str, due_on: str | None, standing: str
) -> None:
    case_id = await climbed(desk)
    await tried(desk, case_id, "visit", "no_answer", 8)
    handover = await prepare_handover(desk.resources, "planner.wu", case_id)
    due = date.fromisoformat(due_on) if due_on else None
    await desk.run("UPDATE cases SET jurisdiction = $1, oldest_due_on = $2", place, due)
    with pytest.raises(NotAllowed) as signing:
        await sign_handover(desk.resources, "counsel.he", handover.handover_id, "paper/2026-7")
    await withdraw_handover(desk.resources, handover.handover_id, "too_old")
    with pytest.raises(NotAllowed) as preparing:
        await prepare_handover(desk.resources, "planner.wu", case_id)
    for refusal in (signing.value, preparing.value):
        assert [reason.code for reason in refusal.reasons] == [f"limitation.{standing}"]


async def test_the_ladder_prepares_no_handover_of_a_debt_that_is_too_old(desk: Desk) -> None:
    case_id = await climbed(desk)
    await tried(desk, case_id, "visit", "no_answer", 8)
    await desk.run("UPDATE cases SET oldest_due_on = '2023-03-01'")
    await desk.run("UPDATE contact_plans SET step = 5, due_at = $1", desk.now)
    await desk.sweep()
    assert await desk.rows("SELECT * FROM legal_handovers") == []


async def test_counsel_cannot_sign_once_the_person_has_answered_or_a_hold_stands(desk: Desk) -> None:
    case_id = await climbed(desk)
    await tried(desk, case_id, "visit", "no_answer", 8)
    handover = await prepare_handover(desk.resources, "planner.wu", case_id)
    await apply_hold(desk.resources, case_id, "hardship", None)
    await refused("case_not_ready", sign_handover(desk.resources, "counsel.he", handover.handover_id, "paper/2026-7"))


async def test_the_firm_ladder_proposes_a_visit_and_goes_on(desk: Desk) -> None:
    case_id = await climbed(desk)
    await desk.run("UPDATE contact_plans SET step = 4, due_at = $1", desk.now)
    assert await desk.sweep() == 1
    (visit,) = await desk.rows("SELECT * FROM visits")
    assert (visit["state"], visit["proposed_by"]) == ("proposed", "system")
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["step"] == 5
    await desk.run("UPDATE contact_plans SET step = 4, due_at = $1", desk.now)
    await desk.sweep()
    assert len(await desk.rows("SELECT * FROM visits")) == 1
    assert len(await desk.rows("SELECT * FROM rung_proofs")) == 1


async def test_the_ladder_goes_back_for_a_step_that_was_not_taken(desk: Desk) -> None:
    case_id = await desk.open_case("firm")
    await desk.run("UPDATE contact_plans SET step = 1")
    assert await desk.sweep() == 1
    assert not await desk.attempts()
    plan = await desk.plan(case_id)
    assert plan is not None
    assert (plan["step"], plan["round"], plan["due_at"]) == (0, 2, desk.now + timedelta(hours=24))


async def test_a_rung_that_can_reach_nobody_is_excused_by_its_decision(desk: Desk) -> None:
    case_id = await shanghai_case(desk)  # a postal address alone: no reminder, no call
    await desk.sweep()
    assert [row["rung"] for row in await desk.rows("SELECT * FROM rung_excuses")] == ["reminder"]
    for _ in range(2):
        desk.databases.clock.advance(timedelta(days=4))
        await desk.sweep()
    plan = await desk.plan(case_id)
    assert plan is not None
    assert plan["step"] == 2
    assert {row["rung"] for row in await desk.rows("SELECT * FROM rung_excuses")} == {"reminder", "call"}


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    platform = Platform("api", desk.databases.clock, desk.databases.api)
    async with desk.as_api():
        app = build_app(create_service(), platform, resources=desk.resources)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://outreach") as opened,
        ):
            yield opened


async def test_a_visit_over_http(desk: Desk, client: httpx.AsyncClient) -> None:
    await team(desk)
    case_id = await climbed(desk)

    async def post(path: str, who: str | None, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {SANDBOX_SECRET}", **({"X-Staff-Id": who} if who else {})}
        return await client.post(path, json=body, headers=headers)

    proposal = {"case_id": str(case_id), "region": "CN-SH"}
    assert (await post("/v1/visits", None, proposal)).status_code == 422
    visit = (await post("/v1/visits", "planner.wu", proposal)).json()
    path = f"/v1/visits/{visit['visit_id']}"
    assert (await post(f"{path}/approve", "planner.wu")).status_code == 403
    assert (await post(f"{path}/approve", "head.chen")).status_code == 200
    place = {"latitude": HOME.latitude, "longitude": HOME.longitude}
    window = {"begins_at": TOMORROW.isoformat(), "ends_at": (TOMORROW + timedelta(hours=2)).isoformat()}
    ordered = await post(f"{path}/order", "planner.wu", {**window, "team": list(TEAM), "place": place})
    assert ordered.status_code == 200, ordered.text
    assert "31230400" not in ordered.text
    desk.databases.clock.advance(TOMORROW - desk.now)
    assert (await post(f"{path}/start", "agent.lin", place)).json()["state"] == "started"
    body = {
        "outcome": "spoke",
        "words": "She will call.",
        "at": place,
        "was_asked_to_leave": True,
        "left_when_asked": True,
    }
    assert (await post(f"{path}/finish", "agent.lin", body)).json()["state"] == "settled"
    headers = {"Authorization": f"Bearer {SANDBOX_SECRET}", "X-Staff-Id": "head.chen"}
    assert (await client.get(f"{path}/report", headers=headers)).json()["words"] == "She will call."
    assert (await client.get(f"/v1/visits/{new_id()}", headers=headers)).status_code == 404
    assert (await client.get("/v1/visits", headers=headers)).json() == {"visits": []}


async def test_an_announced_visit_is_ordered_for_that_window_alone(desk: Desk) -> None:
    await team(desk)
    desk.databases.clock.advance(TOMORROW - desk.now)
    case_id = await climbed(desk, jurisdiction="GB", currency="GBP", language="en", contact_points=(LONDON,))
    visit = await propose_visit(desk.resources, "planner.wu", case_id, "GB-LND")
    await approve_visit(desk.resources, "head.chen", visit.visit_id)
    begins = TOMORROW + timedelta(days=3, hours=9)
    window = Window(begins, begins + timedelta(hours=2))
    error = await refused("contact_denied", order_visit(desk.resources, visit.visit_id, order(window=window)))
    assert "missing_fact.visit_notice" in {reason.code for reason in error.reasons}
    desk.databases.clock.advance(timedelta(hours=8))
    desk.carriers.outcome = "sent"
    announced = await announce_visit(desk.resources, visit.visit_id, window)
    assert await announce_visit(desk.resources, visit.visit_id, window) == announced
    (message,) = desk.carriers.texts.values()
    assert "between 11:00 and 13:00" in message.text
    other = Window(begins + timedelta(hours=1), begins + timedelta(hours=2))
    await refused("window_announced", announce_visit(desk.resources, visit.visit_id, other))
    await refused("window_not_announced", order_visit(desk.resources, visit.visit_id, order(window=other)))
    assert (await order_visit(desk.resources, visit.visit_id, order(window=window))).state == "ordered"


async def test_nothing_is_done_about_what_is_not_there(desk: Desk) -> None:
    for call in (
        approve_visit(desk.resources, "head.chen", new_id()),
        propose_visit(desk.resources, "head.chen", new_id(), "CN-SH"),
        sign_handover(desk.resources, "counsel.he", new_id(), "paper/1"),
    ):
        with pytest.raises(NotFound):
            await call
