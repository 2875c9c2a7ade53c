"""Send what was approved: reserve in the books, commit, call the provider, settle. One refund never leaves twice.

The books are asked first: what is not overpaid any more cannot be set apart. The refund's id is the provider's key, so
a call that was lost is repeated, and one whose answer was lost is recognised.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.negotiation.application.ports import OpenWork
from services.negotiation.application.receipts_ports import Money, ProviderAway, ProviderRefused, RefundAnswer
from services.negotiation.application.refund_money import reserve_refund
from services.negotiation.application.refund_payments import is_after_withdrawal
from services.negotiation.application.settle_refunds import refund_failed, refund_left
from services.negotiation.domain.money_refusals import NothingToRefund
from services.negotiation.domain.receipts.refunds import Refund
from shared.service.faults import fault_point

BATCH = 20
LEASE = timedelta(seconds=30)
AGAIN_MAX = timedelta(hours=6)


async def send_refunds(begin: OpenWork, money: Money) -> int:
    """One bounded batch; answers with how many were worked on."""
    async with begin() as work:
        due = [refund.refund_id for refund in await work.refund_orders.due(BATCH)]
    for refund_id in due:
        refund = await _reserve(begin, refund_id)
        if refund is not None and refund.way == "provider":
            fault_point("negotiation.refund_reserved")
            await _send(begin, money, refund)
    return len(due)


async def _reserve(begin: OpenWork, refund_id: UUID) -> Refund | None:
    """Set the money apart and take the lease. None where somebody else has it or there is nothing to refund."""
    async with begin() as work:
        seen = await work.refund_orders.find(refund_id)
        case = (await work.cases.for_change([seen.case_id]))[seen.case_id]
        refund = (await work.refund_orders.for_change([refund_id]))[refund_id]
        if refund.due_at is None or refund.due_at > work.now:
            return None
        if refund.state == "approved":
            try:
                await reserve_refund(
                    work,
                    refund_id=refund_id,
                    case_id=refund.case_id,
                    payment_id=refund.payment_id,
                    amount=refund.amount,
                    off_the_debt=await is_after_withdrawal(work, refund.reason, refund.case_id, refund.payment_id),
                )
            except NothingToRefund:
                await refund_failed(work, refund, case.today(work.now))
                await work.commit()
                return None
        wait = min(AGAIN_MAX, LEASE * 2 ** min(refund.attempts, 12))
        # A bank transfer waits for the transfer file and then for the statement: no call to make.
        due_at = work.now + wait if refund.way == "provider" else None
        refund = replace(refund, state="sending", attempts=refund.attempts + 1, due_at=due_at)
        await work.refund_orders.save([refund])
        await work.commit()
        return refund


async def _send(begin: OpenWork, money: Money, refund: Refund) -> None:
    try:
        answer = await money.provider.refund(refund)
    except ProviderRefused:
        answer = "failed"
    except ProviderAway:
        return  # the lease ends, and it is asked again under the same id
    fault_point("negotiation.refund_sent")
    await _settle(begin, refund, answer)


async def _settle(begin: OpenWork, refund: Refund, answer: RefundAnswer) -> None:
    if answer not in ("refunded", "failed"):
        return
    async with begin() as work:
        case = (await work.cases.for_change([refund.case_id]))[refund.case_id]
        now = (await work.refund_orders.for_change([refund.refund_id]))[refund.refund_id]
        if now.state == "sending":
            settle = refund_left if answer == "refunded" else refund_failed
            await settle(work, now, case.today(work.now))
            await work.commit()
