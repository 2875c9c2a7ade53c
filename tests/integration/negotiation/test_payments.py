"""Payments at a provider: reserved before they are begun, booked once, whatever the notices do."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import orjson
import pytest

from services.negotiation.application import settle_payments as settling
from services.negotiation.application import start_payment as starting
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.service.faults import InjectedFault
from tests.integration.negotiation.cashier import Cashier
from tests.integration.negotiation.office import STAFF

OWED = 125_500
TODAY = date(2026, 3, 2)


def crash_at(monkeypatch: pytest.MonkeyPatch, module: object, place: str) -> None:
    def fault(visited: str) -> None:
        if visited == place:
            raise InjectedFault(place)

    monkeypatch.setattr(module, "fault_point", fault)


async def test_a_payment_is_booked_when_the_provider_says_so(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    payment = await cashier.begun(case_id, 20_000, return_path="/me/payments")
    page = await cashier.outside.get(payment["address"])
    assert page.status_code == 200
    assert "200.00 USD" in page.text
    assert "<script" not in page.text
    assert (await cashier.payment(case_id, payment["payment_id"]))["state"] == "started"
    response = await cashier.press(payment)
    assert response.headers["location"] == f"{cashier.url}/me/payments"
    await cashier.settle()
    assert (await cashier.payment(case_id, payment["payment_id"]))["state"] == "paid"
    [posted] = await cashier.office.said(PaymentPosted, case_id)
    assert (posted.amount, posted.paid_to, posted.received_on) == (20_000, "agency", TODAY)
    assert await cashier.balance(case_id) == OWED - 20_000
    assert await cashier.book() == {"in_transit": 20_000, "cases": -20_000}
    await cashier.office.assert_books_are_right()


@pytest.mark.parametrize("code", ["twice", "held", "lost"])
async def test_a_notice_that_comes_twice_or_late_or_never_books_once(cashier: Cashier, code: str) -> None:
    case_id = await cashier.office.take_on()
    payment_id = await cashier.pay(case_id, 20_000, code)
    if code == "held":
        assert await cashier.balance(case_id) == OWED
        await cashier.hook(payment_id, "release")
    cashier.office.advance(minutes=11)
    await cashier.sweep()
    await cashier.settle()
    assert await cashier.balance(case_id) == OWED - 20_000
    assert len(await cashier.office.said(PaymentPosted, case_id)) == 1


@pytest.mark.parametrize("code", ["charged_back", "reordered"])
async def test_a_chargeback_takes_the_payment_back_in_whatever_order(cashier: Cashier, code: str) -> None:
    case_id = await cashier.office.take_on()
    payment_id = await cashier.pay(case_id, 20_000, code)
    assert await cashier.balance(case_id) == OWED
    assert (await cashier.payment(case_id, payment_id))["state"] == "charged_back"
    [reversed_] = await cashier.office.said(PaymentReversed, case_id)
    assert reversed_.payment_id == payment_id
    assert await cashier.book() == {}
    await cashier.office.assert_books_are_right()


async def test_a_later_chargeback_takes_the_payment_back_once(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    payment_id = await cashier.pay(case_id, 20_000)
    for _ in range(2):
        await cashier.hook(payment_id, "charge-back")
        await cashier.settle()
    assert await cashier.balance(case_id) == OWED
    assert len(await cashier.office.said(PaymentReversed, case_id)) == 1


@pytest.mark.parametrize("code", ["other_amount", "other_currency"])
async def test_a_notice_that_differs_books_nothing_and_is_shown_to_staff(cashier: Cashier, code: str) -> None:
    case_id = await cashier.office.take_on()
    await cashier.pay(case_id, 20_000, code)
    assert await cashier.balance(case_id) == OWED
    seen = await cashier.office.api.get("/v1/payment-notices", headers=STAFF)
    assert [n["verdict"] for n in seen.json()["notices"]] == [code.replace("other_", "") + "_differs"]


async def test_a_declined_payment_may_still_be_paid_later_and_money_counts(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    payment = await cashier.begun(case_id, 20_000)
    await cashier.press(payment, "decline")
    await cashier.settle()
    assert (await cashier.payment(case_id, payment["payment_id"]))["state"] == "declined"
    assert (await cashier.notice(_notice(payment["payment_id"], "succeeded", 20_000))).status_code == 202
    await cashier.settle()
    assert await cashier.balance(case_id) == OWED - 20_000


async def test_a_forged_or_unknown_notice_is_refused(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    payment = await cashier.begun(case_id, 20_000)
    body = _notice(payment["payment_id"], "succeeded", 20_000)
    assert (await cashier.notice(body, secret=b"guessed")).status_code == 401
    assert (await cashier.office.api.post("/v1/payment-notices", content=body)).status_code == 401
    assert (await cashier.notice(_notice(str(uuid4()), "succeeded", 20_000))).status_code == 404
    assert (await cashier.notice(b"{}")).status_code == 422
    assert (await cashier.notice(b"x" * 20_000)).status_code == 401
    await cashier.settle()
    assert await cashier.balance(case_id) == OWED


@pytest.mark.parametrize("place", ["negotiation.payment_reserved", "negotiation.payment_begun"])
async def test_a_crash_around_the_call_is_resolved_by_asking(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    case_id = await cashier.office.take_on()
    crash_at(monkeypatch, starting, place)
    key = uuid4().hex
    with pytest.raises(InjectedFault):
        await cashier.begin(case_id, key=key, purpose="amount", amount=20_000)
    monkeypatch.undo()
    cashier.office.advance(seconds=31)
    assert await cashier.sweep() == 1
    response = await cashier.begin(case_id, key=key, purpose="amount", amount=20_000)
    payment = response.json()
    assert payment["state"] == "started"
    await cashier.press(payment)
    await cashier.settle()
    assert await cashier.balance(case_id) == OWED - 20_000
    assert len(await cashier.office.rows("SELECT 1 FROM sandbox_payments")) == 1


@pytest.mark.parametrize("place", ["negotiation.before_settled", "negotiation.after_settled"])
async def test_a_crash_around_the_booking_books_once(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    case_id = await cashier.office.take_on()
    payment = await cashier.begun(case_id, 20_000)
    await cashier.press(payment)
    crash_at(monkeypatch, settling, place)
    with pytest.raises(InjectedFault):
        await cashier.settle()
    monkeypatch.undo()
    await cashier.settle()
    assert await cashier.balance(case_id) == OWED - 20_000
    assert len(await cashier.office.said(PaymentPosted, case_id)) == 1


async def test_an_answer_that_was_lost_begins_no_second_payment(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    key = uuid4().hex
    first = await cashier.begin(case_id, key=key, purpose="amount", amount=20_913)
    assert first.status_code == 429
    second = await cashier.begin(case_id, key=key, purpose="amount", amount=20_913)
    assert second.status_code == 201, second.text
    assert len(await cashier.office.rows("SELECT 1 FROM payment_intents")) == 1
    assert (await cashier.begin(case_id, key=key, purpose="amount", amount=20_914)).status_code == 422


async def test_a_payment_that_nobody_made_expires(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    payment = await cashier.begun(case_id, 20_000)
    away = await cashier.begin(case_id, purpose="amount", amount=20_912)
    assert away.status_code == 429
    for _ in range(40):
        cashier.office.advance(hours=1)
        await cashier.sweep()
    states = await cashier.office.rows("SELECT payment_id, state, due_at FROM payment_intents")
    assert [row["state"] for row in states if str(row["payment_id"]) == payment["payment_id"]] == ["expired"]
    assert {row["state"] for row in states} == {"expired"}
    assert (await cashier.press(payment)).status_code == 303
    await cashier.settle()
    assert await cashier.balance(case_id) == OWED


@pytest.mark.parametrize(
    ("amount", "code"),
    [(OWED + 1, "more_than_owed"), (99, "amount_too_small")],
)
async def test_no_more_than_is_owed_and_no_less_than_one_unit(cashier: Cashier, amount: int, code: str) -> None:
    case_id = await cashier.office.take_on()
    refused = await cashier.begin(case_id, purpose="amount", amount=amount)
    assert refused.status_code == 422
    assert [r["code"] for r in refused.json()["errors"]] == [code]
    for fits in (OWED, 100):
        assert (await cashier.begin(case_id, purpose="amount", amount=fits)).status_code == 201


async def test_an_instalment_and_the_whole_are_what_the_plan_and_the_balance_say(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    no_plan = await cashier.begin(case_id, purpose="instalment")
    assert [r["code"] for r in no_plan.json()["errors"]] == ["instalment_not_due"]
    plan = await cashier.office.agree(case_id, "instalments")
    first = (await cashier.begin(case_id, purpose="instalment")).json()
    assert (first["instalment_number"], first["amount"]) == (1, plan["instalments"][0]["amount"])
    whole = (await cashier.begin(case_id, purpose="whole")).json()
    assert whole["amount"] <= OWED
    assert (await cashier.press(whole)).status_code == 303
    await cashier.settle()
    nothing = await cashier.begin(case_id, purpose="whole")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing_owed")


async def test_a_receipt_says_what_was_paid(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    payment_id = await cashier.pay(case_id, 20_000)
    headers = await cashier.office.enter(case_id)
    receipt = (await cashier.office.api.get(f"/v1/borrower/receipts/{payment_id}", headers=headers)).json()
    assert (receipt["amount"], receipt["balance_now"], receipt["paid_to"]) == (20_000, OWED - 20_000, "agency")
    other = await cashier.office.take_on()
    stranger = await cashier.office.enter(other)
    for place in ("receipts", "payments"):
        assert (await cashier.office.api.get(f"/v1/borrower/{place}/{payment_id}", headers=stranger)).status_code == 404


def _notice(payment_id: UUID | str, kind: str, amount: int) -> bytes:
    return orjson.dumps(
        {
            "notice_id": uuid4().hex,
            "payment_id": str(payment_id),
            "kind": kind,
            "amount": amount,
            "currency": "USD",
            "occurred_at": "2026-03-02T15:00:00+00:00",
        }
    )
