"""The default playbook, its limits and its stalling; early signs and the watch after cure, as they are swept."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.negotiation.application.detect_defaults import detect_defaults
from services.negotiation.application.run_playbook import note_stalled_playbooks
from services.negotiation.application.watch_cures import end_cure_watches
from services.negotiation.application.watch_slippage import watch_slippage
from shared.events.body import EventBody
from shared.events.borrower_replied import BorrowerReplied
from shared.events.default_detected import DefaultDetected
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.person_erased import PersonErased
from shared.events.plan_proposed import PlanProposed
from shared.events.plan_slipped import PlanSlipped
from shared.events.re_default_detected import ReDefaultDetected
from tests.integration.negotiation.office import STAFF, Office, payment
from tests.support.events import HARBOUR_CREDIT, case_assessed, case_received

MEMBER = {**STAFF, "X-Staff-Id": "mira"}


def playbook_hold(office: Office, case_id: UUID, hold_id: UUID) -> HoldApplied:
    return HoldApplied(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        hold_id=hold_id,
        kind="default_playbook",
        until=office.now + timedelta(days=2),
        cause_event_type="default.detected",
        applied_at=office.now,
    )


def playbook_release(office: Office, case_id: UUID, hold_id: UUID) -> HoldReleased:
    return HoldReleased(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        hold_id=hold_id,
        kind="default_playbook",
        reason="expired",
        released_at=office.now,
    )


def promised(office: Office, case_id: UUID, on: date) -> BorrowerReplied:
    return BorrowerReplied(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        reply_id=uuid4(),
        attempt_id=None,
        channel="sms",
        intent="promise",
        classified_by="rules",
        promised_on=on,
        promised=None,
        arrears_cause=None,
        received_at=office.now,
    )


async def steps(office: Office, case_id: UUID) -> list[str]:
    answer = await office.api.get(f"/v1/cases/{case_id}/playbook", headers=STAFF)
    return [step["step"] for step in answer.json()["steps"]]


async def break_plan(office: Office, case_id: UUID) -> None:
    await office.agree(case_id, "instalments")
    office.advance(days=20)
    assert await office.sweep() == 1


async def agree_until_the_limit(office: Office, case_id: UUID) -> None:
    """Two plans within twelve months are broken, and the case is re-assessed."""
    for _ in range(2):
        await break_plan(office, case_id)
        await office.hear(case_assessed(case_id, trigger="default.detected"))


async def slip(office: Office) -> int:
    looked = 0
    while done := await watch_slippage(office.worker.begin):
        looked += done
    return looked


async def test_the_end_of_the_hold_lets_the_ladder_go_on(office: Office) -> None:
    case_id, hold_id = await office.take_on(), uuid4()
    await break_plan(office, case_id)
    await office.hear(playbook_hold(office, case_id, hold_id))
    await office.hear(case_assessed(case_id, trigger="default.detected"))
    release = playbook_release(office, case_id, hold_id)
    await office.hear(release, release)
    assert await steps(office, case_id) == ["detected", "hold_applied", "reassessed", "replanned", "laddered"]
    await office.agree(case_id, "instalments")
    assert (await steps(office, case_id))[-1] == "agreed_again", "an offer outlives the hold"
    [run] = await office.rows("SELECT * FROM playbook_runs")
    assert run["ended_by"] == "agreed_again"


async def test_steps_that_overtake_each_other_are_recorded_once(office: Office) -> None:
    case_id, hold_id = await office.take_on(), uuid4()
    await break_plan(office, case_id)
    assessed = case_assessed(case_id, trigger="default.detected")
    told: list[EventBody] = [
        playbook_release(office, case_id, hold_id),
        assessed,
        playbook_hold(office, case_id, hold_id),
        assessed,
        playbook_release(office, case_id, hold_id),
    ]
    for body in told:
        await office.hear(body)
        office.advance(minutes=1)
    found = await steps(office, case_id)
    assert sorted(found) == ["detected", "hold_applied", "laddered", "reassessed", "replanned"]


async def test_a_release_of_before_the_default_says_nothing_of_this_run(office: Office) -> None:
    case_id, hold_id = await office.take_on(), uuid4()
    old = playbook_release(office, case_id, hold_id)
    await break_plan(office, case_id)
    await office.hear(old)
    assert await steps(office, case_id) == ["detected"]


async def test_a_healed_plan_ends_the_run_and_the_next_default_begins_another(office: Office) -> None:
    case_id = await office.take_on()
    await break_plan(office, case_id)
    await office.pay(case_id, 30_000, date(2026, 3, 19))
    office.advance(days=40)
    assert await office.sweep() == 1
    runs = await office.rows("SELECT * FROM playbook_runs ORDER BY begun_at")
    assert [run["ended_by"] for run in runs] == ["healed", None]
    assert await steps(office, case_id) == ["detected", "healed", "detected"]


async def test_a_person_decides_about_a_third_plan_in_a_year(office: Office) -> None:
    case_id = await office.take_on()
    await agree_until_the_limit(office, case_id)
    assert (await steps(office, case_id))[-2:] == ["reassessed", "limit_reached"]
    seen = await office.see(case_id)
    assert (seen["offers"], seen["blocked_by"]) == ([], "replan_limit")
    refused = await office.counter(case_id, kind="lump_sum", lump_sum_minor_units=125_500)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "hold_replan_limit")
    queue = (await office.api.get("/v1/replan-decisions", headers=STAFF)).json()
    [decision] = queue["decisions"]
    assert (decision["case_id"], decision["limit_reached"], decision["plans"]) == (str(case_id), "per_year", 2)
    address = f"/v1/replan-decisions/{decision['decision_id']}/decide"
    body = {"verdict": "allowed", "reasons": ["income_is_back"]}
    before = len(await office.said(PlanProposed))
    for _ in range(2):
        decided = await office.api.post(address, json=body, headers=MEMBER)
        assert (decided.status_code, decided.json()["state"], decided.json()["decided_by"]) == (200, "allowed", "mira")
    assert len(await office.said(PlanProposed)) == before + 1
    assert (await steps(office, case_id))[-1] == "replanned"
    other = await office.api.post(address, json={**body, "verdict": "refused"}, headers=MEMBER)
    assert (other.status_code, other.json()["code"]) == (409, "already_decided")
    await office.agree(case_id, "instalments")


async def test_no_further_plan_holds_for_half_a_year(office: Office) -> None:
    case_id = await office.take_on()
    await agree_until_the_limit(office, case_id)
    [decision] = (await office.api.get("/v1/replan-decisions", headers=STAFF)).json()["decisions"]
    address = f"/v1/replan-decisions/{decision['decision_id']}/decide"
    assert (
        await office.api.post(address, json={"verdict": "refused", "reasons": []}, headers=MEMBER)
    ).status_code == 422
    body = {"verdict": "refused", "reasons": ["plans_cannot_be_kept"]}
    assert (await office.api.post(address, json=body, headers=STAFF)).status_code == 422, "nobody is named"
    assert (await office.api.post(address, json=body)).status_code == 401
    assert (await office.api.post(address, json=body, headers=MEMBER)).status_code == 200
    assert (await office.api.get("/v1/replan-decisions", headers=STAFF)).json()["decisions"] == []
    office.advance(days=181)
    assert (await office.see(case_id))["blocked_by"] == "replan_limit"
    office.advance(days=2)
    assert (await office.see(case_id))["blocked_by"] is None


async def test_a_late_report_that_heals_makes_the_decision_moot(office: Office) -> None:
    case_id = await office.take_on()
    await agree_until_the_limit(office, case_id)
    [row] = await office.rows(
        "SELECT min(due_on) AS due_on FROM instalments WHERE is_watched OR plan_id = (SELECT plan_id FROM cases)"
    )
    await office.pay(case_id, 130_000, row["due_on"])
    [decision] = await office.rows("SELECT * FROM replan_decisions")
    assert decision["state"] == "moot"


async def test_a_queue_is_paged_by_its_cursor(office: Office) -> None:
    cases = [await office.take_on() for _ in range(3)]
    for case_id in cases:
        await office.agree(case_id, "instalments")
    office.advance(days=20)
    await office.sweep()
    await office.hear(*(case_assessed(case_id, trigger="default.detected") for case_id in cases))
    for case_id in cases:
        await office.agree(case_id, "instalments")
    office.advance(days=20)
    await office.sweep()
    await office.hear(*(case_assessed(case_id, trigger="default.detected") for case_id in cases))
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (
            await office.api.get(f"/v1/replan-decisions?limit=2{cursor and '&cursor=' + cursor}", headers=STAFF)
        ).json()
        found += [entry["case_id"] for entry in page["decisions"]]
        cursor = page["next_cursor"]
    assert sorted(found) == sorted(str(case_id) for case_id in cases)
    assert (await office.api.get("/v1/replan-decisions?cursor=!!", headers=STAFF)).status_code == 422


async def test_a_playbook_that_nobody_re_assesses_is_seen_once(office: Office) -> None:
    case_id = await office.take_on()
    await break_plan(office, case_id)
    office.advance(hours=23, minutes=59)
    assert await note_stalled_playbooks(office.worker.begin) == 0
    office.advance(minutes=1)
    assert await note_stalled_playbooks(office.worker.begin) == 1
    assert await note_stalled_playbooks(office.worker.begin) == 0
    office.advance(hours=1)
    await office.hear(case_assessed(case_id, trigger="default.detected"))
    assert await steps(office, case_id) == ["detected", "stalled", "reassessed", "replanned"]


async def test_a_sweep_that_fails_half_way_leaves_nothing_and_the_next_one_does_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await office.take_on()
    await office.agree(case_id, "instalments")
    office.advance(days=20)

    async def lost(*_: object) -> None:
        raise ConnectionError("the database went away")

    with monkeypatch.context() as broken:
        broken.setattr("services.negotiation.application.detect_defaults.take_steps", lost)
        with pytest.raises(ConnectionError):
            await office.sweep()
    assert await office.said(DefaultDetected) == []
    assert await office.sweep() == 1
    assert len(await office.said(DefaultDetected)) == 1
    assert await steps(office, case_id) == ["detected"]


async def test_a_jump_of_the_clock_breaks_each_plan_once(office: Office) -> None:
    cases = [await office.take_on() for _ in range(5)]
    for case_id in cases:
        await office.agree(case_id, "instalments")
    office.advance(days=400)
    await asyncio.gather(*(detect_defaults(office.worker.begin, limit=2) for _ in range(4)))
    while await office.sweep():
        continue
    assert sorted(d.case_id for d in await office.said(DefaultDetected)) == sorted(cases)
    assert {d.instalment_number for d in await office.said(DefaultDetected)} == {1}


async def test_part_of_the_money_on_the_due_date_is_said_once(office: Office) -> None:
    case_id = await office.take_on()
    plan = await office.agree(case_id, "instalments")
    first = plan["instalments"][0]
    await office.pay(case_id, 1_000, date(2026, 3, 10))
    assert await slip(office) == 1
    assert await office.said(PlanSlipped) == []
    office.advance(days=14, hours=13)
    assert first["due_on"] == "2026-03-16"
    await asyncio.gather(*(watch_slippage(office.worker.begin) for _ in range(3)))
    await slip(office)
    [slipped] = await office.said(PlanSlipped, case_id)
    assert (slipped.signal, slipped.instalment_number) == ("partial_on_due_date", 1)
    await office.pay(case_id, 500, date(2026, 3, 17))
    await slip(office)
    assert len(await office.said(PlanSlipped)) == 1
    answer = (await office.api.get(f"/v1/cases/{case_id}/signals", headers=STAFF)).json()
    assert [seen["signal"] for seen in answer["signals"]] == ["partial_on_due_date"]


async def test_serial_promises_are_seen_without_a_plan(office: Office) -> None:
    case_id = await office.take_on()
    for _ in range(2):
        await office.hear(promised(office, case_id, (office.now + timedelta(days=3)).date()))
        office.advance(days=7)
        await slip(office)
    [slipped] = await office.said(PlanSlipped, case_id)
    assert (slipped.signal, slipped.plan_id, slipped.count) == ("serial_promises", None, 2)


async def test_a_quiet_case_is_not_looked_at_again(office: Office) -> None:
    case_id = await office.take_on()
    await office.hear(promised(office, case_id, (office.now + timedelta(days=3)).date()))
    assert await slip(office) == 1
    assert await slip(office) == 0
    office.advance(days=6)
    assert await slip(office) == 1
    assert await office.rows("SELECT * FROM case_watches") == []


async def cured(office: Office) -> tuple[UUID, UUID]:
    """A debt that was paid in full; its case and person."""
    received = case_received()
    await office.hear(received, case_assessed(received.case_id, arrears_cause="job_loss"))
    await office.pay(received.case_id, 125_500, office.now.date())
    return received.case_id, received.person_id


def again(office: Office, person: UUID, **changes: Any) -> EventBody:
    since = (office.now - timedelta(days=45)).date()
    found = {"person_id": person, "oldest_due_on": since, "placed_on": office.now.date(), **changes}
    return case_received().model_copy(update=found)


@pytest.mark.parametrize(("days", "within"), [(183, 6), (184, 12), (364, 12), (365, None)])
async def test_new_arrears_after_a_cure_are_told_within_twelve_months(
    office: Office, days: int, within: int | None
) -> None:
    case_id, person_id = await cured(office)
    office.advance(days=days)
    new = again(office, person_id)
    await office.hear(new)
    found = await office.said(ReDefaultDetected)
    assert [(f.case_id, f.again_case_id, f.within_months) for f in found] == (
        [(case_id, new.key, within)] if within else []
    )
    if found:
        assert (found[0].arrears_cause, found[0].treatment) == ("job_loss", "paid_in_full")
        await office.hear(again(office, person_id))
        assert len(await office.said(ReDefaultDetected)) == 1


@pytest.mark.parametrize(
    "changes", [{"person_id": uuid4()}, {"creditor_id": uuid4()}, {"oldest_due_on": date(2026, 3, 1)}]
)
async def test_what_is_no_relapse(office: Office, changes: dict[str, Any]) -> None:
    _, person_id = await cured(office)
    office.advance(days=60)
    await office.hear(again(office, person_id, **changes))
    assert await office.said(ReDefaultDetected) == []


async def test_money_that_is_taken_back_undoes_the_cure(office: Office) -> None:
    received = case_received()
    await office.hear(received, case_assessed(received.case_id))
    payment_id = await office.pay(received.case_id, 125_500, office.now.date())
    office.advance(days=30)
    back = payment(received.case_id, 125_500, office.now.date(), reverses=payment_id)
    await office.hear(back, back)
    [found] = await office.said(ReDefaultDetected)
    assert (found.again_case_id, found.within_months) == (None, 6)


async def test_a_healed_plan_that_breaks_again_is_a_relapse(office: Office) -> None:
    case_id = await office.take_on()
    await break_plan(office, case_id)
    await office.pay(case_id, 30_000, date(2026, 3, 19))
    assert await office.said(ReDefaultDetected) == []
    office.advance(days=40)
    await office.sweep()
    [found] = await office.said(ReDefaultDetected, case_id)
    assert (found.treatment, found.again_case_id) == ("level", None)


async def test_cures_that_hold_are_counted_and_the_person_is_forgotten(office: Office) -> None:
    for _ in range(10):
        await cured(office)
    _, person_id = await cured(office)
    office.advance(days=100)
    await office.hear(again(office, person_id))
    few = (await office.api.get("/v1/cures?group_by=cause", headers=STAFF)).json()["groups"]
    assert few == [
        {"group": "job_loss", "cures": 11, "re_default_within_6_months": None, "re_default_within_12_months": None}
    ]
    office.advance(days=265, hours=12)
    while await end_cure_watches(office.worker.begin, limit=4):
        continue
    rows = await office.rows("SELECT outcome, person_id FROM cure_watches")
    assert sorted(row["outcome"] for row in rows) == ["kept"] * 10 + ["re_defaulted"]
    assert [row["person_id"] for row in rows if row["outcome"] == "kept"] == [None] * 10
    [group] = (await office.api.get("/v1/cures?group_by=treatment", headers=STAFF)).json()["groups"]
    assert (group["group"], group["re_default_within_6_months"], group["re_default_within_12_months"]) == (
        "paid_in_full",
        909,
        909,
    )
    assert (await office.api.get("/v1/cures")).status_code == 401


async def test_small_groups_are_not_shown(office: Office) -> None:
    await cured(office)
    assert (await office.api.get("/v1/cures", headers=STAFF)).json()["groups"] == []


async def test_an_erased_person_is_watched_no_more(office: Office) -> None:
    case_id, person_id = await cured(office)
    await office.hear(
        PersonErased(person_id=person_id, creditor_id=HARBOUR_CREDIT, case_ids=(case_id,), erased_at=office.now)
    )
    [row] = await office.rows("SELECT * FROM cure_watches")
    assert (row["outcome"], row["person_id"]) == ("erased", None)
