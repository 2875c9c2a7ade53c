"""Refunds out: never more than was too much, never by one person alone, never twice, whatever crashes."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from services.negotiation.application import send_refunds as sending
from shared.events.books_adjusted import BooksAdjusted
from shared.service.faults import InjectedFault
from tests.integration.negotiation.cashier import MEI, OMAR, Cashier
from tests.integration.negotiation.office import payment
from tests.unit.negotiation.bank_files import File, Line, camt

OWED = 125_500


async def overpaid(cashier: Cashier, code: str = "") -> tuple[UUID, UUID]:
    """A borrower who paid 50.00 at the provider while the creditor reported the whole debt as paid."""
    case_id = await cashier.office.take_on()
    begun = await cashier.begun(case_id, 5_000)
    await cashier.office.hear(payment(case_id, OWED, date(2026, 3, 2)))
    await cashier.press(begun, code=code)
    await cashier.settle()
    return case_id, UUID(begun["payment_id"])


async def ask(cashier: Cashier, case_id: UUID, payment_id: UUID, **body: Any) -> Any:
    return await cashier.post("/refund-orders", MEI, case_id=str(case_id), payment_id=str(payment_id), **body)


async def agreed(cashier: Cashier, case_id: UUID, payment_id: UUID) -> str:
    asked = await ask(cashier, case_id, payment_id)
    assert asked.status_code == 200, asked.text
    path = f"/refund-orders/{asked.json()['refund_id']}/decision"
    assert (await cashier.post(path, MEI, agree=True)).status_code == 403
    assert (await cashier.post(path, OMAR, agree=True)).status_code == 200
    return str(asked.json()["refund_id"])


async def state_of(cashier: Cashier, refund_id: str) -> tuple[str, int]:
    [row] = await cashier.office.rows(
        "SELECT r.state, c.overpaid_minor_units FROM refund_orders r JOIN cases c USING (case_id) WHERE refund_id = $1",
        UUID(refund_id),
    )
    return row["state"], row["overpaid_minor_units"]


async def test_what_was_too_much_goes_back_the_way_it_came(cashier: Cashier) -> None:
    case_id, payment_id = await overpaid(cashier)
    refund_id = await agreed(cashier, case_id, payment_id)
    await cashier.send_refunds()
    assert await state_of(cashier, refund_id) == ("settled", 0)
    assert await cashier.book() == {}
    assert (await ask(cashier, case_id, payment_id)).status_code == 409
    await cashier.office.assert_books_are_right()


async def test_no_more_is_refunded_than_was_too_much(cashier: Cashier) -> None:
    case_id, payment_id = await overpaid(cashier)
    assert (await ask(cashier, case_id, payment_id, amount=5_001)).status_code == 409
    assert (await ask(cashier, case_id, payment_id, amount=3_000)).status_code == 200
    assert (await ask(cashier, case_id, payment_id, amount=2_001)).status_code == 409
    assert (await ask(cashier, case_id, payment_id, amount=2_000)).status_code == 200
    assert (await ask(cashier, case_id, uuid4())).status_code == 404


async def test_the_borrower_may_ask_and_the_same_key_asks_once(cashier: Cashier) -> None:
    case_id, payment_id = await overpaid(cashier)
    headers = {"Idempotency-Key": "one", **await cashier.office.enter(case_id)}
    body = {"payment_id": str(payment_id)}
    answers = [await cashier.office.api.post("/v1/borrower/refunds", json=body, headers=headers) for _ in range(2)]
    assert answers[0].status_code == 200
    assert answers[0].content == answers[1].content
    waiting = (await cashier.office.api.get("/v1/refund-orders", headers=MEI)).json()["refunds"]
    assert [(r["amount"], r["asked_by"], r["state"]) for r in waiting] == [(5_000, "borrower", "requested")]


async def test_a_refund_that_the_provider_refuses_is_overpaid_again(cashier: Cashier) -> None:
    case_id, payment_id = await overpaid(cashier, "refund_fails")
    refund_id = await agreed(cashier, case_id, payment_id)
    await cashier.send_refunds()
    assert await state_of(cashier, refund_id) == ("failed", 5_000)
    await cashier.office.assert_books_are_right()


@pytest.mark.parametrize("place", ["negotiation.refund_reserved", "negotiation.refund_sent"])
async def test_a_crash_around_the_call_sends_once(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    case_id, payment_id = await overpaid(cashier)
    refund_id = await agreed(cashier, case_id, payment_id)

    def fault(visited: str) -> None:
        if visited == place:
            raise InjectedFault(place)

    monkeypatch.setattr(sending, "fault_point", fault)
    with pytest.raises(InjectedFault):
        await cashier.send_refunds()
    monkeypatch.undo()
    await cashier.send_refunds()
    assert await state_of(cashier, refund_id) == ("sending", 0)
    cashier.office.advance(seconds=61)
    await asyncio.gather(cashier.send_refunds(), cashier.send_refunds())
    assert await state_of(cashier, refund_id) == ("settled", 0)
    [kept] = await cashier.office.rows("SELECT state -> 'refunds' AS refunds FROM sandbox_payments")
    assert [r["state"] for r in kept["refunds"].values()] == ["refunded"]


async def test_a_payment_taken_back_before_the_refund_left_is_not_refunded(cashier: Cashier) -> None:
    case_id, payment_id = await overpaid(cashier)
    refund_id = await agreed(cashier, case_id, payment_id)
    await cashier.hook(payment_id, "charge-back")
    await cashier.settle()
    await cashier.send_refunds()
    assert (await state_of(cashier, refund_id))[0] == "failed"
    await cashier.office.assert_books_are_right()


async def test_a_transfer_is_refunded_by_transfer_and_settled_by_the_statement(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    reference = await cashier.reference(case_id)
    await cashier.office.hear(payment(case_id, OWED, date(2026, 3, 2)))
    await cashier.upload(camt(File((Line(5_000, "B1", reference),))))
    [row] = await cashier.office.rows("SELECT allocation_id FROM bank_allocations")
    refund_id = await agreed(cashier, case_id, row["allocation_id"])
    await cashier.send_refunds()
    drawn = await cashier.post("/transfer-files", MEI)
    file = await cashier.office.api.get(f"/v1/transfer-files/{drawn.json()['file_id']}", headers=MEI)
    assert UUID(refund_id).hex in file.text
    assert await state_of(cashier, refund_id) == ("sending", 0)
    back = Line(5_000, "B2", "refund", "DBIT", end_to_end=UUID(refund_id).hex)
    await cashier.upload(camt(File((back,), number="2")))
    assert await state_of(cashier, refund_id) == ("settled", 0)
    assert await cashier.book() == {}
    await cashier.office.assert_books_are_right()


async def withdrawn(cashier: Cashier, refund: str = "asked") -> tuple[UUID, UUID]:
    """A plan of instalments, 50.00 paid to us and 30.00 to the creditor, and then the borrower's withdrawal."""
    case_id = await cashier.office.take_on()
    plan = await cashier.office.agree(case_id, "instalments")
    payment_id = await cashier.pay(case_id, 5_000)
    await cashier.office.pay(case_id, 3_000, date(2026, 3, 2))
    headers = {**await cashier.office.enter(case_id), "Idempotency-Key": uuid4().hex}
    path = f"/v1/borrower/plans/{plan['plan_id']}/withdraw"
    for _ in range(2):
        answer = await cashier.office.api.post(path, json={"refund": refund}, headers=headers)
        assert answer.status_code == 200, answer.text
    return case_id, payment_id


