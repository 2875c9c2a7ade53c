"""On payment.reported: book and allocate money that came in, or take it back; plans follow from the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.negotiation.application.announcements import balance_contract
from services.negotiation.application.booking_run import BookingRun
from services.negotiation.application.ports import WaitingReversal, Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.ledger import Buckets, Payment, post_payment, restore_waived, reverse_payment
from shared.events.envelope import Event
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reported import PaymentReported
from shared.events.payment_reversed import PaymentReversed


class WrongCurrency(ValueError):
    """A payment in another currency than its case: bad data, the case is set aside."""


async def post_payments(work: Work, events: Sequence[Event[PaymentReported]]) -> None:
    run = await BookingRun.open(work, {event.body.case_id for event in events})
    for event in events:
        body = event.body
        case = run.cases[body.case_id]
        if body.currency != case.currency:
            raise WrongCurrency("a payment has another currency than its case")
        if body.reverses_payment_id is None:
            _post(run, case, event)
        else:
            _reverse_or_wait(run, case, event, body.reverses_payment_id)
        run.settle(case.case_id, body.received_on, event)
    await run.save()


def _post(run: BookingRun, case: CaseFile, event: Event[PaymentReported]) -> None:
    body = event.body
    if body.payment_id in run.payments[case.case_id]:
        return  # reported twice under two events: booked once
    plan = run.plan_of(case)
    at_most = None
    if plan is not None and plan.status == "active" and plan.terms.discount:
        at_most = max(0, plan.terms.total - run.standing(case, plan).paid)
    books, payment, entry = post_payment(
        case.books,
        payment_id=body.payment_id,
        amount=body.amount,
        received_on=body.received_on,
        order=case.mandate.allocation_order,
        at_most=at_most,
        plan_id=case.countable_plan_id,
    )
    case = replace(case, books=books)
    run.add_payment(case, payment)
    run.book(case, entry, body.received_on)
    run.work.announce(_posted(run, case, payment), event)
    if (waiting := run.waiting.pop(payment.payment_id, None)) is not None:
        run.done_waiting.append(waiting.reversal_id)
        _reverse(run, case, payment, waiting.reversal_id, event)


def _reverse_or_wait(run: BookingRun, case: CaseFile, event: Event[PaymentReported], payment_id: UUID) -> None:
    payment = run.payments[case.case_id].get(payment_id)
    reversal_id = event.body.payment_id
    if payment is None:
        waiting = WaitingReversal(reversal_id, payment_id, case.case_id, case.creditor_id)
        if payment_id not in run.waiting:
            run.waiting[payment_id] = waiting
            run.new_waiting.append(waiting)
    elif not payment.is_reversed:
        _reverse(run, case, payment, reversal_id, event)


def _reverse(
    run: BookingRun, case: CaseFile, payment: Payment, reversal_id: UUID, event: Event[PaymentReported]
) -> None:
    on = event.body.received_on
    books, reversed_, entry = reverse_payment(case.books, payment, reversal_id)
    case = replace(case, books=books)
    run.change_payment(case, reversed_)
    run.book(case, entry, on)
    case = run.spend_overpaid(_undo_completion(run, case, reversed_, reversal_id, event), on)
    body = PaymentReversed(
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        payment_id=payment.payment_id,
        reversal_id=reversal_id,
        currency=case.currency,
        amount=payment.amount,
        balance=balance_contract(case.books.owed),
        reversed_at=run.work.now,
    )
    run.work.announce(body, event)
    if case.closed is not None and case.closed != "recalled" and case.books.balance > 0:
        # The case stays closed: the creditor may place it again. Its clearance does not hold any more.
        run.withdraw_clearance(case)


def _undo_completion(
    run: BookingRun, case: CaseFile, payment: Payment, reversal_id: UUID, event: Event[PaymentReported]
) -> CaseFile:
    """Money that completed a plan was taken back: the discount it earned is owed again."""
    plan = run.plan_of(case)
    if plan is None or plan.status != "completed" or payment.plan_id != plan.plan_id:
        return case
    if run.standing(case, plan).is_complete:
        return case  # it was paid twice, and once is enough
    if plan.waived.total:
        books, entry = restore_waived(case.books, plan.waived, reversal_id)
        case = replace(case, books=books)
        run.book(case, entry, event.body.received_on)
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
    )
