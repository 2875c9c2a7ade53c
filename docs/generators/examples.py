"""One example of each event, written by hand: one borrower's case with an invented lender, Harbour Credit."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import rfc8785

from shared.events.body import EventBody
from shared.events.books_adjusted import BooksAdjusted
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_assessed import CaseAssessed
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_rejected import CaseRejected, RejectionReason
from shared.events.case_updated import CaseUpdated
from shared.events.codec import encode
from shared.events.complaint_closed import ComplaintClosed
from shared.events.complaint_opened import ComplaintOpened
from shared.events.conduct_alarmed import ConductAlarmed
from shared.events.contact_attempted import ContactAttempted
from shared.events.contact_denied import ContactDenied
from shared.events.default_detected import DefaultDetected
from shared.events.dispute_closed import DisputeClosed
from shared.events.dispute_opened import DisputeOpened
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.legal_advanced import LegalAdvanced
from shared.events.legal_closed import LegalClosed
from shared.events.legal_opened import LegalOpened
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_remitted import PaymentRemitted
from shared.events.payment_reported import PaymentReported
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.person_updated import PersonUpdated
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_countered import PlanCountered
from shared.events.plan_proposed import PlanProposed
from shared.events.plan_slipped import PlanSlipped
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.re_default_detected import ReDefaultDetected
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested
from shared.events.terms import Balance, ContactPoint, Instalment, Mandate, RuleFired, Terms


def _id(number: int) -> UUID:
    return UUID(f"0195c0de-0000-7000-8000-{number:012d}")


CASE, PERSON, HARBOUR_CREDIT, ACCOUNT, BATCH = _id(1), _id(2), _id(3), _id(4), _id(5)
MOBILE, EMAIL, ATTEMPT, DECISION, REPLY = _id(6), _id(7), _id(8), _id(9), _id(10)
OFFER, PLAN, PAYMENT, HOLD, COMPLAINT, DISPUTE, ALARM = (_id(number) for number in range(11, 18))
RELIEF, LEGAL = _id(25), _id(26)
FACTS_HASH = hashlib.sha256(b"facts").hexdigest()
PACK_HASH = hashlib.sha256(b"us-regulation-f@1").hexdigest()

_MOBILE = ContactPoint(
    contact_point_id=MOBILE,
    kind="mobile",
    place="none",
    time_zones=("America/New_York", "America/Chicago"),
    is_verified=True,
    may_be_used=True,
)
_EMAIL = ContactPoint(
    contact_point_id=EMAIL, kind="email", time_zones=("America/New_York",), is_verified=False, may_be_used=None
)
_MANDATE = Mandate(
    version=1, discount_max=3_000, term_months_max=24, instalment_min=5_000, pause_months_max=3, grace_days=3
)
_TERMS = Terms(
    kind="instalments",
    currency="USD",
    total=36_000,
    discount=0,
    instalments=(
        Instalment(number=1, due_on="2026-04-05", amount=12_000),
        Instalment(number=2, due_on="2026-05-05", amount=12_000),
        Instalment(number=3, due_on="2026-06-05", amount=12_000),
    ),
    grace_days=3,
)


def _at(day: int, hour: int = 15, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


def terms_hash(terms: Terms) -> str:
    """SHA-256 over the RFC 8785 form, as the contract of plan.agreed says."""
    return hashlib.sha256(rfc8785.dumps(terms.model_dump(mode="json"))).hexdigest()


def example_bodies() -> list[tuple[EventBody, datetime]]:
    """Each event once, with the moment it became true, in the order of the registry's telling."""
    return [*_intake_bodies(), *_assessment_bodies(), *_outreach_bodies(), *_negotiation_bodies(), *_late_bodies()]


