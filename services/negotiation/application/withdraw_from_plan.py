"""Withdrawal: inside the cooling-off a borrower leaves a plan without a reason and without cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.agreement_ports import Withdrawal
from services.negotiation.application.ports import OpenWork, Plan, Work
from services.negotiation.application.refund_payments import ask_back
from services.negotiation.domain.agreement.cooling_off import cooling_off_until, right_to_withdraw
from services.negotiation.domain.agreement.refusals import PlanNotRunning, TooLateToWithdraw
from services.negotiation.domain.case_file import CaseFile, CurrentPlan
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.refunds import returnable
from services.negotiation.domain.refusals import NoSuchThing
from shared.events.plan_withdrawn import PlanWithdrawn

WITHDRAWALS_MAX = 500


@dataclass(frozen=True, slots=True)
class RightToWithdraw:
    """For the borrower's page: until when, and whether it is still open."""

    plan_id: UUID
    until: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """Minor units: `held` is with the agency, `returned` is back or on its way, `at_creditor` is for the creditor to
    give back, because it was paid there or is paid over. What the payer took back is in none of them."""

    withdrawal: Withdrawal
    held: int
    returned: int
    at_creditor: int


async def withdraw_from_plan(work: Work, case_id: UUID, plan_id: UUID, *, is_refund_asked: bool) -> Withdrawal:
    """The plan ends as if it had never been. Its payments stay booked; what is asked back goes back, where the agency
    holds it, once somebody of ours has agreed. The same withdrawal twice is one.

    New offers are made when somebody looks, and the rounds begin anew. Also under a hold: it is the borrower's own act.
    Raises NoSuchThing, PlanNotRunning, TooLateToWithdraw.
    """
    case = await case_for_borrower(work, case_id)
    plan = (await work.plans.load([plan_id])).get(plan_id)
    if plan is None or plan.case_id != case_id:
        raise NoSuchThing("plan")
    if (known := await work.agreements.withdrawal(plan_id)) is not None:
        return known
    if plan.status != "active" or case.active_plan_id != plan_id:
        raise PlanNotRunning
    if work.now >= await _until(work, case, plan):
        raise TooLateToWithdraw
    payments = paid_under(plan_id, (await work.ledger.payments([case_id])).get(case_id, []))
    paid = sum(payment.amount for payment in payments)
    withdrawal = Withdrawal(
        plan_id, case_id, case.creditor_id, work.now, is_refund_asked and paid > 0, paid, case.currency
    )
    await work.plans.save([replace(plan, status="cancelled", ended_at=work.now)])
    await work.plans.stop_watching([plan_id])
    await work.agreements.add_withdrawal(withdrawal)
    await work.agreements.withdraw_codes([plan_id])
    if withdrawal.is_refund_asked:
        await ask_back(work, case, payments)
    case = replace(case, plan=CurrentPlan(plan_id, "cancelled"), rounds=0)
    await work.cases.save([case])
    await work.watch.look([case])
    work.announce(
        PlanWithdrawn(
            case_id=case_id,
            creditor_id=case.creditor_id,
            plan_id=plan_id,
            is_refund_asked=withdrawal.is_refund_asked,
            withdrawn_at=work.now,
        )
    )
    return withdrawal


async def right_of(work: Work, case: CaseFile) -> RightToWithdraw | None:
    """None where no plan is running."""
    if case.active_plan_id is None:
        return None
    plan = (await work.plans.load([case.active_plan_id]))[case.active_plan_id]
    until = await _until(work, case, plan)
    return RightToWithdraw(plan.plan_id, until, work.now < until)


async def list_refunds_asked(begin: OpenWork) -> list[RefundAsked]:
    """For staff: withdrawals of which money is asked back, the oldest first, and where that money lies."""
    async with begin(is_staff=True) as work:
        asked = await work.agreements.withdrawals_with_refund(WITHDRAWALS_MAX)
    payments: dict[UUID, list[Payment]] = {}
    for creditor_id in {each.creditor_id for each in asked}:  # payments are seen by lender or by case
        async with begin(tenant=creditor_id) as work:
            payments |= await work.ledger.payments({e.case_id for e in asked if e.creditor_id == creditor_id})
    return [where_it_lies(each, paid_under(each.plan_id, payments.get(each.case_id, []))) for each in asked]


def where_it_lies(withdrawal: Withdrawal, payments: Sequence[Payment]) -> RefundAsked:
    held = sum(p.overpaid + returnable(p).total for p in payments if p.paid_to == "agency")
    returned = sum(p.refunded for p in payments)
    return RefundAsked(withdrawal, held, returned, sum(p.amount for p in payments) - held - returned)


def paid_under(plan_id: UUID, payments: Sequence[Payment]) -> list[Payment]:
    """What was paid under a plan and not taken back."""
    return [payment for payment in payments if payment.plan_id == plan_id and not payment.is_reversed]


async def _until(work: Work, case: CaseFile, plan: Plan) -> datetime:
    """As it was promised; worked out where the plan was agreed before promises were kept."""
    if (record := await work.agreements.acceptance(plan.plan_id)) is not None:
        return record.cooling_off_until
    return cooling_off_until(plan.agreed_at, right_to_withdraw(case.jurisdiction, plan.terms).days, case.zones)
