"""Paying over: what a statement says, what is set off, carried, held back, and what stays in trust."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from services.negotiation.application.reconcile_trust import explain
from services.negotiation.application.remit import (
    approve_remittance,
    begin_remittance,
    cancel_remittance,
    pay_remittance,
)
from services.negotiation.application.remittance_ports import Difference, Movement, StatementBalance
from services.negotiation.domain.case_file import CurrentPlan
from services.negotiation.domain.commission import FeeRule, FeeSchedule, Tier
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.money_refusals import (
    MakerIsChecker,
    NoFeeSchedule,
    PeriodNotOver,
    RemittanceElsewhere,
    RemittanceOpen,
    RemittanceStale,
)
from services.negotiation.domain.remittance import Remittance
from services.negotiation.domain.waterfall import Debt, debt_of, spread_over_debts
from shared.events.payment_remitted import PaymentRemitted
from tests.unit.negotiation.builders import HARBOUR_CREDIT, case_file
from tests.unit.negotiation.counting_house import House, run

A_FIFTH = FeeSchedule((FeeRule((Tier(0, 2_000),)),))


def house(schedule: FeeSchedule = A_FIFTH) -> House:
    return House(schedule)


def begin(at: House) -> Remittance:
    """Begin for everything up to yesterday and collect it."""
    period_to = at.now.date() - timedelta(days=1)
    begun = run(begin_remittance(at.work, HARBOUR_CREDIT, "USD", period_to, "mira"))
    at.work_through()
    return at.remittance_rows[begun.remittance_id]


def pay(at: House, remittance: Remittance) -> Remittance:
    i = remittance.remittance_id
    run(approve_remittance(at.work, i, "theo"))
    paid = run(pay_remittance(at.work, i, "mira", paid_on=at.now.date(), bank_reference="T-1"))
    at.work_through()
    return paid


def payable(remittance: Remittance) -> int:
    assert remittance.settlement is not None
    return remittance.settlement.payable


def test_what_was_collected_is_paid_over_less_the_fee_and_the_fee_leaves_trust() -> None:
    at = house()
    case_id = at.take_on(Buckets(1_000, 2_000, 50_000))
    at.receive(case_id, 13_000)
    at.now += timedelta(days=1)
    paid = pay(at, begin(at))
    assert (paid.totals.gross, paid.totals.commission, payable(paid)) == (13_000, 2_400, 10_600)
    sums = at.agency_sums()
    assert (sums["trust"], sums["bank"], sums["due_to_creditor"], sums["commission"]) == (0, 2_400, 0, -2_400)
    told = [body for body in at.said if isinstance(body, PaymentRemitted)]
    assert [(body.case_id, body.gross, body.commission, body.set_off) for body in told] == [(case_id, 13_000, 2_400, 0)]
    assert told[0].statement_hash == paid.statement_hash


def test_a_chargeback_after_the_remittance_is_set_off_and_its_fee_given_back() -> None:
    at = house()
    case_id = at.take_on(Buckets(0, 0, 50_000))
    first = at.receive(case_id, 10_000)
    at.now += timedelta(days=1)
    pay(at, begin(at))
    at.take_back(case_id, first)
    assert at.agency_sums()["claim_on_creditor"] == 10_000
    at.receive(case_id, 15_000)
    at.now += timedelta(days=1)
    second = pay(at, begin(at))
    assert (second.totals.gross, second.totals.set_off, second.totals.commission) == (15_000, 10_000, 3_000 - 2_000)
    assert payable(second) == 15_000 - 10_000 - 1_000
    sums = at.agency_sums()
    assert (sums["trust"], sums["claim_on_creditor"], sums["due_to_creditor"]) == (0, 0, 0)
    assert (sums["commission"], sums["bank"]) == (-3_000, 3_000)


def test_a_claim_that_nothing_covers_is_carried_to_the_next_remittance() -> None:
    at = house()
    case_id = at.take_on(Buckets(0, 0, 50_000))
    first = at.receive(case_id, 10_000)
    at.now += timedelta(days=1)
    pay(at, begin(at))
    at.take_back(case_id, first)
    at.now += timedelta(days=1)
    second = pay(at, begin(at))
    assert second.settlement is not None
    assert (payable(second), second.settlement.carried_out) == (0, -8_000)
    at.receive(case_id, 10_000)
    at.now += timedelta(days=1)
    third = pay(at, begin(at))
    assert third.settlement is not None
    assert (third.settlement.carried_in, payable(third), third.settlement.carried_out) == (-8_000, 0, 0)
    assert at.agency_sums()["trust"] == 0


def test_money_at_the_lender_earns_its_fee_and_moves_nothing_in_trust() -> None:
    at = house()
    case_id = at.take_on(Buckets(0, 0, 50_000))
    at.receive(case_id, 10_000, paid_to="creditor")
    at.now += timedelta(days=1)
    paid = pay(at, begin(at))
    assert paid.settlement is not None
    assert (paid.totals.direct, paid.totals.gross, payable(paid), paid.settlement.carried_out) == (10_000, 0, 0, -2_000)
    assert at.agency_sums()["trust"] == at.agency_sums()["bank"] == 0


def test_who_is_paid_gross_gets_everything_and_a_bill() -> None:
    at = house(FeeSchedule((FeeRule((Tier(0, 2_000),)),), basis="gross", tax_basis_points=1_000))
    case_id = at.take_on(Buckets(0, 0, 50_000))
    at.receive(case_id, 10_000)
    at.now += timedelta(days=1)
    paid = pay(at, begin(at))
    assert paid.settlement is not None
    assert (payable(paid), paid.settlement.invoiced) == (10_000, 2_200)
    assert (at.agency_sums()["invoiced"], at.agency_sums()["tax_due"], at.agency_sums()["trust"]) == (2_200, -200, 0)


def test_overpaid_money_is_never_paid_over() -> None:
    at = house()
    case_id = at.take_on(Buckets(0, 0, 1_000))
    at.receive(case_id, 1_500)
    at.now += timedelta(days=1)
    paid = pay(at, begin(at))
    assert paid.totals.gross == 1_000
    assert (at.agency_sums()["trust"], at.agency_sums()["refunds_due"]) == (500, -500)


@pytest.mark.parametrize(("age", "is_in"), [(4, False), (5, True), (6, True)])
def test_money_younger_than_the_clearing_period_is_held_back(age: int, is_in: bool) -> None:
    at = house(FeeSchedule((FeeRule((Tier(0, 0),)),), clearing_days=5))
    at.receive(at.take_on(Buckets(0, 0, 50_000)), 10_000)
    at.now += timedelta(days=age + 1)  # the period ends `age` days after the money came
    assert bool(begin(at).totals.gross) is is_in


def test_less_than_the_minimum_waits_for_the_next_remittance() -> None:
    at = house(FeeSchedule((FeeRule((Tier(0, 0),)),), remittance_minimum=5_000))
    case_id = at.take_on(Buckets(0, 0, 50_000))
    at.receive(case_id, 4_999)
    at.now += timedelta(days=1)
    first = pay(at, begin(at))
    assert payable(first) == 0
    assert at.agency_sums()["trust"] == 4_999
    at.receive(case_id, 1)
    at.now += timedelta(days=1)
    assert payable(pay(at, begin(at))) == 5_000
    assert at.agency_sums()["trust"] == 0


def test_the_same_lender_currency_and_day_is_the_same_remittance() -> None:
    at = house()
    at.receive(at.take_on(Buckets(0, 0, 50_000)), 10_000)
    at.now += timedelta(days=1)
    first = begin(at)
    assert begin(at) == first
    at.now += timedelta(days=1)
    with pytest.raises(RemittanceOpen):
        begin(at)


def test_who_began_a_remittance_does_not_approve_it_and_nothing_unapproved_is_paid() -> None:
    at = house()
    at.receive(at.take_on(Buckets(0, 0, 50_000)), 10_000)
    at.now += timedelta(days=1)
    drafted = begin(at)
    with pytest.raises(MakerIsChecker):
        run(approve_remittance(at.work, drafted.remittance_id, "mira"))
    with pytest.raises(RemittanceElsewhere):
        run(pay_remittance(at.work, drafted.remittance_id, "mira", paid_on=at.now.date(), bank_reference="T-1"))


def test_a_draft_whose_payment_was_taken_back_is_not_approved_but_begun_again() -> None:
    at = house()
    case_id = at.take_on(Buckets(0, 0, 50_000))
    payment_id = at.receive(case_id, 10_000)
    at.now += timedelta(days=1)
    drafted = begin(at)
    at.take_back(case_id, payment_id)
    with pytest.raises(RemittanceStale):
        run(approve_remittance(at.work, drafted.remittance_id, "theo"))
    run(cancel_remittance(at.work, drafted.remittance_id))
    at.work_through()
    assert at.agency_sums()["claim_on_creditor"] == at.agency_sums()["due_to_creditor"] == 0
    again = begin(at)
    assert again.remittance_id != drafted.remittance_id
    assert again.totals.lines == 0


def test_a_period_is_remitted_when_it_has_ended_and_not_without_fees() -> None:
    at = house()
    with pytest.raises(PeriodNotOver):
        run(begin_remittance(at.work, HARBOUR_CREDIT, "USD", at.now.date(), "mira"))
    with pytest.raises(NoFeeSchedule):
        run(begin_remittance(House().work, HARBOUR_CREDIT, "USD", date(2026, 3, 1), "mira"))


def test_the_order_of_reports_does_not_change_what_is_owed() -> None:
    reports = [(400, 1, False), (900, 9, False), (300, 5, True), (250, 2, False)]
    outcomes = set()
    for order in permutations(range(4)):
        at = House()
        case_id = at.take_on(Buckets(100, 200, 1_000))
        ids = [UUID(int=n + 1) for n in range(4)]
        for n in order:
            amount, days_ago, is_taken_back = reports[n]
            on = at.now.date() - timedelta(days=days_ago)
            at.receive(case_id, amount, on=on, payment_id=ids[n])
            if is_taken_back:
                at.take_back(case_id, ids[n])
        books = at.rows[case_id].books
        outcomes.add((books.owed, books.overpaid))
        assert at.replayed(case_id).books == books
    assert outcomes == {(Buckets(), 250)}


# The trust account beside the bank.
TODAY = date(2026, 3, 2)


def bank(closing: int, unmatched: int = 0) -> StatementBalance:
    return StatementBalance(uuid4(), "USD", TODAY, closing, unmatched)


def test_where_bank_and_books_agree_nothing_is_said() -> None:
    assert explain(bank(500), 500, [Movement("remitted", uuid4(), TODAY, -100)]) == ()


def test_a_transfer_that_the_bank_has_not_shown_explains_the_difference() -> None:
    source = uuid4()
    found = explain(bank(600, unmatched=100), 400, [Movement("remitted", source, TODAY, -100)])
    assert found == (
        Difference("unmatched_on_statement", 100),
        Difference("not_on_statement_yet", 100, "remitted", source),
    )
    assert sum(difference.minor_units for difference in found) == 200


def test_what_nothing_explains_is_said_to_be_unexplained() -> None:
    assert explain(bank(501), 400, [Movement("payment", uuid4(), TODAY, 100)]) == (Difference("unexplained", 101),)


# In which order money pays.
def test_several_debts_are_paid_in_the_order_of_the_civil_code() -> None:
    """Civil Code of the PRC, art. 560: named, due, least secured, most burdensome, oldest, in proportion."""
    jan, feb = date(2026, 1, 1), date(2026, 2, 1)
    named, later, secured, heavy, old, twin_a, twin_b = (UUID(int=n) for n in range(1, 8))
    debts = [
        Debt(later, 100, jan, is_due=False),
        Debt(secured, 100, jan, is_due=True, security=50),
        Debt(twin_a, 100, feb, is_due=True, burden=500),
        Debt(twin_b, 300, feb, is_due=True, burden=500),
        Debt(old, 100, jan, is_due=True, burden=500),
        Debt(heavy, 100, feb, is_due=True, burden=900),
        Debt(named, 100, feb, is_due=False),
    ]
    assert spread_over_debts(debts, 150, {named}) == ({named: 100, heavy: 50}, 0)
    assert spread_over_debts(debts, 240) == ({heavy: 100, old: 100, twin_a: 10, twin_b: 30}, 0)
    assert spread_over_debts(debts, 800, {named})[0] == {
        named: 100, heavy: 100, old: 100, twin_a: 100, twin_b: 300, secured: 100,
    }  # fmt: skip
    assert spread_over_debts(debts, 901)[1] == 1
    assert spread_over_debts(debts, 250, {named, heavy, old})[0] == {heavy: 100, old: 100, named: 50}


def test_a_case_under_a_running_plan_is_not_due_and_an_unknown_contract_is_no_burden() -> None:
    case = case_file(owed=Buckets(1, 2, 3), plan=CurrentPlan(uuid4(), "active"), contract=None)
    debt = debt_of(case, TODAY)
    assert (debt.owed, debt.is_due, debt.due_on, debt.burden) == (6, False, TODAY, 0)
    assert debt_of(replace(case, plan=None), TODAY).is_due
