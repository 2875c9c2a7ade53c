"""The validation notice of American cases: by itself, in time, once, and again where it came back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from deploy.sandbox.due import DUE
from services.outreach.application.apply_holds import apply_hold
from services.outreach.application.provide_validation import provide_validation
from services.outreach.application.record_receipts import record_receipts
from shared.events.payment_posted import PaymentPosted
from shared.events.terms import Balance
from shared.kernel.identifiers import new_id
from shared.service.faults import InjectedFault
from tests.integration.outreach.desk import Desk
from tests.support.events import HARBOUR_CREDIT, case_received

NOTICE = "validation_notice_letter"


async def contacted(desk: Desk, **changes: Any) -> UUID:
    """A case whose first mail has left; the person has a postal address as well."""
    mail = case_received().contact_points[0]
    letterbox = mail.model_copy(update={"contact_point_id": new_id(), "kind": "postal", "place": "home"})
    case_id = await desk.open_case(contact_points=(mail, letterbox), **changes)
    await desk.sweep()
    return case_id


async def notices(desk: Desk) -> list[dict[str, Any]]:
    return [row for row in await desk.attempts() if row["template"].startswith(NOTICE)]


async def row_of(desk: Desk) -> dict[str, Any]:
    (row,) = await desk.rows("SELECT * FROM validation_notices")
    return row


async def settle_all(desk: Desk) -> None:
    for _ in range(3):
        await provide_validation(desk.resources)


async def test_the_first_communication_brings_the_notice_and_only_once(desk: Desk) -> None:
    """12 CFR 1006.34(a)(1)(i)(B), (b)(5)."""
    await contacted(desk)
    assert (await row_of(desk))["initial_at"] is not None
    await settle_all(desk)
    (notice,) = await notices(desk)
    assert (notice["channel"], notice["outcome"]) == ("letter", "delivered")
    text = desk.carriers.texts[notice["attempt_id"]].text
    assert "Harbour Credit" in text
    assert "4471" in text
    assert "9 April 2026" in text
    row = await row_of(desk)
    assert row["provided_at"] == notice["handed_over_at"]
    assert (row["received_on"], row["period_ends_on"]) == (date(2026, 3, 10), date(2026, 4, 9))
    assert row["due_at"] is None
    desk.databases.clock.advance(timedelta(days=3))
    assert await provide_validation(desk.resources) == 0
    assert len(await notices(desk)) == 1


async def test_what_was_provided_is_a_fact_for_the_gate_and_dates_disputes(desk: Desk) -> None:
    case_id = await contacted(desk)
    await settle_all(desk)
    async with desk.resources.begin() as work:
        file = (await work.files.load([case_id]))[case_id]
        ends_on = await work.validations.period_end(case_id)
    known = file.facts(None).validation
    assert known is not None
    assert (known.received_on, known.period_ends_on, known.dispute) == (date(2026, 3, 10), date(2026, 4, 9), None)
    assert ends_on == known.period_ends_on


@pytest.mark.parametrize("outcome", ["failed", "no_answer", "not_connected"])
async def test_what_reached_nobody_is_no_communication(desk: Desk, outcome: str) -> None:
    desk.carriers.outcome = outcome
    await contacted(desk)
    assert (await row_of(desk))["due_at"] is None


async def test_cases_elsewhere_have_no_such_notice(desk: Desk) -> None:
    await contacted(desk, jurisdiction="GB", region=None)
    assert not await desk.rows("SELECT * FROM validation_notices")


async def test_a_vault_that_is_away_delays_the_notice_and_loses_nothing(desk: Desk) -> None:
    await contacted(desk)
    desk.vault.is_away = True
    assert await provide_validation(desk.resources) == 1
    assert await provide_validation(desk.resources) == 0
    desk.vault.is_away = False
    desk.databases.clock.advance(timedelta(minutes=5))
    await settle_all(desk)
    assert len(await notices(desk)) == 1


async def test_a_letter_that_came_back_was_not_provided_and_goes_out_again(desk: Desk) -> None:
    """12 CFR 1006.42(a), comment 34(b)(5)-2."""
    desk.carriers.outcome = "sent"
    await contacted(desk)
    await settle_all(desk)
    (first,) = await notices(desk)
    desk.databases.clock.advance(timedelta(days=8))
    await record_receipts(desk.resources, [(first["attempt_id"], "failed")])
    await settle_all(desk)
    second = (await notices(desk))[-1]
    assert second["attempt_id"] != first["attempt_id"]
    row = await row_of(desk)
    assert (row["attempt_id"], row["tries"]) == (second["attempt_id"], 1)
    assert row["provided_at"] == second["handed_over_at"]


async def test_three_letters_that_came_back_are_left_to_people(desk: Desk) -> None:
    await contacted(desk)
    desk.carriers.outcome = "failed"
    for _ in range(6):
        await settle_all(desk)
        desk.databases.clock.advance(timedelta(days=1))
    assert len(await notices(desk)) == 3
    row = await row_of(desk)
    assert (row["closed_because"], row["due_at"], row["provided_at"]) == ("came_back", None, None)


async def test_what_was_paid_since_placement_is_shown_and_adds_up(desk: Desk) -> None:
    case_id = await contacted(desk)
    owed = case_received().balance
    paid = 2_500
    await desk.deliver(
        PaymentPosted(
            case_id=case_id,
            creditor_id=HARBOUR_CREDIT,
            payment_id=new_id(),
            plan_id=None,
            currency="USD",
            amount=paid,
            allocated=Balance(fees=0, interest=0, principal=paid),
            overpaid=0,
            balance=owed.model_copy(update={"principal": owed.principal - paid}),
            received_on=date(2026, 3, 2),
            posted_at=desk.now,
        )
    )
    await settle_all(desk)
    (notice,) = await notices(desk)
    text = desk.carriers.texts[notice["attempt_id"]].text
    assert "payments since then  $25.00" in text
    assert "interest since then  $0.00" in text


async def test_a_hold_keeps_the_notice_due_and_its_end_lets_it_out(desk: Desk) -> None:
    case_id = await contacted(desk)
    hold = await apply_hold(desk.resources, case_id, "hardship", desk.now + timedelta(days=2))
    assert hold is not None
    await settle_all(desk)
    assert not await notices(desk)
    desk.databases.clock.advance(timedelta(days=2))
    await settle_all(desk)
    assert len(await notices(desk)) == 1


async def test_a_closed_case_needs_no_notice(desk: Desk) -> None:
    case_id = await contacted(desk)
    await desk.run("UPDATE cases SET status = 'recalled' WHERE case_id = $1", case_id)
    await settle_all(desk)
    assert (await row_of(desk))["closed_because"] == "case_ended"


async def test_a_process_that_dies_sends_it_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(point: str) -> None:
        if point == "outreach.after_reserve":
            raise InjectedFault(point)

    await contacted(desk)
    with monkeypatch.context() as broken:
        broken.setattr("services.outreach.application.provide_validation.fault_point", die)
        with pytest.raises(InjectedFault):
            await provide_validation(desk.resources)
    desk.databases.clock.advance(timedelta(hours=1))
    await desk.run("UPDATE attempts SET lease_until = now() - interval '1 second' WHERE state = 'reserved'")
    await desk.recover()
    await settle_all(desk)
    assert len(await notices(desk)) == 1
    assert (await row_of(desk))["provided_at"] is not None


async def test_the_sandbox_knows_that_a_notice_is_due(desk: Desk) -> None:
    await contacted(desk)
    due = {row["what"]: row["n"] for row in await desk.rows(DUE["outreach"], desk.now)}
    assert due["validation notices"] == 1
    await settle_all(desk)
    due = {row["what"]: row["n"] for row in await desk.rows(DUE["outreach"], desk.now + timedelta(days=40))}
    assert due["validation notices"] == 0


async def test_the_licence_and_what_was_tried_by_telephone_are_facts(desk: Desk) -> None:
    case_id = await contacted(desk, jurisdiction="SG", region=None)
    async with desk.resources.begin() as work:
        facts = (await work.files.load([case_id]))[case_id].facts(None)
    assert facts.licence_until == date(2099, 12, 31)
    assert facts.reachability is not None
    assert facts.reachability.failed_on == ()
