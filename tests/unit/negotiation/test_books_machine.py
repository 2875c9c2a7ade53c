"""Anything that can happen to money, in any order, through the use cases; and what holds after every step."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.negotiation.application.refund_money import (
    cancel_refund,
    free_to_refund,
    reserve_refund,
    settle_refund,
)
from services.negotiation.application.remit import (
    approve_remittance,
    begin_remittance,
    cancel_remittance,
    pay_remittance,
)
from services.negotiation.domain.agency import own_money_in_trust
from services.negotiation.domain.commission import FeeRule, FeeSchedule, Tier
from services.negotiation.domain.ledger import BUCKETS, Account, Bucket, Buckets, PaidTo, Payment
from services.negotiation.domain.money_refusals import NothingToRefund
from services.negotiation.domain.remittance import Remittance
from tests.unit.negotiation.builders import HARBOUR_CREDIT, HARBOUR_MANDATE, orders
from tests.unit.negotiation.counting_house import House, run

LONG = os.environ.get("BOOKS_MACHINE") == "long"
"""`BOOKS_MACHINE=long`: many more histories, for a night."""

owed_amounts = st.integers(0, 2_000)
debts = st.builds(Buckets, owed_amounts, owed_amounts, owed_amounts).filter(lambda b: b.total > 10)
schedules = st.builds(
    FeeSchedule,
    rules=st.sampled_from(
        [
            (FeeRule((Tier(0, 1_500),)),),
            (FeeRule((Tier(0, 3_000), Tier(500, 1_000), Tier(1_500, 125))), FeeRule((Tier(0, 9_999),), None, 90)),
            (FeeRule((Tier(0, 333),), fixed_minor_units=7),),
        ]
    ),
    rounding=st.sampled_from(["down", "half_even"]),
    basis=st.sampled_from(["net", "gross"]),
    case_cap=st.none() | st.integers(0, 400),
    period_cap=st.none() | st.integers(300, 900),
    period_minimum=st.sampled_from([0, 0, 50]),
    tax_basis_points=st.sampled_from([0, 600, 2_000]),
    clearing_days=st.sampled_from([0, 0, 3]),
    remittance_minimum=st.sampled_from([0, 0, 300]),
)


class BooksMachine(RuleBasedStateMachine):
    """Three cases of one lender. The model keeps payments, what was placed and waived, and what left the trust."""

    house: House
    case_ids: list[UUID]

    @initialize(owed=st.tuples(debts, debts, debts), order=orders, schedule=schedules)
    def placed(self, owed: tuple[Buckets, ...], order: tuple[Bucket, ...], schedule: FeeSchedule) -> None:
        self.house = House(schedule)
        mandate = replace(HARBOUR_MANDATE, allocation_order=order)
        self.case_ids = [self.house.take_on(buckets, mandate=mandate) for buckets in owed]
        self.left_trust = 0

    @rule(
        place=st.integers(0, 2),
        amount=st.integers(1, 3_000),
        days_ago=st.integers(0, 20),
        paid_to=st.sampled_from(["agency", "agency", "creditor"]),
    )
    def money_comes_in(self, place: int, amount: int, days_ago: int, paid_to: PaidTo) -> None:
        on = self.house.now.date() - timedelta(days=days_ago)
        self.house.receive(self.case_ids[place], amount, on=on, paid_to=paid_to)

    @rule(place=st.integers(0, 2), cents=st.integers(-1, 1))
    def money_comes_in_for_the_whole_debt(self, place: int, cents: int) -> None:
        amount = self.house.rows[self.case_ids[place]].books.balance + cents
        if amount > 0:
            self.house.receive(self.case_ids[place], amount)

    @precondition(lambda self: self._standing())
    @rule(data=st.data(), twice=st.booleans())
    def money_is_taken_back(self, data: st.DataObject, twice: bool) -> None:
        case_id, payment = data.draw(st.sampled_from(self._standing()))
        self.house.take_back(case_id, payment.payment_id)
        if twice:
            self.house.take_back(case_id, payment.payment_id)

    @rule(place=st.integers(0, 2), amount=st.integers(1, 500), backwards=st.booleans())
    def money_comes_and_goes_and_the_reports_cross(self, place: int, amount: int, backwards: bool) -> None:
        payment_id, case_id = self.house.new_id(), self.case_ids[place]
        before = self.house.rows[case_id].books
        if backwards:
            self.house.take_back(case_id, payment_id)
        self.house.receive(case_id, amount, payment_id=payment_id)
        if not backwards:
            self.house.take_back(case_id, payment_id)
        after = self.house.rows[case_id].books
        assert after.balance - after.overpaid == before.balance - before.overpaid or self._discount_moved(case_id)

    def _discount_moved(self, case_id: UUID) -> bool:
        return any(plan.case_id == case_id for plan in self.house.plan_rows.values())

    @rule(place=st.integers(0, 2), to=debts | st.just(Buckets()))
    def lender_states_the_balance_anew(self, place: int, to: Buckets) -> None:
        self.house.correct(self.case_ids[place], to)

    @rule(place=st.integers(0, 2), share=st.integers(0, 40))
    def a_plan_is_agreed(self, place: int, share: int) -> None:
        case = self.house.rows[self.case_ids[place]]
        if case.closed is None and case.active_plan_id is None and case.books.balance > 1:
            self.house.agree(case.case_id, case.books.balance * share // 100)

    @rule(place=st.integers(0, 2))
    def a_plan_is_given_up(self, place: int) -> None:
        if self.house.rows[self.case_ids[place]].active_plan_id is not None:
            self.house.give_up_plan(self.case_ids[place])

    @precondition(lambda self: any(payment.overpaid for _, payment in self._standing()))
    @rule(data=st.data(), amount=st.integers(1, 3_000), end=st.sampled_from(["paid", "cancelled", "open"]))
    def overpaid_money_is_refunded(self, data: st.DataObject, amount: int, end: str) -> None:
        case_id, payment = data.draw(st.sampled_from([pair for pair in self._standing() if pair[1].overpaid]))
        refund_id, amount = self.house.new_id(), min(amount, payment.overpaid)
        for _ in range(2):
            asked = reserve_refund(
                self.house.work, refund_id=refund_id, case_id=case_id, payment_id=payment.payment_id, amount=amount
            )
            run(asked)
        self._end(refund_id, end)

    @precondition(lambda self: any(_of_an_ended_plan(p, self.house) for _, p in self._standing()))
    @rule(data=st.data(), amount=st.integers(1, 3_000), end=st.sampled_from(["paid", "cancelled", "open"]))
    def money_goes_back_after_a_withdrawal(self, data: st.DataObject, amount: int, end: str) -> None:
        case_id, payment = data.draw(
            st.sampled_from([pair for pair in self._standing() if _of_an_ended_plan(pair[1], self.house)])
        )
        case, refund_id = self.house.rows[case_id], self.house.new_id()
        free = free_to_refund(case, payment, off_the_debt=True)
        assert free + payment.refunded + payment.settled.gross.total <= payment.amount
        before = case.books.balance - case.books.overpaid
        for _ in range(2):
            asked = reserve_refund(
                self.house.work,
                refund_id=refund_id,
                case_id=case_id,
                payment_id=payment.payment_id,
                amount=min(amount, free) or 1,
                off_the_debt=True,
            )
            if free == 0:
                with pytest.raises(NothingToRefund):
                    run(asked)
                return
            run(asked)
        books = self.house.rows[case_id].books
        assert books.balance - books.overpaid == before + min(amount, free), "what goes back is owed again"
        self._end(refund_id, end)

    @precondition(lambda self: any(r.status == "reserved" for r in self.house.refund_rows.values()))
    @rule(data=st.data(), end=st.sampled_from(["paid", "cancelled"]))
    def a_refund_ends(self, data: st.DataObject, end: str) -> None:
        waiting = [i for i, refund in self.house.refund_rows.items() if refund.status == "reserved"]
        self._end(data.draw(st.sampled_from(waiting)), end)

    def _end(self, refund_id: UUID, end: str) -> None:
        today = self.house.now.date()
        for _ in range(2):
            if end == "paid":
                run(settle_refund(self.house.work, refund_id, sent_on=today))
            elif end == "cancelled":
                run(cancel_refund(self.house.work, refund_id, on=today))

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.house.now += timedelta(days=days)

    @precondition(lambda self: self._open_remittance() is None)
    @rule()
    def a_remittance_is_begun(self) -> None:
        period_to = self.house.now.date() - timedelta(days=1)
        earlier = [r.period_to for r in self.house.remittance_rows.values() if r.status != "cancelled"]
        if not earlier or max(earlier) < period_to:
            run(begin_remittance(self.house.work, HARBOUR_CREDIT, "USD", period_to, "mira"))
            self.house.work_through()

    @precondition(lambda self: self._open_remittance() is not None)
    @rule(is_paid=st.booleans())
    def a_remittance_ends(self, is_paid: bool) -> None:
        remittance = self._open_remittance()
        assert remittance is not None
        assert remittance.settlement is not None
        i = remittance.remittance_id
        if is_paid and not run(self.house.remittances.count_stale(i)):
            if remittance.status == "drafted":
                run(approve_remittance(self.house.work, i, "theo"))
            for _ in range(2):
                run(pay_remittance(self.house.work, i, "mira", paid_on=self.house.now.date(), bank_reference="T-1"))
            self.left_trust += remittance.settlement.payable
        else:
            run(cancel_remittance(self.house.work, i))
        self.house.work_through()

    def _open_remittance(self) -> Remittance | None:
        rows = self.house.remittance_rows.values()
        return next((r for r in rows if r.status not in ("paid", "cancelled")), None)

    def _standing(self) -> list[tuple[UUID, Payment]]:
        rows = self.house.payment_rows
        return [(c, p) for c in self.case_ids for p in rows[c].values() if not p.is_reversed]

    @invariant()
    def the_books_of_every_case_balance_and_are_what_their_entries_add_up_to(self) -> None:
        for case_id in self.case_ids:
            sums, books = self.house.sums(case_id), self.house.rows[case_id].books
            assert sum(sums.values()) == 0
            assert books.owed == Buckets(*(sums[bucket] for bucket in BUCKETS))
            assert books.overpaid == -sums["overpaid"]
            assert books.balance == sum(books.owed.of(bucket) for bucket in BUCKETS)

    @invariant()
    def a_replay_of_the_events_gives_the_same_books(self) -> None:
        for case_id in self.house.untold:
            replayed = self.house.replayed(case_id)
            assert replayed.differences == []
            assert replayed.books == self.house.rows[case_id].books
            assert replayed.sums == self.house.sums(case_id)
        self.house.untold.clear()

    @invariant()
    def money_received_less_refunds_is_what_lies_where_it_came_in(self) -> None:
        places: list[tuple[PaidTo, Account]] = [("agency", "trust"), ("creditor", "received")]
        for paid_to, account in places:
            came_in = sum(p.amount for p in self.house.standing_payments(paid_to))
            paid = [r for r in self.house.refund_rows.values() if r.status == "paid"]
            given_back = sum(r.amount for r in paid if self._payment(r.payment_id).paid_to == paid_to)
            assert sum(self.house.sums(c)[account] for c in self.case_ids) == came_in - given_back

    @invariant()
    def the_agency_s_books_balance_and_trust_is_what_was_not_paid_over(self) -> None:
        sums = self.house.agency_sums()
        assert sum(sums.values()) == 0
        by_cases = sum(self.house.sums(case_id)["trust"] for case_id in self.case_ids)
        assert sums["trust"] == by_cases - self.left_trust - sums["bank"]

    @invariant()
    def what_is_due_to_the_lender_is_what_payments_say_and_no_remittance_holds(self) -> None:
        due = sum(p.allocated.total - p.settled.gross.total for p in self.house.standing_payments())
        remittance = self._open_remittance()
        if remittance is not None:
            lines = self.house.line_rows[remittance.remittance_id]
            due += sum(max(0, line.in_trust) for line in lines)
        assert -self.house.agency_sums()["due_to_creditor"] == due

    @invariant()
    def what_is_due_to_payers_is_overpaid_or_reserved(self) -> None:
        due = sum(p.overpaid for p in self.house.standing_payments())
        reserved = [r for r in self.house.refund_rows.values() if r.status == "reserved"]
        due += sum(r.amount for r in reserved if self._payment(r.payment_id).paid_to == "agency")
        assert -self.house.agency_sums()["refunds_due"] == due

    @invariant()
    def commission_is_what_paid_lines_earned_and_the_top_ups(self) -> None:
        paid = [r for r in self.house.remittance_rows.values() if r.status == "paid"]
        by_lines = sum(line.commission for r in paid for line in self.house.line_rows[r.remittance_id])
        topped_up = sum(r.settlement.top_up for r in paid if r.settlement is not None)
        assert -self.house.agency_sums()["commission"] == by_lines + topped_up

    @invariant()
    def the_fee_of_a_case_never_exceeds_its_cap_and_a_reversed_payment_keeps_none(self) -> None:
        cap = self.house.versions_kept[0].schedule.case_cap
        for case_id in self.case_ids:
            of_case = self.house.payment_rows[case_id].values()
            assert cap is None or sum(p.settled.commission for p in of_case if not p.is_reversed) <= cap

    @invariant()
    def nothing_of_the_agency_s_own_stays_in_trust(self) -> None:
        if self._open_remittance() is None and self.house.remittance_rows:
            sums = self.house.agency_sums()
            assert own_money_in_trust(sums) <= max(0, sums["trust"])

    def _payment(self, payment_id: UUID) -> Payment:
        return next(of[payment_id] for of in self.house.payment_rows.values() if payment_id in of)


def _of_an_ended_plan(payment: Payment, house: House) -> bool:
    return payment.plan_id is not None and house.plan_rows[payment.plan_id].status == "cancelled"


TestBooksMachine = BooksMachine.TestCase
TestBooksMachine.settings = settings(
    max_examples=5_000 if LONG else 100,
    stateful_step_count=60 if LONG else 30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
