"""Views of a case: the borrower's (looking at offers puts them), and the staff's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.ports import BookedEntry, Clearance, Offer, Plan, Step, Work
from services.negotiation.application.propose_offers import put_current
from services.negotiation.domain.case_file import CaseFile, blocking_hold
from services.negotiation.domain.ledger import Books, Payment, add_up
from services.negotiation.domain.ledger import Entry as LedgerEntry
from services.negotiation.domain.plan import InstalmentStanding, stand
from services.negotiation.domain.refusals import NoSuchThing

InstalmentStatus = Literal["paid", "partly_paid", "due", "overdue", "missed"]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with each instalment as it stands today."""

    plan: Plan
    instalments: tuple[tuple[InstalmentStanding, InstalmentStatus], ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything the borrower is shown. `blocked_by` is a hold under which nothing new can be agreed."""

    case: CaseFile
    offers: tuple[Offer, ...]
    plan: PlanView | None
    payments: tuple[Payment, ...]
    blocked_by: str | None


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The entries of a case, and whether they add up to the balance on file."""

    case: CaseFile
    entries: tuple[BookedEntry, ...]
    books: Books
    is_balanced: bool


async def show_case(work: Work, case_id: UUID) -> CaseView:
    """The borrower looks: open offers, or the plan. What was prepared is put by being shown. Commits."""
    case = await case_for_borrower(work, case_id)
    blocked_by = blocking_hold((await work.holds.of([case_id])).get(case_id, []), work.now)
    offers = await put_current(work, case) if case.may_be_offered() and blocked_by is None else []
    payments = (await work.ledger.payments([case_id])).get(case_id, [])
    plan = await _plan_view(work, case, payments)
    await work.commit()
    return CaseView(case, tuple(offers), plan, tuple(payments), blocked_by)


async def show_plan(work: Work, case_id: UUID) -> PlanView:
    case = await work.cases.read(case_id)
    payments = (await work.ledger.payments([case_id])).get(case_id, [])
    plan = await _plan_view(work, case, payments)
    if plan is None:
        raise NoSuchThing("plan")
    return plan


async def show_ledger(work: Work, case_id: UUID) -> LedgerView:
    case = await work.cases.read(case_id)
    entries = await work.ledger.entries(case_id)
    books, sums = add_up(LedgerEntry("correction", e.source_id, tuple(e.postings.items())) for e in entries)
    return LedgerView(case, tuple(entries), books, books == case.books and sum(sums.values()) == 0)


async def show_playbook(work: Work, case_id: UUID) -> list[Step]:
    await work.cases.read(case_id)
    return await work.plans.steps(case_id)


async def verify_clearance(work: Work, code: str) -> Clearance:
    return await work.clearances.find(code)


async def _plan_view(work: Work, case: CaseFile, payments: list[Payment]) -> PlanView | None:
    if case.plan is None:
        return None
    plan = (await work.plans.load([case.plan.plan_id]))[case.plan.plan_id]
    counted = [payment for payment in payments if payment.plan_id == plan.plan_id]
    standing = stand(plan.terms, counted, now=work.now, zones=case.zones)
    missed = standing.broken.instalment.number if standing.broken is not None else None
    today = case.today(work.now)
    return PlanView(plan, tuple((s, _status(s, today, missed)) for s in standing.instalments))


def _status(standing: InstalmentStanding, today: date, missed: int | None) -> InstalmentStatus:
    if standing.is_paid:
        return "paid"
    if standing.instalment.number == missed:
        return "missed"
    if standing.instalment.due_on < today:
        return "overdue"
    return "partly_paid" if standing.paid else "due"
