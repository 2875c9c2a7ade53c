"""Reported payments: each taken once under the lender's reference, each announced once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.integration.intake.conftest import Intake, Lender
from tests.unit.intake.builders import rent_arrears


def _payment(**changes: Any) -> dict[str, Any]:
    return {
        "account_number": "HC-1001",
        "amount_minor_units": 5_000,
        "currency": "USD",
        "received_on": "2026-03-01",
        "reference": "P-1",
        **changes,
    }


async def _report(lender: Lender, *payments: dict[str, Any], key: str | None = None) -> list[dict[str, Any]]:
    response = await lender.post("/v1/payments", {"payments": list(payments)}, key=key)
    assert response.status_code == 200, response.text
    answers: list[dict[str, Any]] = response.json()["payments"]
    return answers


def _codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer.get("errors", [])]


@pytest.fixture
async def case_id(harbour: Lender) -> str:
    return await harbour.place_one(rent_arrears())


async def test_a_payment_is_announced_for_its_case(intake: Intake, harbour: Lender, case_id: str) -> None:
    by_account, by_case = await _report(
        harbour, _payment(), _payment(account_number=None, case_id=case_id, reference="P-2")
    )
    first, second = await intake.announced("payment.reported")
    assert (first["payment_id"], second["payment_id"]) == (by_account["payment_id"], by_case["payment_id"])
    assert {first["case_id"], second["case_id"]} == {case_id}
    assert (first["amount"], first["currency"], first["received_on"]) == (5_000, "USD", "2026-03-01")


async def test_the_same_reference_is_the_same_payment(intake: Intake, harbour: Lender, case_id: str) -> None:
    once, twice = await _report(harbour, _payment(), _payment())
    (again,) = await _report(harbour, _payment())
    assert once["payment_id"] == twice["payment_id"] == again["payment_id"]
    (other,) = await _report(harbour, _payment(amount_minor_units=5_001))
    assert _codes(other) == ["reference_reused"]
    assert len(await intake.announced("payment.reported")) == 1


async def test_a_hundred_reports_at_once_are_one_payment(intake: Intake, harbour: Lender, case_id: str) -> None:
    answers = await asyncio.gather(*(_report(harbour, _payment()) for _ in range(100)))
    assert len({answer[0]["payment_id"] for answer in answers}) == 1
    assert len(await intake.announced("payment.reported")) == 1


async def test_a_kept_answer_comes_back_with_its_references(harbour: Lender, case_id: str) -> None:
    reports = (_payment(), _payment(reference="P-2", currency="CNY"), _payment(reference="P-3", tip=1))
    assert await _report(harbour, *reports, key="day-1") == await _report(harbour, *reports, key="day-1")
    changed = await harbour.post("/v1/payments", {"payments": [_payment(reference="P-9")]}, key="day-1")
    assert changed.json()["code"] == "idempotency_key_reused"


async def test_bad_reports_do_not_stop_the_good_one(intake: Intake, harbour: Lender, case_id: str) -> None:
    answers = await _report(
        harbour,
        _payment(reference="A", amount_minor_units=0),
        _payment(reference="B", amount_minor_units=1.5),
        _payment(reference="C", account_number="HC-404"),
        _payment(reference="D", currency="CNY", received_on="2026-03-04"),
        _payment(reference="E", account_number=None),
        _payment(reference="F", case_id=case_id),
        _payment(reference="with space"),
        _payment(reference="G"),
    )
    assert [_codes(answer) for answer in answers] == [
        ["greater_than_equal"],
        ["int_type"],
        ["case_unknown"],
        ["currency_differs", "received_in_future"],
        ["value_error"],
        ["value_error"],
        ["string_pattern_mismatch"],
        [],
    ]
    assert [answer["reference"] for answer in answers][:6] == list("ABCDEF")
    assert len(await intake.announced("payment.reported")) == 1


async def test_a_reversal_takes_back_one_payment_once(intake: Intake, harbour: Lender, case_id: str) -> None:
    reversal = _payment(reference="R-1", reverses_reference="P-1")
    unknown, paid, taken_back = await _report(
        harbour, _payment(reference="R-0", reverses_reference="P-0"), _payment(), reversal
    )
    assert _codes(unknown) == ["reversed_payment_unknown"]
    again, twice, turned = await _report(
        harbour,
        reversal,
        _payment(reference="R-2", reverses_reference="P-1"),
        _payment(reference="R-3", reverses_reference="R-1"),
    )
    assert again["payment_id"] == taken_back["payment_id"]
    assert _codes(twice) == ["reversed_already"]
    assert _codes(turned) == ["reversal_of_reversal"]
    events = await intake.announced("payment.reported")
    assert [event["reverses_payment_id"] for event in events] == [None, paid["payment_id"]]


async def test_two_reversals_at_once_take_back_once(intake: Intake, harbour: Lender, case_id: str) -> None:
    await _report(harbour, _payment())
    answers = await asyncio.gather(
        *(_report(harbour, _payment(reference=f"R-{n}", reverses_reference="P-1")) for n in range(5))
    )
    assert sorted(_codes(answer) for (answer,) in answers) == [[]] + [["reversed_already"]] * 4
    assert len(await intake.announced("payment.reported")) == 2


async def test_money_for_a_recalled_case_is_taken_on_its_books(intake: Intake, harbour: Lender, case_id: str) -> None:
    await harbour.post(f"/v1/cases/{case_id}/recall", {"reason": "placed_in_error"})
    (answer,) = await _report(harbour, _payment())
    assert "payment_id" in answer
    second_case = await harbour.place_one(rent_arrears())
    (again, new) = await _report(harbour, _payment(), _payment(reference="P-2"))
    assert again["payment_id"] == answer["payment_id"]
    assert "payment_id" in new
    assert [event["case_id"] for event in await intake.announced("payment.reported")] == [case_id, second_case]


async def test_lines_of_payments_are_taken_too(harbour: Lender, case_id: str) -> None:
    body = b"\n".join(json.dumps(payment).encode() for payment in (_payment(), _payment(reference="P-2")))
    response = await harbour.post("/v1/payments", body, content_type="application/x-ndjson")
    assert ["payment_id" in answer for answer in response.json()["payments"]] == [True, True]
