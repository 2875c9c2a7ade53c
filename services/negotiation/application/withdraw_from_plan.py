"""Withdrawal: inside the cooling-off a borrower leaves a plan without a reason and without cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.agreement_ports import Withdrawal
from services.negotiation.application.ports import OpenWork, Plan, Work
from services.negotiation.domain.agreement.cooling_off import cooling_off_until, right_to_withdraw
from services.negotiation.domain.agreement.refusals import PlanNotRunning, TooLateToWithdraw
from services.negotiation.domain.case_file import CaseFile, CurrentPlan
from services.negotiation.domain.refusals import NoSuchThing
from shared.events.plan_withdrawn import PlanWithdrawn

WITHDRAWALS_MAX = 500


@dataclass(frozen=True, slots=True)
class RightToWithdraw:
    """For the borrower's page: until when, and whether it is still open."""

    plan_id: UUID
    until: datetime
    is_open: bool


async def withdraw_from_plan(work: Work, case_id: UUID, plan_id: UUID, *, is_refund_asked: bool) -> Withdrawal:
    """The plan ends as if it had never been; its payments stay booked. The same withdrawal twice is one.

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
    payments = (await work.ledger.payments([case_id])).get(case_id, [])
    paid = sum(p.amount for p in payments if p.plan_id == plan_id and not p.is_reversed)
    withdrawal = Withdrawal(
        plan_id, case_id, case.creditor_id, work.now, is_refund_asked and paid > 0, paid, case.currency
    )
    await work.plans.save([replace(plan, status="cancelled", ended_at=work.now)])
    await work.plans.stop_watching([plan_id])
    await work.agreements.add_withdrawal(withdrawal)
    await work.agreements.withdraw_codes([plan_id])
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


async def list_refunds_asked(begin: OpenWork) -> list[Withdrawal]:
    """For staff: withdrawals of which money is asked back, the oldest first."""
    async with begin(is_staff=True) as work:
        return await work.agreements.withdrawals_with_refund(WITHDRAWALS_MAX)


async def _until(work: Work, case: CaseFile, plan: Plan) -> datetime:
    """As it was promised; worked out where the plan was agreed before promises were kept."""
    if (record := await work.agreements.acceptance(plan.plan_id)) is not None:
        return record.cooling_off_until
    return cooling_off_until(plan.agreed_at, right_to_withdraw(case.jurisdiction, plan.terms).days, case.zones)
