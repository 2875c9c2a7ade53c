"""Money back after a withdrawal: owed again, set apart at once, and only what the agency still holds."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.negotiation.application.refund_money import cancel_refund, reserve_refund, settle_refund
from services.negotiation.domain.ledger import ALLOCATION_ORDER, Books, BooksBroken, Buckets, Settled, post_payment
from services.negotiation.domain.money_refusals import NothingToRefund
from services.negotiation.domain.refunds import give_back, returnable
from tests.unit.negotiation.counting_house import NOON, House, run

ORDER = ALLOCATION_ORDER
REFUND = UUID(int=9)


def paid_and_withdrawn(amount: int = 700) -> tuple[House, UUID, UUID]:
    at = House()
    case_id = at.take_on(Buckets(100, 200, 1_000))
    at.agree(case_id, 100)
    payment_id = at.receive(case_id, amount)
    at.give_up_plan(case_id)
    return at, case_id, payment_id


def back(at: House, case_id: UUID, payment_id: UUID, amount: int, refund_id: UUID = REFUND) -> None:
    asked = reserve_refund(
        at.work, refund_id=refund_id, case_id=case_id, payment_id=payment_id, amount=amount, off_the_debt=True
    )
    run(asked)


def test_what_goes_back_is_owed_again_bucket_by_bucket_and_sent_out_of_trust() -> None:
    at, case_id, payment_id = paid_and_withdrawn()
    assert at.rows[case_id].books == Books(Buckets(0, 0, 600))
    back(at, case_id, payment_id, 700)
    assert at.rows[case_id].books == Books(Buckets(100, 200, 1_000))
    assert (at.sums(case_id)["refunding"], at.agency_sums()["refunds_due"]) == (-700, -700)
    run(settle_refund(at.work, REFUND, sent_on=NOON.date()))
    assert (at.sums(case_id)["trust"], at.agency_sums()["trust"], at.agency_sums()["refunds_due"]) == (0, 0, 0)
    assert at.replayed(case_id).differences == []
    assert at.replayed(case_id).sums == at.sums(case_id)


def test_a_part_comes_off_in_the_opposite_order_of_its_allocation() -> None:
    at, case_id, payment_id = paid_and_withdrawn()
    back(at, case_id, payment_id, 450)
    assert at.rows[case_id].books == Books(Buckets(0, 50, 1_000))


def test_a_refund_that_was_not_sent_pays_the_debt_as_before() -> None:
    at, case_id, payment_id = paid_and_withdrawn()
    back(at, case_id, payment_id, 700)
    run(cancel_refund(at.work, REFUND, on=NOON.date()))
    assert at.rows[case_id].books == Books(Buckets(0, 0, 600))
    assert at.replayed(case_id).differences == []


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_payment_taken_back_after_it_was_given_back_is_owed_by_the_payer_once(is_sent: bool) -> None:
    at, case_id, payment_id = paid_and_withdrawn()
    back(at, case_id, payment_id, 700)
    if is_sent:
        run(settle_refund(at.work, REFUND, sent_on=NOON.date()))
    at.take_back(case_id, payment_id)
    if not is_sent:
        run(cancel_refund(at.work, REFUND, on=NOON.date()))
    assert at.rows[case_id].books == Books(Buckets(100, 200, 1_000))
    assert at.sums(case_id)["claim"] == (700 if is_sent else 0)
    assert at.agency_sums()["claim_on_payer"] == (700 if is_sent else 0)
    assert at.replayed(case_id).sums == at.sums(case_id)


def test_twice_is_once_and_never_more_than_was_paid() -> None:
    at, case_id, payment_id = paid_and_withdrawn()
    with pytest.raises(NothingToRefund):
        back(at, case_id, payment_id, 701)
    back(at, case_id, payment_id, 700)
    back(at, case_id, payment_id, 700)
    assert at.rows[case_id].books.balance == 1_300
    with pytest.raises(NothingToRefund):
        back(at, case_id, payment_id, 1, uuid4())


def test_a_debt_that_was_paid_off_meanwhile_stays_so() -> None:
    at, case_id, payment_id = paid_and_withdrawn()
    at.receive(case_id, 600)
    assert at.rows[case_id].closed == "paid_in_full"
    with pytest.raises(NothingToRefund):
        back(at, case_id, payment_id, 700)


def test_only_what_was_not_paid_over_to_the_creditor_goes_back() -> None:
    books, payment, _ = post_payment(
        Books(Buckets(100, 200, 1_000)), payment_id=uuid4(), amount=700, received_on=NOON.date(), paid_to="agency"
    )
    partly = replace(payment, settled=Settled(Buckets(100, 200, 150)))
    assert returnable(partly) == Buckets(0, 0, 250)
    after, changed, _ = give_back(books, partly, REFUND, 250, ORDER)
    assert (after.owed, changed.allocated) == (Buckets(0, 0, 850), partly.settled.gross)
    with pytest.raises(BooksBroken):
        give_back(books, partly, REFUND, 251, ORDER)
    assert returnable(replace(payment, paid_to="creditor")) == Buckets()
    with pytest.raises(BooksBroken):
        give_back(books, replace(payment, paid_to="creditor"), REFUND, 1, ORDER)
