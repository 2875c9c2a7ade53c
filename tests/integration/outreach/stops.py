"""Events that end contact, with faces."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_updated import CaseUpdated
from shared.events.payment_posted import PaymentPosted
from shared.events.person_erased import PersonErased
from shared.events.person_updated import PersonUpdated
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested
from shared.events.terms import Balance, Terms
from shared.kernel.identifiers import new_id
from tests.support.events import AT, HARBOUR_CREDIT

NOTHING = Balance(fees=0, interest=0, principal=0)


def case_recalled(case_id: UUID) -> CaseRecalled:
    return CaseRecalled(case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="sold", recalled_at=AT)


def case_closed(case_id: UUID) -> CaseClosed:
    return CaseClosed(
        case_id=case_id, creditor_id=HARBOUR_CREDIT, reason="paid_in_full", closed_at=AT, clearance_code="C-1"
    )


def plan_completed(case_id: UUID) -> PlanCompleted:
    return PlanCompleted(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        plan_id=new_id(),
        paid=125_500,
        waived=0,
        currency="USD",
        completed_at=AT,
    )


def plan_agreed(case_id: UUID) -> PlanAgreed:
    terms = {
        "kind": "instalments",
        "currency": "USD",
        "total": 25_100,
        "discount": 0,
        "instalments": [
            {"number": 1, "due_on": "2099-04-01", "amount": 12_550},
            {"number": 2, "due_on": "2099-05-01", "amount": 12_550},
        ],
        "grace_days": 3,
    }
    return PlanAgreed(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        plan_id=new_id(),
        offer_id=None,
        terms=Terms.model_validate(terms),
        terms_hash="0" * 64,
        agreed_at=AT,
    )


def plan_withdrawn(plan: PlanAgreed) -> PlanWithdrawn:
    return PlanWithdrawn(
        case_id=plan.case_id,
        creditor_id=plan.creditor_id,
        plan_id=plan.plan_id,
        is_refund_asked=False,
        withdrawn_at=AT,
    )


def relief_requested(case_id: UUID) -> ReliefRequested:
    return ReliefRequested(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        relief_id=new_id(),
        cause="job_loss",
        months_asked=3,
        decide_by=datetime(2099, 4, 1, tzinfo=UTC),
        requested_at=AT,
    )


def relief_granted(case_id: UUID) -> ReliefGranted:
    return ReliefGranted(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        relief_id=new_id(),
        cause="job_loss",
        form="pause",
        plan_id=None,
        until=datetime(2099, 7, 1, tzinfo=UTC),
        review_on=date(2099, 6, 15),
        granted_at=AT,
    )


def paid_in_full(case_id: UUID) -> PaymentPosted:
    return PaymentPosted(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        payment_id=new_id(),
        plan_id=None,
        currency="USD",
        amount=125_500,
        allocated=Balance(fees=1_500, interest=4_000, principal=120_000),
        overpaid=0,
        balance=NOTHING,
        received_on=date(2026, 3, 2),
        posted_at=AT,
    )


def corrected_to_nothing(case_id: UUID) -> CaseUpdated:
    return CaseUpdated(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        balance=NOTHING,
        days_past_due=45,
        contact_points=None,
        mandate=None,
    )


def addresses_gone(case_id: UUID, person_id: UUID) -> PersonUpdated:
    return PersonUpdated(person_id=person_id, creditor_id=HARBOUR_CREDIT, case_ids=(case_id,), contact_points=())


def person_erased(case_id: UUID, person_id: UUID) -> PersonErased:
    return PersonErased(person_id=person_id, creditor_id=HARBOUR_CREDIT, case_ids=(case_id,), erased_at=AT)
