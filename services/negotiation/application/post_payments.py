"""Book and allocate money that came in, or take it back, whoever received it; plans follow from the books.

Lenders report what they received (`payment.reported`); money that came to the agency itself is given as a `Receipt`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.negotiation.application.announcements import balance_contract
from services.negotiation.application.booking_run import BookingRun
from services.negotiation.application.ports import WaitingReversal, Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.ledger import (
    Buckets,
    PaidTo,
    Payment,
    post_payment,
    restore_waived,
    reverse_payment,
)
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reported import PaymentReported
from shared.events.payment_reversed import PaymentReversed


class WrongCurrency(ValueError):
    """A payment in another currency than its case: bad data, the case is set aside."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in (or, with `reverses_payment_id`, went back), in minor units. `received_on` is the value date.

    `payment_id` names the receipt itself and makes it be booked once; a reversal takes a payment back in full.
    `reason` is a code of why it was taken back (`chargeback`, `returned`, ...), where that is known.
    """

    payment_id: UUID
    case_id: UUID
    amount: int
    currency: str
    received_on: date
    paid_to: PaidTo
    reverses_payment_id: UUID | None = None
    reason: str | None = None


Cause = Event[EventBody] | None


async def post_payments(work: Work, events: Sequence[Event[PaymentReported]]) -> None:
    """On payment.reported: what lenders received."""
    await book_receipts(work, [(_receipt(event.body), event) for event in events])


async def book_receipts(work: Work, receipts: Sequence[tuple[Receipt, Cause]]) -> None:
    """Book receipts, each with the event that told of it if one did. Does not commit.

    Twice is once. Raises WrongCurrency; a case that is not known raises KeyError.
    """
    run = await BookingRun.open(work, {receipt.case_id for receipt, _ in receipts})
    for receipt, cause in receipts:
        case = run.cases[receipt.case_id]
        if receipt.currency != case.currency:
            raise WrongCurrency("a payment has another currency than its case")
        if receipt.reverses_payment_id is None:
            _post(run, case, receipt, cause)
        else:
            _reverse_or_wait(run, case, receipt, cause, receipt.reverses_payment_id)
        run.settle(case.case_id, receipt.received_on, cause)
    await run.save()


def _receipt(body: PaymentReported) -> Receipt:
    return Receipt(
        payment_id=body.payment_id,
        case_id=body.case_id,
        amount=body.amount,
        currency=body.currency,
        received_on=body.received_on,
        paid_to="creditor",
        reverses_payment_id=body.reverses_payment_id,
    )


def _post(run: BookingRun, case: CaseFile, receipt: Receipt, cause: Cause) -> None:
    if receipt.payment_id in run.payments[case.case_id]:
        return  # reported twice under two events: booked once
    plan = run.plan_of(case)
    at_most = None
    if plan is not None and plan.status == "active" and plan.terms.discount:
        at_most = max(0, plan.terms.total - run.standing(case, plan).paid)
    books, payment, entry = post_payment(
        case.books,
        payment_id=receipt.payment_id,
        amount=receipt.amount,
        received_on=receipt.received_on,
        order=case.mandate.allocation_order,
        at_most=at_most,
        plan_id=case.countable_plan_id,
        paid_to=receipt.paid_to,
    )
    case = replace(case, books=books)
    run.add_payment(case, payment)
    run.book(case, entry, receipt.received_on, payment)
    run.work.announce(_posted(run, case, payment), cause)
    if (waiting := run.waiting.pop(payment.payment_id, None)) is not None:
        run.done_waiting.append(waiting.reversal_id)
        _reverse(run, case, payment, waiting.reversal_id, receipt, cause)


def _reverse_or_wait(run: BookingRun, case: CaseFile, receipt: Receipt, cause: Cause, payment_id: UUID) -> None:
    payment = run.payments[case.case_id].get(payment_id)
    reversal_id = receipt.payment_id
    if payment is None:
        waiting = WaitingReversal(reversal_id, payment_id, case.case_id, case.creditor_id)
        if payment_id not in run.waiting:
            run.waiting[payment_id] = waiting
            run.new_waiting.append(waiting)
    elif not payment.is_reversed:
        _reverse(run, case, payment, reversal_id, receipt, cause)


def _reverse(
    run: BookingRun, case: CaseFile, payment: Payment, reversal_id: UUID, receipt: Receipt, cause: Cause
) -> None:
    on = receipt.received_on
    books, reversed_, entry = reverse_payment(case.books, payment, reversal_id)
    case = replace(case, books=books)
    run.change_payment(case, reversed_)
    run.book(case, entry, on, payment)
    owing_again = _undo_completion(run, case, reversed_, reversal_id, on)
    discount_lost = owing_again.books.balance - case.books.balance
    case = run.spend_overpaid(owing_again, on)
    body = PaymentReversed(
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        payment_id=payment.payment_id,
        reversal_id=reversal_id,
        currency=case.currency,
        amount=payment.amount,
        balance=balance_contract(case.books.owed),
        reversed_at=run.work.now,
        discount_lost=discount_lost,
        reason=receipt.reason if receipt.reverses_payment_id == payment.payment_id else None,
    )
    run.work.announce(body, cause)
    if case.closed is not None and case.closed != "recalled" and case.books.balance > 0:
        # The case stays closed: the creditor may place it again. Its clearance does not hold any more.
        run.withdraw_clearance(case)


def _undo_completion(run: BookingRun, case: CaseFile, payment: Payment, reversal_id: UUID, on: date) -> CaseFile:
    """Money that completed a plan was taken back: the discount it earned is owed again."""
    plan = run.plan_of(case)
    if plan is None or plan.status != "completed" or payment.plan_id != plan.plan_id:
        return case
    if run.standing(case, plan).is_complete:
        return case  # it was paid twice, and once is enough
    if plan.waived.total:
        books, entry = restore_waived(case.books, plan.waived, reversal_id)
        case = replace(case, books=books)
        run.book(case, entry, on)
    return run.change_plan(case, replace(plan, status="cancelled", waived=Buckets()))


def _posted(run: BookingRun, case: CaseFile, payment: Payment) -> PaymentPosted:
    return PaymentPosted(
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        payment_id=payment.payment_id,
        plan_id=payment.plan_id,
        currency=case.currency,
        amount=payment.amount,
        allocated=balance_contract(payment.allocated),
        overpaid=payment.overpaid,
        balance=balance_contract(case.books.owed),
        received_on=payment.received_on,
        posted_at=run.work.now,
        paid_to=payment.paid_to,
    )
