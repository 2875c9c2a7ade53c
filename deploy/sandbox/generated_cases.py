"""Invented Chinese consumer loans, each marked `"provenance": "generated"`.

Amortising loans of the usual sizes at no more than 24 % a year. A person may have two of them; the lender knows the
cause of the arrears in a third of the cases.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.sandbox.borrowers.character import character_of
from deploy.sandbox.dates import LAST_SAFE_DAY, add_months, due_dates
from deploy.sandbox.invented import Person, chinese
from deploy.sandbox.lending_club import Record
from deploy.sandbox.seeded import dice, pick

SECOND_LOAN_EVERY = 40
SECOND_LOAN_AFTER = 61
"""Every 40th case is a second loan of the person of 61 cases before: so far apart that the two are placed by different
calls, and the order of their case ids, which are ordered by time, is the same in every run.
"""

_PROVINCES = ("SH", "ZJ", "SC", "HB", "SN", "HN", "SD", "GD", "JS", "HA")
_STATED_CAUSES = frozenset({"job_loss", "illness", "bereavement", "over_borrowing", "cash_flow_gap"})


def generated_records(seed: int, count: int, as_of: date) -> list[Record]:
    """`count` records, the same ones for the same seed; asking for more only adds at the end."""
    return [generated_record(seed, number, as_of) for number in range(1, count + 1)]


def generated_record(seed: int, number: int, as_of: date) -> Record:
    throw = dice(seed, "generated", number)
    account_number = f"CG-{number:06d}"
    loan = _loan(throw, as_of)
    is_second_loan = number % SECOND_LOAN_EVERY == 0 and number > SECOND_LOAN_AFTER
    holder = number - SECOND_LOAN_AFTER if is_second_loan else number
    person = chinese(seed, holder)
    outstanding = sum(loan["balance"].values())
    cause = character_of(seed, account_number, loan["instalment_minor_units"], outstanding).cause
    lender_knows = cause in _STATED_CAUSES and throw.random() < 0.33
    return {
        "account_number": account_number,
        "jurisdiction": "CN",
        "language": "zh",
        "currency": "CNY",
        "as_of": as_of.isoformat(),
        **loan,
        "borrower": _borrower(dice(seed, "holder", holder), person, loan["instalment_minor_units"]),
        "contact_points": _contact_points(throw, person),
        "arrears_cause": cause if lender_knows else "unknown",
        "provenance": "generated",
    }


def _loan(throw: Random, as_of: date) -> dict[str, Any]:
    principal = throw.choice((3_000, 5_000, 8_000, 12_000, 20_000, 36_000, 60_000)) * 100
    term, rate = throw.choice((6, 12, 18, 24, 36)), throw.choice((1_080, 1_440, 1_800, 2_160, 2_388))
    instalment = level_instalment(principal, rate, term)
    paid_instalments = throw.randint(0, term - 1)
    oldest_due_on = _oldest_due_on(throw, as_of)
    first_due_on = add_months(oldest_due_on, -paid_instalments)
    days_past_due = (as_of - oldest_due_on).days
    due = len(due_dates(first_due_on, as_of, term)) * instalment
    left = _principal_left(principal, rate, instalment, paid_instalments)
    return {
        "product": throw.choice(("consumer_loan", "consumer_loan", "credit_card")),
        "originated_on": add_months(first_due_on, -1).isoformat(),
        "original_principal_minor_units": principal,
        "annual_rate_basis_points": rate,
        "term_months": term,
        "instalment_minor_units": instalment,
        "first_due_on": first_due_on.isoformat(),
        "payments": [
            {"received_on": add_months(first_due_on, n).isoformat(), "amount_minor_units": instalment}
            for n in range(paid_instalments)
        ],
        "balance": {
            "fees_minor_units": 2_000 if days_past_due > 30 else 0,
            "interest_minor_units": left * rate * (days_past_due + 30) // (10_000 * 365),
            "principal_minor_units": left,
        },
        "arrears_minor_units": due - paid_instalments * instalment,
        "days_past_due": days_past_due,
    }


def level_instalment(principal: int, annual_rate_basis_points: int, term_months: int) -> int:
    """The equal instalment that pays the loan back, rounded up to a whole minor unit."""
    monthly = annual_rate_basis_points / 120_000
    return int(principal * monthly / (1 - (1 + monthly) ** -term_months)) + 1


def _principal_left(principal: int, annual_rate_basis_points: int, instalment: int, paid_instalments: int) -> int:
    left = principal
    for _ in range(paid_instalments):
        interest = left * annual_rate_basis_points // 120_000
        left -= instalment - interest
    return max(left, 100)


def _oldest_due_on(throw: Random, as_of: date) -> date:
    first, last = pick(throw, {(1, 30): 45, (31, 90): 35, (91, 300): 20})
    while True:
        day = as_of - timedelta(days=throw.randint(first, last))
        if day.day <= LAST_SAFE_DAY and day.day != as_of.day:
            return day


def _borrower(throw: Random, person: Person, instalment: int) -> dict[str, Any]:
    monthly_income = instalment * throw.randint(3, 12)
    return {
        "name": person.name,
        "born_on": date(throw.randint(1965, 2003), throw.randint(1, 12), throw.randint(1, 28)).isoformat(),
        "identity_number": person.identity_number,
        "region": throw.choice(_PROVINCES),
        "annual_income_minor_units": monthly_income * 12,
        "debt_to_income_basis_points": throw.randint(1_000, 7_500),
        "employment_years": throw.randint(0, 20),
        "delinquencies_two_years": pick(throw, {0: 6, 1: 3, 2: 2, 4: 1}),
        "homeowner": throw.random() < 0.4,
    }


def _contact_points(throw: Random, person: Person) -> list[dict[str, Any]]:
    """A few have never agreed to be contacted by mail, and the gate must see it."""
    may_be_mailed = throw.random() > 0.05
    return [
        {"kind": "mobile", "value": person.mobile, "place": "none", "is_verified": True, "may_be_used": True},
        {"kind": "email", "value": person.email, "place": "none", "is_verified": True, "may_be_used": may_be_mailed},
        {"kind": "postal", "value": person.postal, "place": "home", "is_verified": True, "may_be_used": True},
    ]
