"""What a borrower sees of their payments: those under way, the receipts, and how to transfer so that money arrives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.application.receipts_ports import BankDetails, Money
from services.negotiation.domain.ledger import Buckets, Payment
from services.negotiation.domain.receipts.intents import Intent
from services.negotiation.domain.receipts.references import creditor_reference, grouped
from services.negotiation.domain.refusals import NoSuchThing

PAYMENTS_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class TransferDetails:
    """Where to transfer to, and the reference that makes it match by itself."""

    bank: BankDetails
    reference: str
    reference_to_read: str


@dataclass(frozen=True, slots=True)
class PaymentsView:
    """`payable` is what may be paid at most: the balance."""

    currency: str
    payable: int
    under_way: tuple[Intent, ...]
    received: tuple[Payment, ...]
    transfer: TransferDetails


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A plain receipt: what came in, when, and what it paid. `balance_now` is the balance of today, not of that day."""

    payment_id: UUID
    case_id: UUID
    amount: int
    currency: str
    received_on: date
    allocated: Buckets
    overpaid: int
    refunded: int
    is_reversed: bool
    paid_to: str
    balance_now: int


async def show_payments(work: Work, money: Money, case_id: UUID) -> PaymentsView:
    """Commits: the reference is known from the moment it is shown."""
    case = await work.cases.read(case_id)
    reference = creditor_reference(case_id)
    await work.intents.remember_reference(reference, case_id)
    view = PaymentsView(
        currency=case.currency,
        payable=case.books.balance,
        under_way=tuple(await work.intents.of_case(case_id, PAYMENTS_SHOWN_MAX)),
        received=tuple((await work.ledger.payments([case_id])).get(case_id, [])),
        transfer=TransferDetails(money.bank, reference, grouped(reference)),
    )
    await work.commit()
    return view


async def show_payment(work: Work, case_id: UUID, payment_id: UUID) -> Intent:
    return await work.intents.find(case_id, payment_id)


async def show_receipt(work: Work, case_id: UUID, payment_id: UUID) -> ReceiptView:
    """Of a payment that has been booked, however it came. Raises `NoSuchThing`."""
    case = await work.cases.read(case_id)
    payments = (await work.ledger.payments([case_id])).get(case_id, [])
    payment = next((p for p in payments if p.payment_id == payment_id), None)
    if payment is None:
        raise NoSuchThing("receipt")
    return ReceiptView(
        payment_id=payment.payment_id,
        case_id=case_id,
        amount=payment.amount,
        currency=case.currency,
        received_on=payment.received_on,
        allocated=payment.allocated,
        overpaid=payment.overpaid,
        refunded=payment.refunded,
        is_reversed=payment.is_reversed,
        paid_to=payment.paid_to,
        balance_now=case.books.balance,
    )
