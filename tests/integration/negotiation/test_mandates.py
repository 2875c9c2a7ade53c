"""Versions of a mandate, and the queue in which nobody decides what they asked for themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from services.negotiation.application.decide_approval import expire_approvals
from services.negotiation.application.lender_ports import LenderKeysAway, SignedRequest
from services.negotiation.application.recheck_offers import recheck_offers
from services.negotiation.application.resolve_mandates import mandate_for
from services.negotiation.domain.mandates import largest_discount
from shared.kernel.refusal import Unidentified
from tests.integration.negotiation.office import STAFF, Office
from tests.support.events import HARBOUR_CREDIT

RIVAL_FINANCE = UUID("01900000-0000-7000-8000-00000000f1f1")
TIGHTER: dict[str, Any] = {
    "currency": "USD",
    "grid": [{"largest": {"interest": 500, "principal": 500}}],
    "term_months_max": 12,
    "instalment_min": 5_000,
    "reliefs": [{"kind": "pause", "months_max": 1}],
    "allocation_order": ["fees", "interest", "principal"],
    "grace_days": 3,
    "effective_from": "2026-01-01",
}
LOOSER = {**TIGHTER, "grid": [{"largest": {"fees": 10_000, "interest": 10_000, "principal": 5_000}}]}


@dataclass
class KnownLenders:
    """Keys named after their lender; or nobody can be asked."""

    is_away: bool = False

    async def creditor_of(self, signed: SignedRequest) -> UUID:
        if self.is_away:
            raise LenderKeysAway
        known = {"lender:harbour": HARBOUR_CREDIT, "lender:rival": RIVAL_FINANCE}
        if signed.key_id not in known:
            raise Unidentified("signature_wrong", "the key id or the signature is wrong")
        return known[signed.key_id]


@dataclass
class Desk:
    """Staff and lenders at the API of negotiation."""

    office: Office
    keys: KnownLenders

    async def staff(self, who: str, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = STAFF | {"X-Staff-Id": who}
        return await self.office.api.request(method, path, json=body, headers=headers)

    async def lender(self, key: str, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"Concord-Key-Id": f"lender:{key}", "Concord-Timestamp": "1", "Concord-Signature": "v1=00"}
        return await self.office.api.request(method, f"/v1/lender{path}", json=body, headers=headers)

    async def draft(self, who: str = "lena", **changes: Any) -> dict[str, Any]:
        answer = await self.staff(who, "POST", "/v1/mandates", TIGHTER | {"creditor_id": str(HARBOUR_CREDIT)} | changes)
        assert answer.status_code == 201, answer.text
        drafted: dict[str, Any] = answer.json()
        return drafted

    async def decide(self, who: str, approval_id: str, verdict: str = "approved") -> httpx.Response:
        body = {"verdict": verdict, "reasons": ["looks_right"]}
        path = f"/approvals/{approval_id}/decide"
        if who.startswith("lender:"):
            return await self.lender(who.removeprefix("lender:"), "POST", path, body)
        return await self.staff(who, "POST", f"/v1{path}", body)

    async def largest(self, case_id: UUID) -> int:
        async with self.office.worker.begin() as work:
            case = await work.cases.read(case_id)
            return largest_discount(await mandate_for(work, case), case, case.today(work.now))


@pytest.fixture
async def desk(office: Office) -> Desk:
    keys = KnownLenders()
    state = office.transport.app.state  # type: ignore[attr-defined]  # a FastAPI app, typed as any ASGI app
    state.resources = replace(
        state.resources, lender_keys=keys, staff_roles={"lena": "manager", "max": "manager", "tim": "team_lead"}
    )
    return Desk(office, keys)


async def test_a_draft_counts_only_when_another_has_approved_it(desk: Desk) -> None:
    case_id = await desk.office.take_on()
    placed = await desk.largest(case_id)
    drafted = await desk.draft()
    assert (drafted["status"], drafted["number"], await desk.largest(case_id)) == ("draft", 1, placed)
    assert (await desk.decide("max", drafted["approval_id"])).status_code == 200
    assert await desk.largest(case_id) == 6_200 < placed
    shown = (await desk.staff("max", "GET", f"/v1/mandates/{drafted['mandate_id']}")).json()
    assert (shown["status"], shown["drafted_by"], shown["approved_by"]) == ("approved", "lena", "max")


async def test_the_maker_is_never_the_checker(desk: Desk) -> None:
    drafted = await desk.draft("lena")
    refused = await desk.decide("lena", drafted["approval_id"])
    assert refused.status_code == 403
    assert [error["code"] for error in refused.json()["errors"]] == ["maker_is_checker"]
    both = await desk.decide("ann", (await desk.draft("ann"))["approval_id"])
    assert [error["code"] for error in both.json()["errors"]] == ["maker_is_checker", "role_without_authority"]
    assert (await desk.decide("tim", drafted["approval_id"])).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE approvals SET status = 'approved', decided_by = asked_by",
        "UPDATE mandate_versions SET status = 'approved', approved_by = drafted_by",
        "UPDATE approvals SET status = 'approved'",
        "UPDATE mandate_versions SET status = 'approved'",
    ],
)
async def test_the_tables_themselves_refuse_one_pair_of_eyes(desk: Desk, change: str) -> None:
    await desk.draft()
    with pytest.raises(asyncpg.CheckViolationError):
        await desk.office.rows(change)


async def test_a_lender_does_not_check_what_it_made(desk: Desk) -> None:
    drafted = (await desk.lender("harbour", "POST", "/mandates", LOOSER)).json()
    assert (await desk.decide("lender:harbour", drafted["approval_id"])).status_code == 403
    assert (await desk.decide("max", drafted["approval_id"])).status_code == 200


async def test_the_same_decision_twice_is_one_and_another_is_refused(desk: Desk) -> None:
    approval_id = (await desk.draft())["approval_id"]
    first, again = await desk.decide("max", approval_id), await desk.decide("max", approval_id)
    assert (first.status_code, again.json()) == (200, first.json())
    for who, verdict in (("max", "rejected"), ("lender:harbour", "approved")):
        refused = await desk.decide(who, approval_id, verdict)
        assert (refused.status_code, refused.json()["code"]) == (409, "already_decided")


async def test_what_nobody_decided_in_time_is_asked_anew(desk: Desk) -> None:
    drafted = await desk.draft()
    desk.office.advance(days=14)
    late = await desk.decide("max", drafted["approval_id"])
    assert (late.status_code, late.json()["code"]) == (409, "approval_expired")
    assert await expire_approvals(desk.office.worker.begin) == 1
    assert await expire_approvals(desk.office.worker.begin) == 0
    found = (await desk.staff("max", "GET", "/v1/approvals?status=expired")).json()["approvals"]
    assert [a["approval_id"] for a in found] == [drafted["approval_id"]]
    assert (await desk.staff("max", "GET", "/v1/mandates?status=rejected")).json()["mandates"] != []


async def test_a_moment_before_its_end_it_can_be_decided(desk: Desk) -> None:
    drafted = await desk.draft()
    desk.office.databases.clock.advance(timedelta(days=14) - timedelta(seconds=1))
    assert await expire_approvals(desk.office.worker.begin) == 0
    assert (await desk.decide("max", drafted["approval_id"])).status_code == 200


async def test_without_the_lenders_word_a_version_only_tightens(desk: Desk) -> None:
    case_id = await desk.office.take_on()
    placed = await desk.largest(case_id)
    ours = await desk.draft(grid=LOOSER["grid"])
    assert (await desk.decide("max", ours["approval_id"])).status_code == 200
    assert await desk.largest(case_id) == placed
    theirs = await desk.draft(grid=LOOSER["grid"])
    assert (await desk.decide("lender:harbour", theirs["approval_id"])).json()["decided_role"] == "lender"
    assert await desk.largest(case_id) > placed


async def test_another_lender_sees_and_decides_nothing_of_this_one(desk: Desk) -> None:
    drafted = await desk.draft()
    assert (await desk.decide("lender:rival", drafted["approval_id"])).status_code == 404
    for path, name in (("/approvals", "approvals"), ("/mandates", "mandates")):
        assert (await desk.lender("rival", "GET", path)).json()[name] == []
        assert len((await desk.lender("harbour", "GET", path)).json()[name]) == 1
    assert (await desk.lender("rival", "POST", f"/mandates/{drafted['mandate_id']}/retire")).status_code == 404


async def test_row_level_security_keeps_lenders_apart_below_the_code(desk: Desk) -> None:
    await desk.draft()
    database = desk.office.databases.api
    for tenant, seen in ((None, 0), (str(RIVAL_FINANCE), 0), (str(HARBOUR_CREDIT), 1)):
        async with database.transaction(tenant=tenant) as transaction:
            driver = await transaction.driver()
            for table in ("approvals", "mandate_versions"):
                assert await driver.fetchval(f"SELECT count(*) FROM {table}") == seen


async def test_a_borrowers_case_is_decided_by_its_own_lenders_versions(desk: Desk) -> None:
    case_id = await desk.office.take_on()
    await desk.decide("max", (await desk.draft())["approval_id"])
    state = desk.office.transport.app.state  # type: ignore[attr-defined]  # a FastAPI app, typed as any ASGI app
    async with state.resources.begin(case_id) as work:
        assert set(await work.mandates.approved([HARBOUR_CREDIT])) == {HARBOUR_CREDIT}
    async with state.resources.begin(uuid4()) as work:
        assert await work.mandates.approved([HARBOUR_CREDIT]) == {}


async def test_unsigned_unknown_and_unanswered_are_told_apart(desk: Desk) -> None:
    assert (await desk.office.api.get("/v1/lender/approvals")).status_code == 401
    assert (await desk.lender("nobody", "GET", "/approvals")).status_code == 401
    desk.keys.is_away = True
    assert (await desk.lender("harbour", "GET", "/approvals")).status_code == 503


async def test_all_faults_of_a_draft_are_said_at_once(desk: Desk) -> None:
    rows = [{"largest": {"principal": 100}}, {"largest": {"principal": 200}, "stage": "late"}]
    body = {**TIGHTER, "grid": rows, "term_months_max": 121, "frequencies": [], "effective_to": "2026-01-01"}
    answer = await desk.lender("harbour", "POST", "/mandates", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "mandate_unusable")
    assert {error["code"] for error in answer.json()["errors"]} == {
        "rows_overlap",
        "term_out_of_range",
        "no_frequency",
        "ends_before_it_begins",
    }


async def test_pages_go_on_where_the_last_one_ended(desk: Desk) -> None:
    drafted = [(await desk.draft())["mandate_id"] for _ in range(5)]
    found, cursor = [], ""
    for _ in range(3):
        page = (await desk.staff("max", "GET", f"/v1/mandates?limit=2{cursor}")).json()
        found += [mandate["mandate_id"] for mandate in page["mandates"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert (found, page["next_cursor"]) == (drafted, None)


async def test_a_tighter_version_withdraws_the_offers_above_it(desk: Desk) -> None:
    office = desk.office
    case_id = await office.take_on()
    before = {offer["kind"] for offer in (await office.see(case_id))["offers"]}
    assert before == {"instalments", "lump_sum"}
    drafted = await desk.draft(grid=[{"largest": {}}], effective_from=str(office.now.date()))
    await desk.decide("max", drafted["approval_id"])
    assert await recheck_offers(office.worker.begin) == 1
    assert await recheck_offers(office.worker.begin) == 0
    office.advance(days=1)
    assert await recheck_offers(office.worker.begin) == 1
    assert await recheck_offers(office.worker.begin) == 0
    left = await office.rows("SELECT kind, discount_minor_units d FROM offers WHERE status = 'proposed'")
    assert left
    assert all(row["d"] == 0 for row in left)


async def test_what_is_above_a_new_mandate_cannot_be_accepted_before_it_is_withdrawn(desk: Desk) -> None:
    office = desk.office
    case_id = await office.take_on()
    offers = {offer["terms"]["form"]: offer for offer in (await office.see(case_id))["offers"]}
    await desk.decide("max", (await desk.draft(grid=[{"largest": {}}]))["approval_id"])
    refused = await office.accept(case_id, offers["lump_sum"])
    assert (refused.status_code, refused.json()["code"]) == (409, "offer_ended")
    assert (await office.accept(case_id, offers["level"])).status_code == 200


async def test_a_version_of_tomorrow_is_looked_at_tomorrow(desk: Desk) -> None:
    office = desk.office
    await office.take_on()
    drafted = await desk.draft(effective_from=str(office.now.date() + timedelta(days=1)))
    await desk.decide("max", drafted["approval_id"])
    assert await recheck_offers(office.worker.begin) == 0
    office.advance(days=1)
    assert await recheck_offers(office.worker.begin) == 1


async def test_the_lenders_order_and_grace_count_for_cases_here_and_to_come(desk: Desk) -> None:
    office = desk.office
    before = await office.take_on()
    first = (await office.see(before))["offers"]
    order = ["principal", "interest", "fees"]
    body = {**TIGHTER, "allocation_order": order, "grace_days": 5, "term_months_max": 24, "instalment_min": 0}
    drafted = (await desk.lender("harbour", "POST", "/mandates", body)).json()
    await desk.decide("max", drafted["approval_id"])
    assert await recheck_offers(office.worker.begin) == 1
    assert (await office.accept(before, first[0])).status_code == 409
    for case_id in (before, await office.take_on()):
        assert {offer["terms"]["grace_days"] for offer in (await office.see(case_id))["offers"]} == {5}
        async with office.worker.begin() as work:
            assert (await work.cases.read(case_id)).mandate.allocation_order == tuple(order)


async def test_only_the_lender_takes_its_word_back(desk: Desk) -> None:
    drafted = (await desk.lender("harbour", "POST", "/mandates", TIGHTER)).json()
    await desk.decide("max", drafted["approval_id"])
    path = f"/mandates/{drafted['mandate_id']}/retire"
    assert (await desk.staff("lena", "POST", f"/v1{path}")).status_code == 403
    assert (await desk.lender("harbour", "POST", path)).json()["status"] == "retired"
    assert (await desk.lender("harbour", "POST", path)).status_code == 200


def outline(balance: int, discount: int, **changes: Any) -> dict[str, Any]:
    due_on = "2026-03-20"
    return {
        "kind": "lump_sum",
        "total": balance - discount,
        "discount": discount,
        "count": 1,
        "first_due_on": due_on,
        **changes,
    }


async def ask(desk: Desk, who: str, case_id: UUID, wanted: dict[str, Any]) -> httpx.Response:
    return await desk.staff(who, "POST", "/v1/approvals", {"case_id": str(case_id), "outline": wanted})


async def test_a_discount_above_the_mandate_needs_the_lenders_word(desk: Desk) -> None:
    case_id = await desk.office.take_on()
    asked = await ask(desk, "max", case_id, outline(125_500, 60_000))
    approval = asked.json()["approval"]
    assert (asked.status_code, approval["reasons"], approval["deciders"]) == (
        201,
        ["discount_above_mandate"],
        ["lender"],
    )
    assert (await ask(desk, "tim", case_id, outline(125_500, 60_000))).json()["code"] == "already_asked"
    assert (await desk.decide("lena", approval["approval_id"])).status_code == 403
    assert (await desk.decide("lender:harbour", approval["approval_id"])).status_code == 200
    await desk.decide("max", (await desk.draft())["approval_id"])
    await recheck_offers(desk.office.worker.begin)
    offers = (await desk.office.see(case_id))["offers"]
    [offer] = [o for o in offers if o["terms"]["discount"] == 60_000]
    assert [reason["code"] for reason in offer["reasons"]] == ["approved_by_lender"]
    assert (await desk.office.accept(case_id, offer)).status_code == 200


async def test_a_plan_above_what_is_affordable_needs_a_name(desk: Desk) -> None:
    case_id = await desk.office.take_on(affordable_monthly=20_000)
    wanted = outline(125_500, 0, kind="instalments", count=5)
    asked = (await ask(desk, "ann", case_id, wanted)).json()["approval"]
    assert (asked["kind"], asked["reasons"]) == ("plan_above_affordable", ["above_affordable_amount"])
    assert (await desk.decide("lender:harbour", asked["approval_id"])).status_code == 403
    assert (await desk.decide("tim", asked["approval_id"])).json()["decided_by"] == "tim"
    rejected = (await ask(desk, "ann", case_id, {**wanted, "count": 4})).json()["approval"]
    assert (await desk.decide("tim", rejected["approval_id"], "rejected")).status_code == 200
    put = await desk.office.rows("SELECT instalment_count c FROM offers WHERE status = 'proposed'")
    assert [row["c"] for row in put] == [5]


async def test_within_ones_authority_an_offer_is_put_at_once(desk: Desk) -> None:
    authorities = [{"role": "team_lead", "discount_max_basis_points": 300, "term_months_max": 12}]
    await desk.decide("max", (await desk.draft(authorities=authorities))["approval_id"])
    case_id = await desk.office.take_on()
    below, above = 3_765, 3_766  # 3 % of 1,255.00
    assert (await ask(desk, "tim", case_id, outline(125_500, below))).json()["offer"] is not None
    asked = (await ask(desk, "tim", case_id, outline(125_500, above))).json()["approval"]
    assert (asked["reasons"], asked["deciders"]) == (["above_authority"], ["lender"])
    assert (await ask(desk, "ann", case_id, outline(125_500, 100))).json()["approval"]["deciders"] == [
        "team_lead",
        "lender",
    ]


async def test_an_outline_of_another_balance_is_refused(desk: Desk) -> None:
    case_id = await desk.office.take_on()
    refused = await ask(desk, "max", case_id, outline(125_499, 0))
    assert (refused.status_code, refused.json()["code"]) == (409, "offer_ended")


async def test_staff_see_which_cap_holds_and_that_terms_are_fair(desk: Desk) -> None:
    case_id = await desk.office.take_on()
    await desk.office.see(case_id)
    seen = (await desk.staff("ann", "GET", f"/v1/cases/{case_id}/fairness")).json()
    cap = seen["cap"]
    assert (cap["kind"], cap["rule"], "lender_kind_unknown" in cap["notes"]) == ("cap", "us.ny.civil", True)
    assert seen["is_contract_above_cap"] is (seen["contract_rate_basis_points"] > 1_600)
    assert seen["offers"]
    assert [offer["faults"] for offer in seen["offers"]] == [[]] * len(seen["offers"])
