"""The end of a refund, whoever told of it: the provider, a line of a bank statement, or somebody who cancels it."""

from __future__ import annotations

from datetime import date

from services.negotiation.application.ports import Work
from services.negotiation.application.receipts_ports import BankMovement, Postings
from services.negotiation.application.refund_money import cancel_refund, settle_refund
from services.negotiation.application.tell_trust import book_movements
from services.negotiation.domain.receipts.intents import Intent, Notice, NoticeVerdict
from services.negotiation.domain.receipts.refunds import Refund, ended

RESERVED = frozenset({"sending", "sent"})
"""States in which the books have the money set apart."""


async def settle_refund_notice(work: Work, intent: Intent, notice: Notice) -> NoticeVerdict:
    """A refund of a payment at the provider, as a notice tells of it."""
    if notice.refund_id is None:
        return "refund_unknown"
    refund = (await work.refund_orders.for_change([notice.refund_id])).get(notice.refund_id)
    if refund is None or refund.payment_id != intent.payment_id:
        return "refund_unknown"
    if refund.state not in RESERVED:
        return "known"
    if notice.kind == "refunded" and (notice.amount, notice.currency) != (refund.amount, refund.currency):
        return "amount_differs"
    if notice.kind == "refunded":
        await refund_left(work, refund, notice.on)
    else:
        await refund_failed(work, refund, notice.on)
    return "applied"


async def refund_left(work: Work, refund: Refund, on: date) -> None:
    """The money has left. Locks the case; does nothing the second time."""
    if refund.state not in RESERVED:
        return
    await settle_refund(work, refund.refund_id, sent_on=on)
    await work.refund_orders.save([ended(refund, "settled")])
    if refund.way == "provider":
        # The provider takes it from what it owes us.
        postings: Postings = (("cases", refund.amount), ("in_transit", -refund.amount))
        await book_movements(work, [BankMovement("refunded", refund.refund_id, refund.currency, on, postings)])


async def refund_failed(work: Work, refund: Refund, on: date) -> None:
    """It will not be sent: what was set apart is overpaid again."""
    if refund.state in RESERVED:
        await cancel_refund(work, refund.refund_id, on=on)
    await work.refund_orders.save([ended(refund, "failed")])
