"""A borrower begins a payment. Reserve first, act second: the intent is committed before the provider is called.

Whatever happens between the two is found out by asking the provider (`sweep_payments`). Money is taken under any hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.receipts_ports import Money, PaymentOrder, ProviderAway, ProviderRefused
from services.negotiation.application.show_case import PlanView, show_plan
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.receipts.amounts import payable
from services.negotiation.domain.receipts.intents import OPEN, Intent, Method, Purpose
from services.negotiation.domain.receipts.references import creditor_reference, grouped
from services.negotiation.domain.refusals import CaseClosed, NoSuchThing
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, Overloaded, Reason
from shared.service.faults import fault_point

OPEN_PAYMENTS_MAX = 20
"""Payments of one case under way at once."""
LEASE = timedelta(seconds=30)
"""How long a call to the provider may take until somebody else asks what became of it."""
FIRST_LOOK_AFTER = timedelta(minutes=10)
TRANSFER_VALID = timedelta(days=30)
RETURN_PATH = re.compile(r"/(?:[A-Za-z0-9_.~-]+/?){0,12}(?:\?[A-Za-z0-9_=&.-]{1,100})?")


@dataclass(frozen=True, slots=True)
class PaymentWish:
    """What the borrower asks for. `amount` in minor units with purpose `amount` only; `return_path` is a page of ours
    that needs no secret in its address, for the provider learns it."""

    method: Method
    purpose: Purpose
    amount: int | None = None
    instalment_number: int | None = None
    return_path: str = ""
    language: str = "en"


async def start_payment(
    begin: OpenWork, money: Money, case_id: UUID, wish: PaymentWish, *, key: str, request_hash: str
) -> Intent:
    """The payment under way, with the address to pay at or the reference to transfer with. The same key: the same one.

    Raises `Conflict` where nothing is owed or too many are under way, `Invalid` for the amount, `Overloaded` where the
    provider is away (the same key may be tried again).
    """
    intent = await _reserve(begin, money, case_id, wish, key, request_hash)
    if intent.method != "hosted" or intent.state != "reserved":
        return intent
    fault_point("negotiation.payment_reserved")
    return await call_provider(begin, money, intent, wish.language)


async def call_provider(begin: OpenWork, money: Money, intent: Intent, language: str) -> Intent:
    """Start a reserved payment at the provider and write down what it said. May be repeated at any time."""
    order = PaymentOrder(
        payment_id=intent.payment_id,
        amount=intent.amount,
        currency=intent.currency,
        description=grouped(creditor_reference(intent.case_id)),
        return_to=intent.return_to,
        language=language,
        expires_at=intent.expires_at,
    )
    try:
        started = await money.provider.start(order)
    except ProviderAway:
        raise Overloaded("provider_away", "payments cannot be begun just now", retry_after_s=30) from None
    except ProviderRefused:
        return await _settle(begin, intent, failed=True)
    fault_point("negotiation.payment_begun")
    return await _settle(begin, replace(intent, reference=started.reference, address=started.address), failed=False)


async def _settle(begin: OpenWork, said: Intent, *, failed: bool) -> Intent:
    async with begin(said.case_id) as work:
        now = (await work.intents.for_change([said.payment_id]))[said.payment_id]
        if now.state != "reserved":
            return now  # a notice came first
        if failed:
            now = replace(now, state="failed", due_at=None)
        else:
            due_at = work.now + FIRST_LOOK_AFTER
            now = replace(now, state="started", reference=said.reference, address=said.address, due_at=due_at)
        await work.intents.save([now])
        await work.commit()
        return now


async def _reserve(
    begin: OpenWork, money: Money, case_id: UUID, wish: PaymentWish, key: str, request_hash: str
) -> Intent:
    if wish.return_path and RETURN_PATH.fullmatch(wish.return_path) is None:
        reason = Reason("return_path_wrong", "/return_path", "a plain path of this site")
        raise Invalid("return_path_wrong", "borrowers come back to this site", [reason])
    scope = f"pay:{case_id}"
    async with begin(case_id) as work:
        known = await work.recall_or_reserve(scope, key, request_hash)
        if known is not None:
            return await work.intents.find(case_id, UUID(known.response.decode()))
        case = (await work.cases.for_change([case_id])).get(case_id)
        if case is None:
            raise NoSuchThing("case")
        intent = await _intent(work, money, case, wish)
        await work.intents.add(intent)
        await work.intents.remember_reference(creditor_reference(case_id), case_id)
        await work.remember(scope, key, 200, str(intent.payment_id).encode())
        await work.commit()
        return intent


async def _intent(work: Work, money: Money, case: CaseFile, wish: PaymentWish) -> Intent:
    if case.closed == "recalled":
        raise CaseClosed  # the creditor has taken the case back: it is paid there
    under_way = await work.intents.of_case(case.case_id, OPEN_PAYMENTS_MAX)
    if sum(intent.state in OPEN and intent.expires_at > work.now for intent in under_way) >= OPEN_PAYMENTS_MAX:
        raise Conflict("too_many_payments", "too many payments are under way; wait until some have ended")
    is_hosted = wish.method == "hosted"
    amount, number = await _wanted(work, case, wish)
    state: Literal["reserved", "started"] = "reserved" if is_hosted else "started"
    expires_at = work.now + (money.terms.intent_valid if is_hosted else TRANSFER_VALID)
    return Intent(
        payment_id=new_id(),
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        method=wish.method,
        purpose=wish.purpose,
        instalment_number=number,
        amount=payable(
            amount,
            balance=case.books.balance,
            currency=case.currency,
            method_max=money.terms.hosted_max if is_hosted else None,
        ),
        currency=case.currency,
        return_to=money.public_url + wish.return_path if wish.return_path else "",
        requested_at=work.now,
        expires_at=expires_at,
        due_at=work.now + LEASE if is_hosted else expires_at,
        state=state,
        reference=None if is_hosted else creditor_reference(case.case_id),
    )


async def _wanted(work: Work, case: CaseFile, wish: PaymentWish) -> tuple[int, int | None]:
    """The amount before it is looked at, and the instalment it is for."""
    if wish.purpose == "amount":
        if wish.amount is None:
            raise Invalid("amount_missing", "say how much", [Reason("amount_missing", "/amount", "say how much")])
        return wish.amount, None
    plan = await show_plan(work, case.case_id) if case.active_plan_id is not None else None
    if wish.purpose == "whole":
        return _whole(case, plan), None
    rest = {s.instalment.number: s.instalment.amount - s.paid for s, _ in plan.instalments} if plan else {}
    number = wish.instalment_number or next((n for n, left in sorted(rest.items()) if left > 0), None)
    if number is None or rest.get(number, 0) <= 0:
        reason = Reason("instalment_not_due", "/instalment_number", "no instalment of a running plan that is unpaid")
        raise Invalid("instalment_not_due", "there is no such instalment to pay", [reason])
    # A balance that was corrected downwards leaves less to pay than the plan says.
    return min(rest[number], case.books.balance), number


def _whole(case: CaseFile, plan: PlanView | None) -> int:
    """Everything that is owed; under a plan with a discount no more than the plan still asks."""
    if plan is None or not plan.plan.terms.discount:
        return case.books.balance
    return min(case.books.balance, plan.plan.terms.total - sum(s.paid for s, _ in plan.instalments))