async def test_a_withdrawal_gives_back_what_we_hold_and_tells_what_the_creditor_has(cashier: Cashier) -> None:
    case_id, payment_id = await withdrawn(cashier)
    [order] = (await cashier.office.api.get("/v1/refund-orders", headers=MEI)).json()["refunds"]
    told = (order["payment_id"], order["amount"], order["reason"], order["asked_by"])
    assert told == (str(payment_id), 5_000, "cooling_off", "withdrawal")
    assert await _where_it_lies(cashier) == (5_000, 0, 3_000)
    assert (await ask(cashier, case_id, payment_id, reason="cooling_off")).status_code == 409, "asked for already"
    assert await cashier.balance(case_id) == OWED - 8_000
    decided = await cashier.post(f"/refund-orders/{order['refund_id']}/decision", OMAR, agree=True)
    assert decided.status_code == 200, decided.text
    await cashier.send_refunds()
    assert await state_of(cashier, order["refund_id"]) == ("settled", 0)
    assert await cashier.balance(case_id) == OWED - 3_000
    assert await _where_it_lies(cashier) == (0, 5_000, 3_000)
    assert await cashier.book() == {}
    given = [said for said in await cashier.office.said(BooksAdjusted, case_id) if said.kind == "given_back"]
    assert [(said.amount, said.payment_id) for said in given] == [(5_000, payment_id)]
    await cashier.hook(payment_id, "charge-back")
    await cashier.settle()
    assert await cashier.balance(case_id) == OWED - 3_000, "taken back once more, it is owed by the payer and not again"
    await cashier.office.assert_books_are_right()


