"""Questions of the law outside the United States: what they refuse to answer, and what holds for every answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.domain.law import questions
from services.outreach.domain.law.allocation import allocate_payment, choose_debts
from services.outreach.domain.law.dates import MissingFact, months_after, next_business_day
from services.outreach.domain.law.effective_collection import effective_collections
from services.outreach.domain.law.limitation import limitation_end
from services.outreach.domain.law.lpr import KNOWN_UNTIL, one_year_lpr

amounts = st.integers(0, 10**9)
days = st.dates(date(2010, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("limitation_end", {"jurisdiction": "CN"}),
        ("limitation_end", {"jurisdiction": "XX", "due_on": "2026-03-10"}),
        ("limitation_end", {"jurisdiction": "CN", "due_on": "10.03.2026"}),
        ("limitation_end", {"jurisdiction": "CN", "due_on": "2026-03-10", "interruptions": [{"kind": "promise"}]}),
        ("limitation_defence", {"jurisdiction": "CN"}),
        ("joint_debtors", {"jurisdiction": "GB"}),
        ("private_lending_cap", {"lender": "friend", "formed_on": "2026-03-10"}),
        ("private_lending_cap", {"lender": "private"}),
        ("small_loan_cap", {"formed_on": "2026-03-10"}),
        ("small_loan_cap", {"formed_on": "2026-03-10", "rate_basis_points": True}),
        ("allocate_payment", {"payment": 100, "costs": 1, "interest": 1}),
        ("allocate_payment", {"payment": -1, "costs": 1, "interest": 1, "principal": 1}),
        ("allocate_payment", {"payment": 1, "costs": 1, "interest": 1, "principal": 1, "order": ["costs", "costs"]}),
        ("complaint_due", {"jurisdiction": "SG", "received_on": "2026-03-10", "complexity": "simple"}),
        ("complaint_due", {"jurisdiction": "CN", "received_on": "2026-03-10", "complexity": "hard"}),
        ("record_keeping", {"record": "CN/nothing", "ended_on": "2026-03-10"}),
        ("breathing_space", {"entered_on": "2026-03-10", "kind": "scottish"}),
        ("moratorium_duties", {"debtor": "named_debtor"}),
        ("moratorium_duties", {"has_agent": True, "debtor": "friend"}),
        ("card_instalment_plan", {"months": 12, "state": "unknown"}),
        ("yearly_duty", {"duty": "audit", "last_on": "2026-01-01", "check_on": "2026-01-02"}),
        ("may_collect_for_others", {"on": "2026-03-10"}),
        ("privacy_duties", {"processing": "gossip"}),
        ("party_class", {}),
        ("microfinance_visit", {}),
        ("microfinance_scope", {"has_collateral": False}),
    ],
)
def test_a_question_without_what_it_depends_on_is_not_answered(question: str, asked: dict[str, Any]) -> None:
    with pytest.raises(MissingFact):
        questions()[question](asked)


@given(days, st.lists(st.tuples(st.sampled_from(["promise", "part_payment", "suit", "call"]), days), max_size=6))
def test_more_interruptions_never_end_the_time_earlier(due_on: date, interruptions: list[tuple[str, date]]) -> None:
    ends = [
        limitation_end(
            {
                "jurisdiction": "CN",
                "due_on": due_on.isoformat(),
                "interruptions": [{"kind": kind, "on": on.isoformat()} for kind, on in interruptions[:count]],
            }
        )["expires_on"]
        for count in range(len(interruptions) + 1)
    ]
    assert ends == sorted(ends)


@given(amounts, amounts, amounts, amounts)
def test_a_payment_is_never_lost_and_principal_comes_last(pay: int, costs: int, interest: int, principal: int) -> None:
    answer = allocate_payment({"payment": pay, "costs": costs, "interest": interest, "principal": principal})
    assert answer["costs"] + answer["interest"] + answer["principal"] + answer["unallocated"] == pay
    if answer["principal"]:
        assert (answer["costs"], answer["interest"]) == (costs, interest)


@given(st.lists(st.tuples(amounts, days, st.booleans(), st.integers(0, 3)), min_size=1, max_size=6), amounts)
def test_shares_of_several_debts_add_up_and_exceed_none(debts: list[tuple[int, date, bool, int]], pay: int) -> None:
    listed = [
        {"id": str(n), "amount": a, "due_on": d.isoformat(), "is_secured": s, "annual_rate_basis_points": r}
        for n, (a, d, s, r) in enumerate(debts)
    ]
    answer = choose_debts({"as_of": "2020-06-30", "payment": pay, "debts": listed})
    shares = answer["shares"]
    assert sum(shares.values()) + answer["unallocated"] == pay
    assert all(shares[str(n)] <= debt[0] for n, debt in enumerate(debts))
    assert answer["unallocated"] == max(0, pay - sum(debt[0] for debt in debts))


@given(st.lists(days, max_size=8))
def test_demands_that_count_lie_thirty_days_apart(demands: list[date]) -> None:
    answer = effective_collections(
        {"overdue_on": "2009-12-31", "demands": [{"on": on.isoformat(), "is_receipt_provable": True} for on in demands]}
    )
    span = (max(demands) - min(demands)).days if demands else 0
    assert answer["counted"] <= 1 + span // 30
    assert answer["is_effective"] == (span >= 30)


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert months_after(date(2026, 12, 31), 1) == date(2027, 1, 31)
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)


def test_a_friday_is_followed_by_monday_unless_that_is_a_holiday() -> None:
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert next_business_day(friday) == monday
    assert next_business_day(friday, frozenset({monday})) == monday + timedelta(days=1)


def test_no_rate_is_made_up_beyond_the_series() -> None:
    assert one_year_lpr(date(2019, 8, 19)) is None
    assert one_year_lpr(KNOWN_UNTIL) == 300
    assert one_year_lpr(KNOWN_UNTIL + timedelta(days=1)) is None
