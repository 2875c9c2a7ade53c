"""Overdue records with faces, as lenders send them and as the domain has them. All persons and numbers are invented."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.adapters.telephone import NumberingPlan
from services.intake.domain.checks import Rules
from services.intake.domain.creditor import Creditor, Mandate
from services.intake.domain.law import jurisdictions
from services.intake.domain.placement import Placement
from services.intake.domain.verification import Verification, verify
from services.intake.entrypoints.placements import as_placement
from services.intake.entrypoints.schemas import PlacementBody

TODAY = date(2026, 3, 2)
MANDATE = Mandate(
    discount_max_basis_points=2_000,
    term_months_max=24,
    instalment_min_minor_units=2_500,
    pause_months_max=3,
    grace_days=3,
    allocation_order=("fees", "interest", "principal"),
)
HARBOUR_CREDIT = Creditor(
    creditor_id=UUID("01900000-0000-7000-8000-00000000c0de"),
    name="Harbour Credit",
    licence_number="NY-1234",
    licence_expires_on=date(2027, 12, 31),
    currency="USD",
    jurisdiction="US",
    mandate=MANDATE,
)
MORNING_LIGHT = replace(
    HARBOUR_CREDIT,
    creditor_id=UUID("01900000-0000-7000-8000-0000000000c4"),
    name="晨光消费金融",
    currency="CNY",
    jurisdiction="CN",
)
RULES = Rules(jurisdictions(limitation_years_us=6), as_of_age_days_max=92, accepts_generated=True)

_RENT_ARREARS: dict[str, Any] = {
    "account_number": "HC-1001",
    "product": "personal_loan",
    "jurisdiction": "US",
    "language": "en",
    "currency": "USD",
    "as_of": "2026-03-01",
    "originated_on": "2025-06-15",
    "original_principal_minor_units": 1_200_000,
    "annual_rate_basis_points": 1_299,
    "term_months": 36,
    "instalment_minor_units": 40_430,
    "first_due_on": "2025-07-15",
    "payments": [{"received_on": f"2025-{month:02d}-15", "amount_minor_units": 40_430} for month in range(7, 13)],
    "balance": {"fees_minor_units": 1_500, "interest_minor_units": 21_000, "principal_minor_units": 1_030_000},
    "arrears_minor_units": 80_860,
    "days_past_due": 45,
    "borrower": {
        "name": "Jordan Example",
        "born_on": "1985-04-12",
        "region": "NY",
        "annual_income_minor_units": 5_400_000,
    },
    "contact_points": [
        {"kind": "email", "value": "jordan@example.com", "is_verified": True, "may_be_used": True},
        {"kind": "mobile", "value": "+1 212 555 0123", "place": "home"},
    ],
}
_CARD_ARREARS: dict[str, Any] = {
    **_RENT_ARREARS,
    "account_number": "CG-2001",
    "product": "consumer_loan",
    "jurisdiction": "CN",
    "language": "zh",
    "currency": "CNY",
    "borrower": {"name": "王样例", "born_on": "1990-01-01", "region": "SH"},
    "contact_points": [{"kind": "mobile", "value": "+8614200000001", "may_be_used": True}],
    "provenance": "generated",
}


def rent_arrears(**changes: Any) -> dict[str, Any]:
    """A record of Harbour Credit: a loan of 12,000.00 in New York, two instalments missed, 45 days past due."""
    return {**copy.deepcopy(_RENT_ARREARS), **changes}


def card_arrears(**changes: Any) -> dict[str, Any]:
    """The same debt in China, with an invented borrower."""
    return {**copy.deepcopy(_CARD_ARREARS), **changes}


def placement(record: dict[str, Any]) -> Placement:
    return as_placement(PlacementBody.model_validate(record, strict=False), NumberingPlan())


def verified(record: dict[str, Any], *, today: date = TODAY, rules: Rules = RULES) -> Verification:
    creditor = MORNING_LIGHT if record["jurisdiction"] == "CN" else HARBOUR_CREDIT
    return verify(placement(record), creditor, rules, today)


def codes(record: dict[str, Any], *, today: date = TODAY, rules: Rules = RULES) -> dict[str, str]:
    """Code -> pointer of every reason against a record."""
    return {reason.code: reason.pointer for reason in verified(record, today=today, rules=rules).reasons}
