"""What the provider says of payments: written down when it comes, settled and booked by one sweep for all.

The way in may be called twice, late and in any order. A payment is booked in the transaction that changes its state.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.post_payments import Receipt, book_receipts
from services.negotiation.application.receipts_ports import BankMovement, Postings, StoredNotice
from services.negotiation.application.settle_refunds import settle_refund_notice
from services.negotiation.application.tell_trust import book_movements
from services.negotiation.domain.receipts.intents import Intent, Notice, NoticeKind, NoticeVerdict, apply_notice
from services.negotiation.domain.refusals import NoSuchThing
from shared.service.faults import fault_point

BATCH = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A notice as the provider sends it: when it happened in the provider's words, not yet whose day that is."""

    notice_id: str
    payment_id: UUID
    kind: NoticeKind
    amount: int
    currency: str
    occurred_at: datetime
    refund_id: UUID | None = None
    reason: str | None = None


async def note_payment(begin: OpenWork, said: Said) -> None:
    """Write a notice down. Raises `NoSuchThing` for a payment that was never begun here."""
    async with begin() as work:
        case_id = await work.intents.case_of(said.payment_id)
    if case_id is None:
        raise NoSuchThing("payment")
    async with begin(case_id) as work:
        await add_notice(work, case_id, said)
        await work.commit()


async def add_notice(work: Work, case_id: UUID, said: Said) -> None:
    case = await work.cases.read(case_id)
    notice = Notice(
        notice_id=said.notice_id,
        payment_id=said.payment_id,
        kind=said.kind,
        amount=said.amount,
        currency=said.currency,
        # The provider's clock may be ahead of ours: money is never received in the future.
        on=min(case.today(said.occurred_at), case.today(work.now)),
        refund_id=said.refund_id,
        reason=said.reason,
    )
    await work.intents.add_notice(StoredNotice(notice, case_id, work.now))


@dataclass
class _Settling:
    """What one batch of notices leads to."""

    intents: dict[UUID, Intent]
    verdicts: list[tuple[str, NoticeVerdict]] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    movements: list[BankMovement] = field(default_factory=list)


async def settle_payments(begin: OpenWork) -> int:
    """Settle a batch of notices; answers with how many."""
    async with begin() as work:
        stored = await work.intents.unsettled_notices(BATCH)
        if not stored:
            return 0
        await work.cases.for_change({s.case_id for s in stored})
        known = await work.intents.for_change({s.notice.payment_id for s in stored})
        settling = _Settling(dict(known))
        for item in stored:
            await _settle(work, settling, item.notice)
        await work.intents.save([i for i in settling.intents.values() if i != known[i.payment_id]])
        await book_receipts(work, [(receipt, None) for receipt in settling.receipts])
        await book_movements(work, settling.movements)
        await work.intents.settle_notices(settling.verdicts)
        fault_point("negotiation.before_settled")
        await work.commit()
        fault_point("negotiation.after_settled")
        return len(stored)


async def _settle(work: Work, settling: _Settling, notice: Notice) -> None:
    intent = settling.intents.get(notice.payment_id)
    if intent is None:
        settling.verdicts.append((notice.notice_id, "payment_unknown"))
        return
    if notice.kind in ("refunded", "refund_failed"):
        settling.verdicts.append((notice.notice_id, await settle_refund_notice(work, intent, notice)))
        return
    after, verdict, effect = apply_notice(intent, notice)
    settling.intents[intent.payment_id] = after
    settling.verdicts.append((notice.notice_id, verdict))
    if effect == "book":
        settling.receipts.append(_receipt(after, notice))
        settling.movements.append(_movement("paid", after, notice, after.amount))
        if after.is_charged_back:
            settling.movements.append(_movement("charged_back", after, notice, -after.amount))
    elif effect == "take_back":
        reversal = replace(_receipt(after, notice), payment_id=uuid5(after.payment_id, "charged_back"))
        settling.receipts.append(replace(reversal, reverses_payment_id=after.payment_id, reason="chargeback"))
        if after.is_paid:
            settling.movements.append(_movement("charged_back", after, notice, -after.amount))


def _receipt(intent: Intent, notice: Notice) -> Receipt:
    return Receipt(
        payment_id=intent.payment_id,
        case_id=intent.case_id,
        amount=intent.amount,
        currency=intent.currency,
        received_on=notice.on,
        paid_to="agency",
    )


def _movement(kind: str, intent: Intent, notice: Notice, amount: int) -> BankMovement:
    """What the provider holds for us until it pays out."""
    postings: Postings = (("in_transit", amount), ("cases", -amount))
    return BankMovement(kind, intent.payment_id, intent.currency, notice.on, postings)
