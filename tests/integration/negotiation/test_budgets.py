"""Statements of income and spending on the real database: twice, late, negative, too large, of another's case."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest

from shared.events.hold_applied import HoldApplied
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed
from tests.integration.negotiation.office import STAFF, Office
from tests.support.events import HARBOUR_CREDIT, case_assessed

WAGES = {"category": "wages", "amount_minor_units": 250_000}
RENT = {"category": "rent", "amount_minor_units": 230_000}
CLERK = {**STAFF, "X-Staff-Id": "clerk-7"}


def budget(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """2,500.00 of wages and 2,300.00 of rent: 200.00 over, 20.00 of them a reserve."""
    return {"form": "sfs", "lines": [*(lines or (WAGES, RENT))], **changes}


async def state(office: Office, case_id: UUID, body: dict[str, Any], *, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key or uuid4().hex, **await office.enter(case_id)}
    return await office.api.post("/v1/borrower/budget", json=body, headers=headers)


async def staff_state(office: Office, case_id: UUID, body: dict[str, Any], **headers: str) -> httpx.Response:
    given = {"Idempotency-Key": uuid4().hex, **CLERK, **headers}
    return await office.api.post(f"/v1/cases/{case_id}/budget", json=body, headers=given)


async def budget_of(office: Office, case_id: UUID) -> dict[str, Any]:
    answer = await office.api.get(f"/v1/cases/{case_id}/budget", headers=CLERK)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_budget_is_answered_with_what_is_left_and_why(office: Office) -> None:
    case_id = await office.take_on()
    answer = await state(office, case_id, budget())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["monthly"]["affordable_for_this_debt"] == 18_000
    assert told["counts"] == "yes"
    assert told["reasons"][0]["code"] == "left_after_essentials"
    assert all(reason["text"] for reason in told["reasons"])
    seen = await office.api.get("/v1/borrower/budget", headers=await office.enter(case_id))
    assert seen.json() == told


async def test_offers_follow_the_budget_and_not_the_estimate(office: Office) -> None:
    case_id = await office.take_on()
    before = {o["form"]: o for o in (await office.see(case_id))["offers"]}
    assert max(i["amount"] for i in before["level"]["terms"]["instalments"]) == 25_100
    await state(office, case_id, budget())
    after = (await office.see(case_id))["offers"]
    for offer in after:
        if offer["kind"] == "instalments":
            assert max(i["amount"] for i in offer["terms"]["instalments"]) <= 18_000
    level = next(o for o in after if o["form"] == "level")
    assert level["offer_id"] != before["level"]["offer_id"]
    lump_sum = next(o for o in after if o["kind"] == "lump_sum")
    assert lump_sum["offer_id"] == before["lump_sum"]["offer_id"], "what is not above the means stands"


async def test_an_offer_from_before_the_budget_that_is_above_it_is_not_agreed(office: Office) -> None:
    case_id = await office.take_on()
    offer = next(o for o in (await office.see(case_id))["offers"] if o["form"] == "level")
    await state(office, case_id, budget())
    refused = await office.accept(case_id, offer)
    assert refused.status_code == 409
    assert refused.json()["code"] in ("offer_ended", "above_affordable_amount")
    assert await office.said(PlanAgreed) == []


async def test_the_same_budget_twice_is_filed_once(office: Office) -> None:
    case_id = await office.take_on()
    first = await state(office, case_id, budget(), key="k1")
    again = await state(office, case_id, budget(), key="k1")
    assert first.content == again.content
    assert len(await office.rows("SELECT FROM statements_of_means")) == 1
    other = await state(office, case_id, budget(WAGES), key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_the_newest_counts_and_an_older_one_that_comes_late_does_not(office: Office) -> None:
    case_id = await office.take_on()
    await state(office, case_id, budget())
    late = await staff_state(office, case_id, budget(WAGES, stated_on=str(office.now.date() - timedelta(days=30))))
    assert (late.status_code, late.json()["counts"]) == (200, "no")
    assert (await budget_of(office, case_id))["monthly"]["affordable_for_this_debt"] == 18_000
    newer = await staff_state(office, case_id, budget(WAGES, {**RENT, "amount_minor_units": 240_000}))
    assert newer.json()["counts"] == "yes"
    assert (await budget_of(office, case_id))["monthly"]["affordable_for_this_debt"] == 9_000
    assert (await budget_of(office, case_id))["made_by"] == "staff"


async def test_a_budget_ends_and_the_estimate_counts_again(office: Office) -> None:
    case_id = await office.take_on()
    await state(office, case_id, budget())
    office.advance(days=190)
    assert (await budget_of(office, case_id))["counts"] == "no"
    level = next(o for o in (await office.see(case_id))["offers"] if o["form"] == "level")
    assert max(i["amount"] for i in level["terms"]["instalments"]) == 25_100


@pytest.mark.parametrize(
    ("days_ago", "code"),
    [(-2, "stated_in_the_future"), (-1, None), (0, None), (180, None), (181, "statement_too_old")],
)
async def test_a_day_in_the_future_or_too_long_ago_is_refused(office: Office, days_ago: int, code: str | None) -> None:
    """Tomorrow is taken, for it may be that already further east. 180 days before 2 March is 3 September."""
    case_id = await office.take_on()
    stated = office.now.date() - timedelta(days=days_ago)
    answer = await state(office, case_id, budget(stated_on=str(stated)))
    assert (answer.status_code, answer.json().get("code")) == (200 if code is None else 422, code)


@pytest.mark.parametrize(
    "body",
    [
        budget({"category": "wages", "amount_minor_units": -1}),
        budget({"category": "wages", "amount_minor_units": 10**15 + 1}),
        budget({"category": "wages", "amount_minor_units": 10**30}),
        budget({"category": "wages", "amount_minor_units": 1.5}),
        budget({"category": "wages", "amount_minor_units": 1, "note": "my son is ill"}),
        budget({"category": "rent", "amount_minor_units": 1, "reason": "my son is ill"}),
        budget({"category": "rent", "amount_minor_units": 1, "reason": "because"}),
        budget({"category": "a_son", "amount_minor_units": 1}),
        budget(other_debts_minor_units=[0]),
        budget(household={"adults": 0}),
        budget(evidence=[{"kind": "selfie", "file_id": str(UUID(int=1))}]),
        budget(pay_day=32),
        {"form": "sfs", "lines": []},
        {"form": "us", "lines": [WAGES]},
    ],
)
async def test_a_malformed_budget_is_refused_and_leaves_nothing(office: Office, body: dict[str, Any]) -> None:
    case_id = await office.take_on()
    answer = await state(office, case_id, body)
    assert answer.status_code == 422
    assert "my son" not in answer.text
    assert await office.rows("SELECT FROM statements_of_means") == []


async def test_the_largest_amounts_are_counted_and_do_not_overflow(office: Office) -> None:
    case_id = await office.take_on()
    largest = {"category": "wages", "amount_minor_units": 10**15, "every": "weekly"}
    answer = await state(office, case_id, budget(*[largest] * 80))
    assert answer.status_code == 200, answer.text
    assert answer.json()["monthly"]["income"] == 80 * 10**15 * 52 // 12
    assert (await office.see(case_id))["offers"]


async def test_a_key_to_one_case_shows_and_changes_no_other(office: Office) -> None:
    mine, other = await office.take_on(), await office.take_on()
    await state(office, other, budget())
    seen = await office.api.get("/v1/borrower/budget", headers=await office.enter(mine))
    assert (seen.status_code, seen.json()["code"]) == (404, "statement_not_found")
    async with office.databases.api.transaction() as transaction:
        driver = await transaction.driver()
        assert await driver.fetch("SELECT * FROM statements_of_means") == []
        assert await driver.fetch("SELECT * FROM offer_sets") == []


async def test_without_a_key_or_a_token_nothing_is_taken(office: Office) -> None:
    case_id = await office.take_on()
    assert (await office.api.post("/v1/borrower/budget", json=budget())).status_code in (401, 422)
    unnamed = await office.api.post(f"/v1/cases/{case_id}/budget", json=budget(), headers={"Idempotency-Key": "k"})
    assert unnamed.status_code == 401


async def test_a_budget_is_forgotten_with_the_person(office: Office) -> None:
    case_id = await office.take_on()
    await state(office, case_id, budget())
    [person] = await office.rows("SELECT person_id FROM cases WHERE case_id = $1", case_id)
    await office.hear(
        PersonErased(
            person_id=person["person_id"],
            creditor_id=HARBOUR_CREDIT,
            case_ids=(case_id,),
            erased_at=office.now,
        )
    )
    assert await office.rows("SELECT FROM statements_of_means") == []
    assert await office.rows("SELECT FROM cases WHERE means IS NOT NULL") == []
    gone = await office.api.get(f"/v1/cases/{case_id}/budget", headers=CLERK)
    assert gone.status_code == 404


async def test_a_statement_is_never_changed(office: Office) -> None:
    case_id = await office.take_on()
    await state(office, case_id, budget())
    for statement in ("UPDATE statements_of_means SET affordable_minor_units = 1", "DELETE FROM offer_sets"):
        with pytest.raises(Exception, match="permission denied"):
            await office.rows(statement)


async def test_staff_see_every_lawful_offer_with_its_worth_and_nothing_is_put(office: Office) -> None:
    case_id = await office.take_on()
    answer = await office.api.get(f"/v1/cases/{case_id}/offers", headers=CLERK)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert {o["frequency"] for o in found["offers"]} >= {"weekly", "fortnightly", "monthly"}
    assert all(o["worth"]["expected"] > 0 and o["reasons"] for o in found["offers"])
    assert sorted(o["place"] for o in found["offers"] if o["place"]) == [1, 2, 3, 4]
    assert found["offers"][0]["comparison"]["before"]["total"] > 125_500
    assert "not measured" in found["figures"]["origin"]
    assert await office.rows("SELECT FROM offers WHERE status = 'proposed'") == []


async def test_the_audit_runs_all_sets_again_and_finds_a_favour(office: Office) -> None:
    cases = [await office.take_on() for _ in range(3)]
    for case_id in cases:
        await office.see(case_id)
    audit = (await office.api.get("/v1/offers/audit", headers=CLERK)).json()
    assert (audit["is_equal"], audit["verdicts"]) == (True, {"same": 3})
    hashes = await office.rows("SELECT DISTINCT facts_hash, offers_hash FROM offer_sets")
    assert len(hashes) == 1, "three persons with the same facts"
    async with office.databases.worker.transaction() as transaction:
        await (await transaction.driver()).execute(
            "INSERT INTO offer_sets SELECT gen_random_uuid(), case_id, creditor_id, made_at, engine, facts,"
            " facts_hash, 'a favour' FROM offer_sets LIMIT 1"
        )
        await transaction.commit()
    audit = (await office.api.get("/v1/offers/audit", headers=CLERK)).json()
    assert not audit["is_equal"]
    assert audit["verdicts"] == {"same": 3, "offers_differ": 1}
    assert len(audit["findings"]) == len(audit["contradictions"]) == 1
    page = (await office.api.get("/v1/offers/audit?limit=2", headers=CLERK)).json()
    assert (page["looked_at"], page["goes_on_after"] is None) == (2, False)
    assert (await office.api.get("/v1/offers/audit")).status_code == 401


@pytest.mark.parametrize("kind", ["complaint", "cease"])
async def test_after_a_complaint_the_offers_are_the_same_byte_for_byte(office: Office, kind: Any) -> None:
    calm, angry = await office.take_on(), await office.take_on()
    hold = HoldApplied(
        case_id=angry,
        creditor_id=HARBOUR_CREDIT,
        hold_id=uuid4(),
        kind=kind,
        until=None,
        cause_event_type=None,
        applied_at=office.now,
    )
    await office.hear(hold)
    await office.hear(case_assessed(angry, trigger="hold.applied"))
    offers = [(await office.see(case_id))["offers"] for case_id in (calm, angry)]
    told = [[{k: v for k, v in offer.items() if k != "offer_id"} for offer in each] for each in offers]
    assert told[0] == told[1]


async def test_weekly_payments_may_be_proposed_and_are_agreed(office: Office) -> None:
    case_id = await office.take_on()
    answer = await office.counter(case_id, kind="instalments", frequency="weekly", monthly_minor_units=6_000)
    assert answer.status_code == 200, answer.text
    assert answer.json()["answer"] == "accepted"
    [agreed] = await office.said(PlanAgreed)
    assert len(agreed.terms.instalments) == 21
    assert agreed.terms.frequency == "weekly"


async def test_steps_and_forms_may_be_asked_for(office: Office) -> None:
    case_id = await office.take_on()
    drawn = await office.counter(case_id, kind="instalments", form="deferral")
    assert (drawn.status_code, drawn.json()["answer"]) == (200, "countered")
    assert drawn.json()["offer"]["form"] == "deferral"
    steps = [{"count": 3, "amount_minor_units": 10_000}, {"count": 4, "amount_minor_units": 23_875}]
    agreed = await office.counter(case_id, kind="instalments", steps=steps)
    assert agreed.json()["answer"] == "accepted", agreed.text


def _run_the_audit(office: Office) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "DATABASE_URL": office.databases.url}
    command = [sys.executable, "-m", "services.negotiation", "equal-offers"]
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)


async def test_the_command_ends_with_one_where_offers_are_not_equal(office: Office) -> None:
    case_id = await office.take_on()
    await office.see(case_id)
    fine = await asyncio.to_thread(_run_the_audit, office)
    assert fine.stdout, fine.stderr
    assert (fine.returncode, orjson.loads(fine.stdout)["verdicts"]) == (0, {"same": 1}), fine.stderr
    async with office.databases.worker.transaction() as transaction:
        await (await transaction.driver()).execute(
            "INSERT INTO offer_sets SELECT gen_random_uuid(), case_id, creditor_id, made_at, engine, facts,"
            " 'other facts', offers_hash FROM offer_sets"
        )
        await transaction.commit()
    wrong = await asyncio.to_thread(_run_the_audit, office)
    assert (wrong.returncode, orjson.loads(wrong.stdout)["verdicts"]) == (1, {"same": 1, "facts_changed": 1})
