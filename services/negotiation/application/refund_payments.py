"""Ask for a refund, and agree to it or not: never more than may go back, and never one person alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.refund_money import free_to_refund
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.money_refusals import NothingToRefund
from services.negotiation.domain.receipts.refunds import Refund, RefundReason, RefundWay, approved, refused
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict

BORROWER = "borrower"
WITHDRAWAL = "withdrawal"
"""Who asked: the borrower by the withdrawal itself. Staff, who check, are never called so."""
WAITING_MAX = 200
NOT_RESERVED = frozenset({"requested", "approved"})
"""States in which the books do not know of it yet, so that it must be counted here."""


async def ask_refund(
    work: Work, case_id: UUID, payment_id: UUID, *, amount: int | None, reason: RefundReason, asked_by: str
) -> Refund:
    """A request that waits for a second person. Without `amount`: all that is overpaid of the payment.

    For `cooling_off` that is all that the agency still holds of a payment under a withdrawn plan. Does not commit.
    Raises NothingToRefund where less may go back and is not asked for yet, NoSuchThing, `Conflict` where the money did
    not come to the agency.
    """
    case = (await work.cases.for_change([case_id])).get(case_id)
    payment = _payment((await work.ledger.payments([case_id])).get(case_id, []), payment_id)
    if case is None or payment is None:
        raise NoSuchThing("payment")
    if payment.paid_to != "agency":
        raise Conflict("paid_to_creditor", "this payment went to the creditor, who gives it back")
    off_the_debt = await is_after_withdrawal(work, reason, case_id, payment_id)
    known = [r for r in await work.refund_orders.of_case(case_id) if r.payment_id == payment_id]
    waiting = sum(r.amount for r in known if r.state in NOT_RESERVED)
    free = free_to_refund(case, payment, off_the_debt=off_the_debt) - waiting
    wanted = free if amount is None else amount
    if not 0 < wanted <= free:
        raise NothingToRefund
    return await _order(work, case, payment, wanted, reason, asked_by)


async def ask_back(work: Work, case: CaseFile, payments: list[Payment]) -> list[Refund]:
    """For each payment under a plan withdrawn just now: a request for all that the agency holds of it.

    What is at the creditor is the creditor's to give back. The case is locked; does not commit.
    """
    asked = []
    known = await work.refund_orders.of_case(case.case_id)
    for payment in payments:
        waiting = sum(r.amount for r in known if r.payment_id == payment.payment_id and r.state in NOT_RESERVED)
        free = free_to_refund(case, payment, off_the_debt=True) - waiting
        if payment.paid_to == "agency" and free > 0:
            asked.append(await _order(work, case, payment, free, "cooling_off", WITHDRAWAL))
    return asked


async def is_after_withdrawal(work: Work, reason: RefundReason, case_id: UUID, payment_id: UUID) -> bool:
    """Whether money may go back that was not too much: the plan that it was paid under has been withdrawn."""
    if reason != "cooling_off":
        return False
    payment = _payment((await work.ledger.payments([case_id])).get(case_id, []), payment_id)
    if payment is None or payment.plan_id is None:
        return False
    return await work.agreements.withdrawal(payment.plan_id) is not None


async def _order(
    work: Work, case: CaseFile, payment: Payment, amount: int, reason: RefundReason, asked_by: str
) -> Refund:
    refund = Refund(
        refund_id=new_id(),
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        payment_id=payment.payment_id,
        amount=amount,
        currency=case.currency,
        reason=reason,
        way=await _way(work, case.case_id, payment.payment_id),
        state="requested",
        asked_by=asked_by,
        asked_at=work.now,
    )
    await work.refund_orders.add(refund)
    return refund


async def decide_refund(begin: OpenWork, refund_id: UUID, *, by: str, agree: bool) -> Refund:
    """A second person decides. What is approved is sent by the sweep. Raises `NotAllowed` for the first person."""
    decide: Callable[[Refund, str, datetime], Refund] = approved if agree else refused
    async with begin(is_staff=True) as work:
        refund = (await work.refund_orders.for_change([refund_id])).get(refund_id)
        if refund is None:
            raise NoSuchThing("refund")
        decided = decide(refund, by, work.now)
        await work.refund_orders.save([decided])
        await work.commit()
        return decided


async def refunds_of(work: Work, case_id: UUID) -> list[Refund]:
    await work.cases.read(case_id)
    return await work.refund_orders.of_case(case_id)


async def waiting_refunds(work: Work, after: UUID) -> list[Refund]:
    """Those that wait for a second person, in the order of their ids."""
    return await work.refund_orders.waiting(after, WAITING_MAX)


def _payment(payments: list[Payment], payment_id: UUID) -> Payment | None:
    return next((payment for payment in payments if payment.payment_id == payment_id), None)


async def _way(work: Work, case_id: UUID, payment_id: UUID) -> RefundWay:
    """Back the way it came: through the provider if it came through it, else by bank transfer."""
    try:
        intent = await work.intents.find(case_id, payment_id)
    except NoSuchThing:
        return "bank_transfer"
    return "provider" if intent.method == "hosted" else "bank_transfer"
