"""Each check of the list, on both sides of its boundary, and every reason at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.domain.checks import CHECKS
from services.intake.domain.verification import verify
from tests.unit.intake.builders import (
    HARBOUR_CREDIT,
    RULES,
    TODAY,
    card_arrears,
    codes,
    placement,
    rent_arrears,
    verified,
)

_PAID_OFF = {"fees_minor_units": 0, "interest_minor_units": 0, "principal_minor_units": 0}


def test_a_sound_record_passes_every_check() -> None:
    for record in (rent_arrears(), card_arrears()):
        verification = verified(record)
        assert verification.reasons == ()
        assert verification.is_verified
        assert list(verification.checklist) == list(CHECKS)
        assert "failed" not in verification.checklist.values()


def test_what_the_lender_does_not_say_is_not_known_and_not_passed() -> None:
    checklist = verified(rent_arrears(borrower={"name": "Jordan Example"})).checklist
    assert {name for name, result in checklist.items() if result == "not_known"} == {
        "majority",
        "deceased",
        "bankrupt",
        "in_court",
        "identity",
    }
    known = verified(rent_arrears(scrubs={"is_deceased": False, "is_bankrupt": False, "is_in_court": False})).checklist
    assert {known["deceased"], known["bankrupt"], known["in_court"]} == {"passed"}


def test_every_reason_is_given_at_once() -> None:
    record = rent_arrears(
        currency="CNY",
        arrears_minor_units=1,
        days_past_due=400,
        scrubs={"is_deceased": True, "is_bankrupt": True, "is_in_court": True},
        contact_points=[{"kind": "email", "value": "nowhere", "may_be_used": True}],
    )
    assert codes(record) == {
        "currency_not_of_jurisdiction": "/currency",
        "arrears_differ": "/arrears_minor_units",
        "days_past_due_differ": "/days_past_due",
        "borrower_deceased": "/scrubs/is_deceased",
        "borrower_bankrupt": "/scrubs/is_bankrupt",
        "in_court": "/scrubs/is_in_court",
        "contact_point_invalid": "/contact_points/0/value",
        "no_usable_contact_point": "/contact_points",
    }


# The sound record is 80,860 in arrears, of which half a per cent is 404.
@pytest.mark.parametrize(("off_by", "is_refused"), [(404, False), (-404, False), (405, True), (-405, True)])
def test_the_lenders_arrears_may_differ_by_the_tolerance_only(off_by: int, is_refused: bool) -> None:
    assert ("arrears_differ" in codes(rent_arrears(arrears_minor_units=80_860 + off_by))) is is_refused


@pytest.mark.parametrize(("days_past_due", "is_refused"), [(44, False), (46, False), (43, True), (47, True)])
def test_the_lenders_days_may_differ_by_one(days_past_due: int, is_refused: bool) -> None:
    assert ("days_past_due_differ" in codes(rent_arrears(days_past_due=days_past_due))) is is_refused


def test_an_account_that_is_paid_up_is_not_overdue() -> None:
    paid = [{"received_on": "2025-12-15", "amount_minor_units": 8 * 40_430}]
    assert codes(rent_arrears(payments=paid)) == {"not_overdue": "/payments"}


def test_the_order_of_payments_does_not_matter() -> None:
    record = rent_arrears()
    turned = rent_arrears(payments=record["payments"][::-1])
    assert verified(turned).arrears == verified(record).arrears


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"as_of": "2026-03-04"}, "as_of_in_future"),
        ({"as_of": "2025-11-29"}, "as_of_too_old"),
        ({"originated_on": "2026-03-02"}, "originated_after_as_of"),
        ({"first_due_on": "2025-06-14"}, "first_due_before_origination"),
        ({"last_demand_on": "2026-03-02"}, "demand_after_as_of"),
        ({"payments": [{"received_on": "2025-06-14", "amount_minor_units": 1}]}, "payment_before_origination"),
        ({"payments": [{"received_on": "2026-03-02", "amount_minor_units": 1}]}, "payment_after_as_of"),
        ({"instalment_minor_units": 10_000}, "schedule_below_principal"),
        ({"balance": _PAID_OFF | {"principal_minor_units": 1_200_001}}, "balance_above_principal"),
        ({"balance": _PAID_OFF}, "balance_empty"),
        ({"balance": _PAID_OFF | {"principal_minor_units": 40_000}}, "arrears_above_balance"),
        ({"provenance": "generated"}, None),
    ],
)
def test_dates_and_amounts_fit_each_other(changes: dict[str, Any], code: str | None) -> None:
    found = codes(rent_arrears(**changes))
    assert (code in found) if code else not found


def test_a_lenders_calendar_may_be_a_day_ahead() -> None:
    assert "as_of_in_future" not in codes(rent_arrears(as_of="2026-03-03"))


def test_figures_are_too_old_after_92_days() -> None:
    assert "as_of_too_old" not in codes(rent_arrears(as_of=str(TODAY - timedelta(days=92))))
    assert "as_of_too_old" in codes(rent_arrears(as_of=str(TODAY - timedelta(days=93))))


def test_more_principal_than_the_schedule_still_brings_is_refused() -> None:
    # 34 of 36 instalments were paid; more than the last two cannot be owed of the principal.
    paid = [{"received_on": "2025-12-15", "amount_minor_units": 34 * 40_430}]
    balance = {"fees_minor_units": 0, "interest_minor_units": 0, "principal_minor_units": 95_000}
    record = rent_arrears(payments=paid, balance=balance, first_due_on="2023-03-15", originated_on="2023-02-15")
    assert codes(record) == {"balance_above_schedule": "/balance/principal_minor_units"}


def test_a_listed_schedule_counts_instead_of_equal_instalments() -> None:
    listed = [{"due_on": f"2025-{month:02d}-15", "amount_minor_units": 250_000} for month in (8, 9, 10, 11, 12)]
    record = rent_arrears(
        schedule=listed,
        payments=[{"received_on": "2025-08-15", "amount_minor_units": 1_000_000}],
        arrears_minor_units=250_000,
        days_past_due=(date(2026, 3, 1) - date(2025, 12, 15)).days,
        balance={"fees_minor_units": 0, "interest_minor_units": 5_000, "principal_minor_units": 250_000},
    )
    assert codes(record) == {}
    record["schedule"][1], record["schedule"][2] = record["schedule"][2], record["schedule"][1]
    assert codes(record)["schedule_out_of_order"] == "/schedule/2/due_on"


@pytest.mark.parametrize(("rate", "is_refused"), [(2_400, False), (2_401, True)])
def test_the_stated_rate_in_china_is_at_most_the_cap(rate: int, is_refused: bool) -> None:
    assert ("interest_above_cap" in codes(card_arrears(annual_rate_basis_points=rate))) is is_refused


def test_what_the_instalments_really_cost_is_held_against_the_cap_too() -> None:
    # 36 instalments of 480.00 for 12,000.00 are more than 24 % a year, whatever rate is stated.
    assert codes(card_arrears(instalment_minor_units=48_000))["cost_above_cap"] == "/instalment_minor_units"
    assert "cost_above_cap" not in codes(card_arrears(instalment_minor_units=47_000))


def test_there_is_no_cap_of_this_kind_in_the_united_states() -> None:
    assert codes(rent_arrears(annual_rate_basis_points=3_599)) == {}


def test_a_debt_in_china_is_time_barred_three_years_after_its_last_instalment() -> None:
    """民法典 188, 189: the last instalment of this contract falls due on 2028-06-15."""
    record = card_arrears(as_of="2031-06-10")
    assert "time_barred" not in codes(record, today=date(2031, 6, 15))
    assert "time_barred" in codes(record, today=date(2031, 6, 16))


def test_a_demand_in_china_starts_the_years_again() -> None:
    """民法典 195."""
    record = card_arrears(as_of="2031-06-10", last_demand_on="2030-01-31")
    assert "time_barred" not in codes(record, today=date(2031, 6, 16))


def test_a_debt_in_the_united_states_is_time_barred_six_years_after_the_last_payment() -> None:
    record = rent_arrears(as_of="2031-12-10", last_demand_on="2030-01-31")
    # The oldest unpaid instalment fell due on 2026-01-15, after the last payment.
    assert "time_barred" not in codes(record, today=date(2032, 1, 15))
    assert "time_barred" in codes(record, today=date(2032, 1, 16))
    record["payments"].append({"received_on": "2026-02-20", "amount_minor_units": 100})
    assert "time_barred" not in codes(record, today=date(2032, 2, 20))
    assert "time_barred" in codes(record, today=date(2032, 2, 21))


@pytest.mark.parametrize(("born_on", "is_refused"), [("2007-06-15", False), ("2007-06-16", True)])
def test_the_borrower_was_of_age_on_the_day_of_the_contract(born_on: str, is_refused: bool) -> None:
    borrower = {"name": "Jordan Example", "born_on": born_on, "region": "NY"}
    assert ("minor_at_origination" in codes(rent_arrears(borrower=borrower))) is is_refused


def test_an_identity_number_has_a_right_check_character_and_birthday() -> None:
    # The example number of the standard itself (GB 11643-1999).
    borrower = {"name": "王样例", "born_on": "1949-12-31", "identity_number": "11010519491231002X"}
    sound = card_arrears(
        borrower=borrower, provenance="lender", contact_points=[{"kind": "email", "value": "a@example.com"}]
    )
    assert codes(sound) == {}
    for wrong in (
        {"identity_number": "110105194912310021"},
        {"born_on": "1949-12-30"},
        {"identity_number": "1101051949"},
    ):
        assert "identity_number_invalid" in codes({**sound, "borrower": borrower | wrong})


def test_an_invented_person_needs_no_identity_number_that_fits() -> None:
    borrower = {"name": "王样例", "identity_number": "INVENTED-000001"}
    assert codes(card_arrears(borrower=borrower)) == {}
    assert "generated_not_accepted" in codes(card_arrears(), rules=replace(RULES, accepts_generated=False))


def test_the_same_contact_point_twice_is_refused_however_it_is_written() -> None:
    points = [{"kind": "mobile", "value": "+1 212 555 0123"}, {"kind": "mobile", "value": "(212) 555-0123"}]
    assert codes(rent_arrears(contact_points=points)) == {"contact_point_repeated": "/contact_points/1/value"}


def test_one_usable_contact_point_is_enough() -> None:
    points = [
        {"kind": "email", "value": "jordan@example.com", "may_be_used": False},
        {"kind": "mobile", "value": "+1 212 555 0123", "may_be_used": None},
    ]
    assert codes(rent_arrears(contact_points=points)) == {}
    assert "no_usable_contact_point" in codes(rent_arrears(contact_points=points[:1]))


def test_an_unknown_state_is_refused() -> None:
    assert codes(rent_arrears(borrower={"name": "Jordan Example", "region": "ZZ"})) == {
        "region_unknown": "/borrower/region"
    }


def test_another_country_than_the_creditors_is_refused() -> None:
    reasons = verify(placement(card_arrears()), HARBOUR_CREDIT, RULES, TODAY).reasons
    assert [reason.code for reason in reasons] == ["jurisdiction_not_mandated"]


def test_no_reason_repeats_a_value_of_the_record() -> None:
    record = rent_arrears(
        account_number="SECRET-77",
        borrower={"name": "Canary Name", "born_on": "2010-01-01", "region": "ZZ"},
        contact_points=[{"kind": "email", "value": "canary-at-nowhere"}, {"kind": "mobile", "value": "212-canary"}],
    )
    said = " ".join(f"{r.code} {r.pointer} {r.message}" for r in verified(record).reasons).lower()
    assert "canary" not in said
    assert "secret" not in said
    assert "2010" not in said
