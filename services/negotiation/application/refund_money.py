"""Refunds of money that was too much: set apart before it is sent, settled when it has left, or put back.

Whoever sends the money calls these; each may be called again with the same id and does the same once. The caller
commits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal
from uuid import UUID

from services.negotiation.application.announcements import balance_contract
from services.negotiation.application.booking_run import BookingRun
from services.negotiation.application.ports import Work
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.ledger import Books, Entry, Payment
from services.negotiation.domain.money_refusals import NothingToRefund, RefundEnded
from services.negotiation.domain.refunds import Refund, give_back, put_back, returnable, send_off, set_apart
from services.negotiation.domain.refusals import NoSuchThing
from shared.events.books_adjusted import BooksAdjusted

RefundKind = Literal["refund_reserved", "given_back", "refund_paid", "refund_cancelled"]


async def reserve_refund(
    work: Work, *, refund_id: UUID, case_id: UUID, payment_id: UUID, amount: int, off_the_debt: bool = False
) -> Refund:
    """Set apart `amount` minor units of what is overpaid of a payment, or (`off_the_debt`) of all that can go back.

    Raises NothingToRefund, NoSuchThing.
    """
    run = await BookingRun.open(work, {case_id})
    known = await work.refunds.find(refund_id)
    if known is not None:
        return known
    case, payment = _payment_of(run, case_id, payment_id)
    if not 0 < amount <= free_to_refund(case, payment, off_the_debt=off_the_debt):
        raise NothingToRefund
    refund = Refund(refund_id, case_id, case.creditor_id, payment_id, case.currency, amount)
    await work.refunds.add(refund)
    on = case.today(work.now)
    if off_the_debt:
        given = give_back(case.books, payment, refund_id, amount, case.mandate.allocation_order)
        _book(run, case, refund, "given_back", on, given)
    else:
        _book(run, case, refund, "refund_reserved", on, set_apart(case.books, payment, refund_id, amount))
    await run.save()
    return refund


def free_to_refund(case: CaseFile, payment: Payment, *, off_the_debt: bool) -> int:
    """The most that can be set apart of a payment now.

    A debt that has been paid off and certified stays so: what was too much can go back, nothing is owed anew.
    """
    if payment.is_reversed:
        return 0
    may_owe_again = off_the_debt and case.closed in (None, "recalled")
    return payment.overpaid + (returnable(payment).total if may_owe_again else 0)


async def settle_refund(work: Work, refund_id: UUID, *, sent_on: date) -> Refund:
    """The money has left the account that the payment came into. Raises RefundEnded, NoSuchThing."""
    run, refund = await _open(work, refund_id)
    if refund.status == "paid":
        return refund
    if refund.status == "cancelled":
        raise RefundEnded(refund.status)
    await work.refunds.set_status(refund_id, "paid")
    case, payment = _payment_of(run, refund.case_id, refund.payment_id)
    sent = (case.books, payment, send_off(payment, refund_id, refund.amount))
    _book(run, case, refund, "refund_paid", sent_on, sent)
    await run.save()
    return await _again(work, refund_id)


async def cancel_refund(work: Work, refund_id: UUID, *, on: date) -> Refund:
    """The money will not be sent: it is overpaid again, and pays what is owed. Raises RefundEnded, NoSuchThing."""
    run, refund = await _open(work, refund_id)
    if refund.status == "cancelled":
        return refund
    if refund.status == "paid":
        raise RefundEnded(refund.status)
    await work.refunds.set_status(refund_id, "cancelled")
    case, payment = _payment_of(run, refund.case_id, refund.payment_id)
    _book(run, case, refund, "refund_cancelled", on, put_back(case.books, payment, refund_id, refund.amount))
    await run.save()
    return await _again(work, refund_id)


async def _open(work: Work, refund_id: UUID) -> tuple[BookingRun, Refund]:
    """The refund as it stands once its case is locked."""
    seen = await work.refunds.find(refund_id)
    if seen is None:
        raise NoSuchThing("refund")
    run = await BookingRun.open(work, {seen.case_id})
    return run, await _again(work, refund_id)


async def _again(work: Work, refund_id: UUID) -> Refund:
    refund = await work.refunds.find(refund_id)
    if refund is None:
        raise NoSuchThing("refund")
    return refund


def _payment_of(run: BookingRun, case_id: UUID, payment_id: UUID) -> tuple[CaseFile, Payment]:
    payment = run.payments.get(case_id, {}).get(payment_id)
    if payment is None:
        raise NoSuchThing("payment")
    return run.cases[case_id], payment


def _book(
    run: BookingRun, case: CaseFile, refund: Refund, kind: RefundKind, on: date, done: tuple[Books, Payment, Entry]
) -> None:
    books, changed, entry = done
    before = case.books.owed
    run.change_payment(case, changed)
    run.book(replace(case, books=books), entry, on, changed)
    case = run.spend_overpaid(run.cases[case.case_id], on)
    run.work.announce(
        BooksAdjusted(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            kind=kind,
            source_id=refund.refund_id,
            payment_id=refund.payment_id,
            currency=refund.currency,
            amount=refund.amount,
            balance_before=balance_contract(before),
            balance=balance_contract(case.books.owed),
            overpaid=case.books.overpaid,
            adjusted_at=run.work.now,
        )
    )
    run.settle(case.case_id, on, None)
