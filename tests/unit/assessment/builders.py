"""Facts and events with faces, and assessment's work in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from services.assessment.application.ports import KeptAssessment
from services.assessment.domain.case_facts import BEFORE_ALL_NEWS, CaseFacts
from services.assessment.domain.case_file import CaseFile
from shared.events.body import EventBody
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_assessed import CaseAssessed
from shared.events.contact_attempted import ContactAttempted
from shared.events.default_detected import DefaultDetected
from shared.events.envelope import Event
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_slipped import PlanSlipped
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.relief_ended import ReliefEnded
from shared.events.terms import Balance, Terms
from shared.kernel.identifiers import new_id
from tests.support.events import HARBOUR_CREDIT

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SHA = "0" * 64


def rent_arrears(**changes: Any) -> CaseFacts:
    """A borrower in New York with a steady income and two instalments missed; 45 days past due on TODAY."""
    facts = CaseFacts(
        currency="USD",
        time_zone="America/New_York",
        past_due_since=date(2026, 1, 16),
        balance_minor_units=125_500,
        balance_order=BEFORE_ALL_NEWS,
        arrears_minor_units=9_900,
        instalment_minor_units=5_000,
        instalments_paid=6,
        instalments_missed=2,
        annual_income_minor_units=5_400_000,
        debt_to_income_basis_points=1_800,
        employment_years=4,
        delinquencies_two_years=0,
        is_homeowner=False,
        lender_cause="cash_flow_gap",
    )
    return replace(facts, **changes)


def contact_attempted(case_id: UUID, outcome: str = "sent") -> ContactAttempted:
    return ContactAttempted.model_validate(
        {
            "case_id": case_id,
            "creditor_id": HARBOUR_CREDIT,
            "person_id": new_id(),
            "attempt_id": new_id(),
            "contact_point_id": new_id(),
            "channel": "email",
            "rung": "reminder",
            "template": "first_reminder",
            "decision_id": new_id(),
            "facts_hash": SHA,
            "pack_hash": SHA,
            "packs": ("us-regulation-f@1",),
            "outcome": outcome,
            "counts": True,
            "attempted_at": AT,
        }
    )


def borrower_replied(case_id: UUID, intent: str, cause: str | None = None) -> BorrowerReplied:
    return BorrowerReplied.model_validate(
        {
            "case_id": case_id,
            "creditor_id": HARBOUR_CREDIT,
            "reply_id": new_id(),
            "attempt_id": None,
            "channel": "sms",
            "intent": intent,
            "classified_by": "rules.v1",
            "promised_on": None,
            "promised": None,
            "arrears_cause": cause,
            "received_at": AT,
        }
    )


def payment_posted(case_id: UUID, principal_left: int = 100_000) -> PaymentPosted:
    return PaymentPosted(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        payment_id=new_id(),
        plan_id=None,
        currency="USD",
        amount=5_000,
        allocated=Balance(fees=0, interest=0, principal=5_000),
        overpaid=0,
        balance=Balance(fees=0, interest=0, principal=principal_left),
        received_on=TODAY,
        posted_at=AT,
    )


def payment_reversed(case_id: UUID, principal_left: int = 105_000) -> PaymentReversed:
    return PaymentReversed(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        payment_id=new_id(),
        reversal_id=new_id(),
        currency="USD",
        amount=5_000,
        balance=Balance(fees=0, interest=0, principal=principal_left),
        reversed_at=AT,
    )


def plan_agreed(case_id: UUID) -> PlanAgreed:
    terms = Terms(kind="instalments", currency="USD", total=125_500, discount=0, instalments=(), grace_days=3)
    return PlanAgreed(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        plan_id=new_id(),
        offer_id=None,
        terms=terms,
        terms_hash=SHA,
        agreed_at=AT,
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


def plan_withdrawn(plan: PlanAgreed) -> PlanWithdrawn:
    return PlanWithdrawn(
        case_id=plan.case_id,
        creditor_id=plan.creditor_id,
        plan_id=plan.plan_id,
        is_refund_asked=False,
        withdrawn_at=AT,
    )


def plan_slipped(case_id: UUID, plan_id: UUID | None, signal: str = "later_each_time", count: int = 2) -> PlanSlipped:
    return PlanSlipped(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        plan_id=plan_id,
        signal=signal,
        instalment_number=count if plan_id is not None else None,
        count=count,
        slipped_at=AT,
    )


def relief_ended(case_id: UUID) -> ReliefEnded:
    return ReliefEnded(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        relief_id=new_id(),
        outcome="expired",
        reasons=("expired",),
        ended_at=AT,
    )


def default_detected(case_id: UUID, defaults_on_case: int = 1) -> DefaultDetected:
    return DefaultDetected(
        case_id=case_id,
        creditor_id=HARBOUR_CREDIT,
        plan_id=new_id(),
        instalment_number=1,
        due_on=TODAY,
        due=5_000,
        paid=0,
        currency="USD",
        kind="missed",
        defaults_on_case=defaults_on_case,
        detected_at=AT,
    )


def announced(body: EventBody, *, at: datetime = AT) -> Event[Any]:
    event_id = new_id()
    return Event(event_id=event_id, body=body, occurred_at=at, sequence=1, correlation_id=event_id)


class MemoryCaseFiles:
    """Files on cases, copied in and out as a database would."""

    def __init__(self) -> None:
        self.rows: dict[UUID, CaseFile] = {}

    async def load(self, case_ids: Collection[UUID]) -> dict[UUID, CaseFile]:
        return {case_id: deepcopy(self.rows[case_id]) for case_id in case_ids if case_id in self.rows}

    async def save(self, files: Sequence[CaseFile]) -> None:
        self.rows.update({file.case_id: deepcopy(file) for file in files})

    async def find(self, case_id: UUID) -> CaseFile | None:
        return deepcopy(self.rows.get(case_id))


class MemoryAssessments:
    """Kept assessments in the order of their keeping."""

    def __init__(self) -> None:
        self.rows: list[KeptAssessment] = []

    async def add(self, kept: Sequence[KeptAssessment]) -> None:
        self.rows.extend(kept)

    async def newest(self, case_id: UUID, limit: int) -> list[KeptAssessment]:
        return [row for row in reversed(self.rows) if row.case_id == case_id][:limit]

    async def forget(self, case_ids: Sequence[UUID]) -> None:
        self.rows = [row for row in self.rows if row.case_id not in case_ids]


class MemoryWork:
    """Assessment's work without a database; `said` is what would go out."""

    def __init__(self, now: datetime = AT) -> None:
        self.now = now
        self.case_files = MemoryCaseFiles()
        self.assessments = MemoryAssessments()
        self.said: list[tuple[CaseAssessed, Event[Any]]] = []

    def announce(self, body: EventBody, caused_by: Event[Any]) -> None:
        assert isinstance(body, CaseAssessed)
        self.said.append((body, caused_by))