def _intake_bodies() -> list[tuple[EventBody, datetime]]:
    return [
        (
            CaseReceived(
                case_id=CASE,
                person_id=PERSON,
                creditor_id=HARBOUR_CREDIT,
                account_id=ACCOUNT,
                batch_id=BATCH,
                jurisdiction="US",
                region="NY",
                language="en",
                product="personal_loan",
                currency="USD",
                balance=Balance(fees=1_500, interest=2_500, principal=32_000),
                arrears=9_900,
                instalment=3_300,
                days_past_due=45,
                oldest_due_on=date(2026, 1, 16),
                originated_on=date(2025, 4, 16),
                term_months=24,
                instalments_paid=8,
                instalments_missed=3,
                annual_rate=1_299,
                annual_income=5_400_000,
                debt_to_income=1_800,
                employment_years=4,
                delinquencies_two_years=0,
                homeowner=False,
                arrears_cause="cash_flow_gap",
                contact_points=(_MOBILE, _EMAIL),
                mandate=_MANDATE,
                placed_on=date(2026, 3, 2),
                provenance="generated",
            ),
            _at(2),
        ),
        (
            CaseRejected(
                case_id=_id(101),
                creditor_id=HARBOUR_CREDIT,
                batch_id=BATCH,
                record_number=17,
                reasons=(
                    RejectionReason(code="arrears_mismatch", pointer="/arrears_minor_units"),
                    RejectionReason(code="value_error", pointer="/schedule/3/due_on"),
                ),
            ),
            _at(2),
        ),
        (
            CaseRecalled(case_id=_id(102), creditor_id=HARBOUR_CREDIT, reason="paid_creditor", recalled_at=_at(9)),
            _at(9),
        ),
        (
            CaseUpdated(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                balance=Balance(fees=1_500, interest=2_500, principal=32_000),
                days_past_due=52,
                contact_points=None,
                mandate=None,
            ),
            _at(9),
        ),
        (
            PersonUpdated(
                person_id=PERSON, creditor_id=HARBOUR_CREDIT, case_ids=(CASE,), contact_points=(_MOBILE, _EMAIL)
            ),
            _at(9),
        ),
        (
            PersonErased(
                person_id=_id(202), creditor_id=HARBOUR_CREDIT, case_ids=(_id(102),), erased_at=_at(30, month=6)
            ),
            _at(30, month=6),
        ),
        (
            PaymentReported(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                payment_id=PAYMENT,
                amount=12_000,
                currency="USD",
                received_on=date(2026, 4, 5),
                reverses_payment_id=None,
            ),
            _at(6, month=4),
        ),
    ]


def _assessment_bodies() -> list[tuple[EventBody, datetime]]:
    return [
        (
            CaseAssessed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                assessment_id=_id(20),
                model="points@1+treatment@1",
                trigger="case.received",
                ability=75,
                willingness=53,
                risk_grade="C",
                stage="mid",
                segment="able_willing",
                strategy="standard",
                arrears_cause="cash_flow_gap",
                is_vulnerable=False,
                affordable_monthly=117_800,
                reason_codes=(
                    "rule_able_willing",
                    "instalment_light",
                    "arrears_small",
                    "cause_cash_flow_gap",
                    "most_instalments_paid",
                    "balance_small",
                    "employment_steady",
                    "no_other_delinquency",
                ),
            ),
            _at(2),
        )
    ]


