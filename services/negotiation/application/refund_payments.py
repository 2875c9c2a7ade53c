"""Ask for a refund, and agree to it or not: never more than was paid too much, and never one person alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.money_refusals import NothingToRefund
from services.negotiation.domain.receipts.refunds import Refund, RefundReason, RefundWay, approved, refused
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict

BORROWER = "borrower"
WAITING_MAX = 200
NOT_RESERVED = frozenset({"requested", "approved"})
"""States in which the books do not know of it yet, so that it must be counted here."""


async def ask_refund(
    work: Work, case_id: UUID, payment_id: UUID, *, amount: int | None, reason: RefundReason, asked_by: str
) -> Refund:
    """A request that waits for a second person. Without `amount`: all that is overpaid of the payment.

    Raises NothingToRefund where less is overpaid and not asked for yet, NoSuchThing, `Conflict` where the money did not
    come to the agency. Does not commit.
    """
    case = (await work.cases.for_change([case_id])).get(case_id)
    payment = _payment((await work.ledger.payments([case_id])).get(case_id, []), payment_id)
    if case is None or payment is None:
        raise NoSuchThing("payment")
    if payment.paid_to != "agency":
        raise Conflict("paid_to_creditor", "this payment went to the creditor, who gives it back")
    known = [r for r in await work.refund_orders.of_case(case_id) if r.payment_id == payment_id]
    free = payment.overpaid - sum(r.amount for r in known if r.state in NOT_RESERVED)
    wanted = free if amount is None else amount
    if payment.is_reversed or not 0 < wanted <= free:
        raise NothingToRefund
    way = await _way(work, case_id, payment_id)
    refund = Refund(
        refund_id=new_id(),
        case_id=case_id,
        creditor_id=case.creditor_id,
        payment_id=payment_id,
        amount=wanted,
        currency=case.currency,
        reason=reason,
        way=way,
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