async def test_a_refund_that_staff_refuse_or_nobody_asked_for_leaves_the_money_on_the_debt(cashier: Cashier) -> None:
    case_id, payment_id = await withdrawn(cashier, "not_asked")
    assert (await cashier.office.api.get("/v1/refund-orders", headers=MEI)).json()["refunds"] == []
    assert (await ask(cashier, case_id, payment_id)).status_code == 409, "nothing of it was too much"
    asked = await ask(cashier, case_id, payment_id, reason="cooling_off")
    assert asked.json()["amount"] == 5_000
    path = f"/refund-orders/{asked.json()['refund_id']}/decision"
    assert (await cashier.post(path, OMAR, agree=False)).status_code == 200
    await cashier.send_refunds()
    assert await cashier.balance(case_id) == OWED - 8_000
    await cashier.office.assert_books_are_right()


async def test_cooling_off_gives_back_nothing_of_a_plan_that_runs(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    await cashier.office.agree(case_id, "instalments")
    payment_id = await cashier.pay(case_id, 5_000)
    assert (await ask(cashier, case_id, payment_id, reason="cooling_off")).status_code == 409


async def _where_it_lies(cashier: Cashier) -> tuple[int, int, int]:
    answer = await cashier.office.api.get("/v1/withdrawals/refunds", headers=MEI)
    [told] = answer.json()["withdrawals"]
    assert told["paid"] == 8_000
    return told["held"], told["returned"], told["at_creditor"]


async def test_a_hundred_notices_at_once_book_once(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    begun = await cashier.begun(case_id, 20_000)
    await cashier.press(begun, code="held")
    [row] = await cashier.office.rows("SELECT state -> 'notices' -> 0 AS notice FROM sandbox_payments")
    body = orjson.dumps(row["notice"])
    answers = await asyncio.gather(*(cashier.notice(body) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {202}
    await asyncio.gather(cashier.settle(), cashier.settle())
    assert await cashier.balance(case_id) == OWED - 20_000


async def test_bank_and_books_agree_at_the_end_of_the_day(cashier: Cashier) -> None:
    case_id = await cashier.office.take_on()
    await cashier.pay(case_id, 20_000)
    reference = await cashier.reference(case_id)
    lines = (Line(3_000, "B1", reference), Line(700, "B2", "whose is it"), Line(50, "B3", "fee", "DBIT"))
    await cashier.upload(camt(File(lines, opening=0)))
    [day] = await cashier.office.rows("SELECT * FROM trust_days")
    # The bank has 36.50: 30.00 for the case, 7.00 unknown, a fee of 0.50; 200.00 are still at the provider.
    assert day["closing_minor_units"] == 3_650
    assert day["closing_minor_units"] - day["unmatched_minor_units"] == 3_000 + 20_000
    [held] = await cashier.office.rows("SELECT sum(minor_units)::bigint AS held FROM postings WHERE account = 'trust'")
    assert held["held"] == 23_000