def _outreach_bodies() -> list[tuple[EventBody, datetime]]:
    return [
        (
            BorrowerReplied(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                reply_id=REPLY,
                attempt_id=ATTEMPT,
                channel="sms",
                intent="promise",
                classified_by="rules.v1",
                promised_on=date(2026, 4, 5),
                promised=12_000,
                arrears_cause="cash_flow_gap",
                received_at=_at(3, 19),
            ),
            _at(3, 19),
        ),
        (
            ContactAttempted(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                person_id=PERSON,
                attempt_id=ATTEMPT,
                contact_point_id=MOBILE,
                channel="sms",
                rung="reminder",
                template="first_reminder",
                decision_id=DECISION,
                facts_hash=FACTS_HASH,
                pack_hash=PACK_HASH,
                packs=("us-regulation-f@1",),
                outcome="delivered",
                counts=True,
                attempted_at=_at(3, 15),
            ),
            _at(3, 15),
        ),
        (
            ContactDenied(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                person_id=PERSON,
                contact_point_id=MOBILE,
                channel="call",
                rung="call",
                decision_id=_id(21),
                verdict="deny",
                rules=(RuleFired(rule="hours", clause="12 CFR 1006.6(b)(1)(i)"),),
                facts_hash=FACTS_HASH,
                pack_hash=PACK_HASH,
                packs=("us-regulation-f@1",),
                until=_at(4, 13),
                denied_at=_at(4, 4),
            ),
            _at(4, 4),
        ),
        (
            HoldApplied(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                hold_id=HOLD,
                kind="default_playbook",
                until=_at(12, month=5),
                cause_event_type="default.detected",
                applied_at=_at(9, month=5),
            ),
            _at(9, month=5),
        ),
        (
            HoldReleased(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                hold_id=HOLD,
                kind="default_playbook",
                reason="ended",
                released_at=_at(12, month=5),
            ),
            _at(12, month=5),
        ),
        (
            ComplaintOpened(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                complaint_id=COMPLAINT,
                category="conduct",
                answer_due_at=_at(25),
                opened_at=_at(10),
            ),
            _at(10),
        ),
        (
            ComplaintClosed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                complaint_id=COMPLAINT,
                outcome="partly_upheld",
                closed_at=_at(20),
            ),
            _at(20),
        ),
        (
            DisputeOpened(
                case_id=CASE, creditor_id=HARBOUR_CREDIT, dispute_id=DISPUTE, ground="amount", opened_at=_at(5)
            ),
            _at(5),
        ),
        (
            DisputeClosed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                dispute_id=DISPUTE,
                outcome="debt_verified",
                closed_at=_at(15),
            ),
            _at(15),
        ),
        (
            ConductAlarmed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                alarm_id=ALARM,
                category="threats",
                reported_by="reply",
                raised_at=_at(16),
            ),
            _at(16),
        ),
    ]


def _negotiation_bodies() -> list[tuple[EventBody, datetime]]:
    return [
        (
            PlanProposed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                offer_id=OFFER,
                round=1,
                terms=_TERMS,
                reasons=("within_affordability", "short_term"),
                expires_at=_at(3, month=4),
            ),
            _at(4),
        ),
        (
            PlanCountered(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                counter_id=_id(22),
                offer_id=OFFER,
                round=2,
                by="borrower",
                terms=_TERMS,
                answer="accepted",
                reasons=("within_mandate",),
            ),
            _at(4, 16),
        ),
        (
            PlanAgreed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                plan_id=PLAN,
                offer_id=OFFER,
                terms=_TERMS,
                terms_hash=terms_hash(_TERMS),
                agreed_at=_at(4, 17),
            ),
            _at(4, 17),
        ),
        (
            PlanCompleted(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                plan_id=PLAN,
                paid=36_000,
                waived=0,
                currency="USD",
                completed_at=_at(6, month=6),
            ),
            _at(6, month=6),
        ),
        (
            DefaultDetected(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                plan_id=PLAN,
                instalment_number=2,
                due_on=date(2026, 5, 5),
                due=12_000,
                paid=4_000,
                currency="USD",
                kind="partial",
                defaults_on_case=1,
                detected_at=_at(9, month=5),
            ),
            _at(9, month=5),
        ),
        (
            PaymentPosted(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                payment_id=PAYMENT,
                plan_id=PLAN,
                currency="USD",
                amount=12_000,
                allocated=Balance(fees=1_500, interest=2_500, principal=8_000),
                overpaid=0,
                balance=Balance(fees=0, interest=0, principal=24_000),
                received_on=date(2026, 4, 5),
                posted_at=_at(6, month=4),
            ),
            _at(6, month=4),
        ),
        (
            PaymentReversed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                payment_id=PAYMENT,
                reversal_id=_id(23),
                currency="USD",
                amount=12_000,
                balance=Balance(fees=1_500, interest=2_500, principal=32_000),
                reversed_at=_at(8, month=4),
            ),
            _at(8, month=4),
        ),
        (
            CaseClosed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                reason="plan_completed",
                closed_at=_at(6, month=6),
                clearance_code="HC-7Q4M-2KXD",
            ),
            _at(6, month=6),
        ),
    ]


