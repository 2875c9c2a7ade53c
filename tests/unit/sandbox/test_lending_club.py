"""The real loans keep what is real, and are exactly as late as their class says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from deploy.sandbox.dates import add_months
from deploy.sandbox.lending_club import DAYS_PAST_DUE, Record, lending_club_records, record_of, rounding_of

AS_OF = date(2026, 1, 4)

A_LOAN: dict[str, Any] = {
    "rownames": 38,
    "state": "NJ",
    "emp_length": 10.0,
    "homeownership": "MORTGAGE",
    "annual_income": 70_000.0,
    "debt_to_income": 17.06,
    "debt_to_income_joint": 13.27,
    "delinq_2y": 0,
    "loan_amount": 24_000,
    "term": 60,
    "interest_rate": 15.04,
    "installment": 571.47,
    "loan_status": "Late (31-120 days)",
    "balance": 23_455.27,
    "paid_total": 1_132.83,
    "paid_principal": 544.73,
    "paid_interest": 558.10,
    "paid_late_fees": 30.0,
}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return lending_club_records(1, AS_OF)


def arrears_by_hand(record: Record) -> tuple[int, int]:
    """Amount and days, worked out instalment by instalment and not by formula."""
    left = sum(payment["amount_minor_units"] for payment in record["payments"])
    first, unpaid, oldest = date.fromisoformat(record["first_due_on"]), 0, None
    for n in range(record["term_months"]):
        due_on = add_months(first, n)
        if due_on > AS_OF:
            break
        paid = min(left, record["instalment_minor_units"])
        left -= paid
        missing = record["instalment_minor_units"] - paid
        unpaid += missing
        if missing > rounding_of(record["instalment_minor_units"]):
            oldest = oldest or due_on
    assert oldest is not None
    return unpaid, (AS_OF - oldest).days


def test_all_178_overdue_loans_are_there(records: list[Record]) -> None:
    assert len({record["account_number"] for record in records}) == 178


def test_arrears_worked_out_by_hand_are_the_lenders(records: list[Record]) -> None:
    for record in records:
        assert arrears_by_hand(record) == (record["arrears_minor_units"], record["days_past_due"])


@pytest.mark.parametrize("status", DAYS_PAST_DUE)
def test_a_loan_is_as_late_as_its_class(status: str) -> None:
    first, last = DAYS_PAST_DUE[status]
    late = [record_of(seed, 1, A_LOAN | {"loan_status": status}, 0, AS_OF)["days_past_due"] for seed in range(200)]
    assert first <= min(late) <= max(late) <= last


def test_payments_are_what_was_paid_without_late_fees(records: list[Record]) -> None:
    record = record_of(1, 1, A_LOAN, 0, AS_OF)
    assert [payment["amount_minor_units"] for payment in record["payments"]] == [57_147, 53_136]
    assert all(payment["received_on"] <= AS_OF.isoformat() for each in records for payment in each["payments"])


@pytest.mark.parametrize(("short_by", "payments"), [(0.0, [57_147]), (1.0, [57_047]), (1.01, [57_046])])
def test_a_dollar_short_is_paid_and_a_cent_more_is_not(short_by: float, payments: list[int]) -> None:
    paid = A_LOAN | {"paid_principal": 571.47 - short_by, "paid_interest": 0.0}
    record = record_of(1, 1, paid, 0, AS_OF)
    oldest = AS_OF - timedelta(days=record["days_past_due"])
    first_is_paid = date.fromisoformat(record["first_due_on"]) < oldest
    assert [payment["amount_minor_units"] for payment in record["payments"]] == payments
    assert first_is_paid == (short_by <= 1.0)
    assert arrears_by_hand(record) == (record["arrears_minor_units"], record["days_past_due"])


def test_a_charged_off_loan_still_owes_its_principal() -> None:
    record = record_of(1, 1, A_LOAN | {"loan_status": "Charged Off", "balance": 0.0}, 0, AS_OF)
    assert record["balance"]["principal_minor_units"] == 2_400_000 - 54_473


def test_nothing_ever_paid_means_no_history() -> None:
    record = record_of(1, 1, A_LOAN | {"paid_principal": 0.0, "paid_interest": 0.0}, 0, AS_OF)
    assert record["payments"] == []
    assert record["first_due_on"] == (AS_OF - timedelta(days=record["days_past_due"])).isoformat()


def test_what_is_not_known_is_left_out() -> None:
    unknown = {"emp_length": float("nan"), "debt_to_income": float("nan"), "debt_to_income_joint": float("nan")}
    borrower = record_of(1, 1, A_LOAN | unknown, 0, AS_OF)["borrower"]
    assert {"employment_years", "debt_to_income_basis_points"}.isdisjoint(borrower)


def test_a_joint_ratio_stands_in_for_a_missing_one() -> None:
    borrower = record_of(1, 1, A_LOAN | {"debt_to_income": float("nan")}, 0, AS_OF)["borrower"]
    assert borrower["debt_to_income_basis_points"] == 1_327


def test_no_two_borrowers_share_a_number(records: list[Record]) -> None:
    values = [point["value"] for record in records for point in record["contact_points"]]
    assert len(values) == len(set(values))


def test_the_same_seed_places_the_same_loans(records: list[Record]) -> None:
    assert lending_club_records(1, AS_OF) == records
    assert lending_club_records(2, AS_OF) != records
