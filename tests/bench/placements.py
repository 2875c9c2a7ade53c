"""Placement records for measuring: one healthy US case, many account numbers. Invented, and marked so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from shared.service.signatures import sign

MIDDAY = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
"""A Tuesday at which every zone of the mainland United States is inside 08:00-21:00."""


def record(number: int) -> dict[str, Any]:
    """A loan of 12,000.00 at 12.99 %, five of its seven instalments paid."""
    return {
        "account_number": f"BENCH-{number:08d}",
        "product": "personal_loan",
        "jurisdiction": "US",
        "language": "en",
        "currency": "USD",
        "as_of": "2026-03-02",
        "originated_on": "2025-07-10",
        "original_principal_minor_units": 1_200_000,
        "annual_rate_basis_points": 1_299,
        "term_months": 36,
        "instalment_minor_units": 40_428,
        "first_due_on": "2025-08-10",
        "payments": [{"received_on": f"{month}-10", "amount_minor_units": 40_428} for month in _PAID_MONTHS],
        "balance": {"fees_minor_units": 1_500, "interest_minor_units": 22_000, "principal_minor_units": 1_061_000},
        "arrears_minor_units": 80_856,
        "days_past_due": 51,
        "borrower": {
            "name": f"Invented Person {number}",
            "region": "NY",
            "annual_income_minor_units": 5_400_000 + number % 1000 * 1_000,
            "debt_to_income_basis_points": 1_800,
            "employment_years": 4,
            "delinquencies_two_years": 0,
            "homeowner": number % 2 == 0,
        },
        "contact_points": [
            {"kind": "mobile", "value": f"+1212555{100 + number % 100:04d}", "is_verified": True, "may_be_used": True},
            {"kind": "email", "value": f"person{number}@example.com", "is_verified": True, "may_be_used": True},
        ],
        "provenance": "generated",
    }


_PAID_MONTHS = ("2025-08", "2025-09", "2025-10", "2025-11", "2025-12")


def bodies(first: int, count: int, per_body: int) -> Iterator[bytes]:
    """NDJSON bodies of `per_body` records each."""
    for start in range(first, first + count, per_body):
        numbers = range(start, min(start + per_body, first + count))
        yield b"\n".join(orjson.dumps(record(number)) for number in numbers) + b"\n"


def signed_headers(key_id: str, secret: str, at: datetime, path: str, body: bytes, key: str) -> dict[str, str]:
    """Everything a placement request needs beside its body."""
    signature = sign(secret.encode(), key_id=key_id, at=at, method="POST", path=path, body=body)
    return {**signature, "Idempotency-Key": key, "content-type": "application/x-ndjson"}