def _late_bodies() -> list[tuple[EventBody, datetime]]:
    ours: dict[str, UUID] = {"case_id": CASE, "creditor_id": HARBOUR_CREDIT}
    proof = hashlib.sha256(b"proof").hexdigest()
    bodies: list[tuple[EventBody, datetime]] = [
        (PlanWithdrawn(**ours, plan_id=_id(24), is_refund_asked=False, withdrawn_at=_at(6)), _at(6)),
        (
            PlanSlipped(
                **ours,
                plan_id=PLAN,
                signal="later_each_time",
                instalment_number=2,
                count=2,
                slipped_at=_at(7, month=5),
            ),
            _at(7, month=5),
        ),
        (
            ReliefRequested(
                **ours,
                relief_id=RELIEF,
                cause="illness",
                months_asked=3,
                decide_by=_at(27, month=5),
                requested_at=_at(13, month=5),
            ),
            _at(13, month=5),
        ),
        (
            ReliefGranted(
                **ours,
                relief_id=RELIEF,
                cause="illness",
                form="pause",
                plan_id=None,
                until=_at(18, month=8),
                review_on=date(2026, 8, 4),
                granted_at=_at(18, month=5),
            ),
            _at(18, month=5),
        ),
        (
            ReliefEnded(**ours, relief_id=RELIEF, outcome="expired", reasons=("expired",), ended_at=_at(18, month=8)),
            _at(18, month=8),
        ),
        (
            LegalOpened(
                **ours,
                legal_id=LEGAL,
                handover_id=_id(27),
                proof_hash=proof,
                jurisdiction="US",
                limitation_ends_on=date(2029, 1, 15),
                opened_at=_at(1, month=9),
            ),
            _at(1, month=9),
        ),
        (
            LegalAdvanced(
                **ours,
                legal_id=LEGAL,
                step="letter_before_action",
                counsel_signature_hash=hashlib.sha256(b"signature").hexdigest(),
                documents_hash=hashlib.sha256(b"documents").hexdigest(),
                respond_by=date(2026, 10, 5),
                advanced_at=_at(4, month=9),
            ),
            _at(4, month=9),
        ),
        (
            LegalClosed(
                **ours, legal_id=LEGAL, outcome="settled", reasons=("plan_agreed",), closed_at=_at(10, month=9)
            ),
            _at(10, month=9),
        ),
        (
            BooksAdjusted(
                **ours,
                kind="refund_paid",
                source_id=_id(27),
                payment_id=PAYMENT,
                currency="USD",
                amount=500,
                balance_before=Balance(fees=0, interest=0, principal=0),
                balance=Balance(fees=0, interest=0, principal=0),
                overpaid=0,
                adjusted_at=_at(10, month=9),
            ),
            _at(10, month=9),
        ),
        (
            PaymentRemitted(
                **ours,
                remittance_id=_id(28),
                currency="USD",
                gross=12_000,
                commission=1_800,
                set_off=0,
                statement_hash=hashlib.sha256(b"statement").hexdigest(),
                remitted_at=_at(30, month=4),
            ),
            _at(30, month=4),
        ),
        (
            ReDefaultDetected(
                **ours,
                watch_id=_id(29),
                again_case_id=_id(103),
                cured_at=_at(6, month=6),
                within_months=6,
                arrears_cause="job_loss",
                treatment="level",
                detected_at=_at(2, month=11),
            ),
            _at(2, month=11),
        ),
    ]
    return bodies


def example_events() -> dict[str, Event[EventBody]]:
    """Type name -> an event as the platform would carry it; all belong to the chain that the placement began."""
    events: dict[str, Event[EventBody]] = {}
    placed = _id(1001)
    for number, (body, at) in enumerate(example_bodies()):
        is_first = body.event_type == "case.received"
        events[body.event_type] = Event(
            event_id=_id(1001 + number),
            body=body,
            occurred_at=at,
            sequence=1,
            correlation_id=placed,
            causation_id=None if is_first else placed,
            traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        )
    return events


def example_document(event: Event[EventBody]) -> dict[str, Any]:
    """The record as a subscriber sees it: topic, key, headers and the body's JSON."""
    headers, value = encode(event)
    return {"topic": event.event_type, "key": str(event.key), "headers": headers, "value": json.loads(value)}
