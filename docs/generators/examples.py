"""One example of each event, written by hand: one borrower's case with an invented lender, Harbour Credit."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

import rfc8785

from docs.generators.example_ids import (
    ACCOUNT,
    ALARM,
    ATTEMPT,
    BATCH,
    CASE,
    COMPLAINT,
    DECISION,
    DISPUTE,
    EMAIL,
    HARBOUR_CREDIT,
    HOLD,
    MOBILE,
    OFFER,
    PAYMENT,
    PERSON,
    PLAN,
    REPLY,
    at,
    id_of,
)
from docs.generators.late_examples import late_bodies
from shared.events.body import EventBody
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
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reported import PaymentReported
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.person_updated import PersonUpdated
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_countered import PlanCountered
from shared.events.plan_proposed import PlanProposed
from shared.events.terms import Balance, ContactPoint, Instalment, Mandate, RuleFired, Terms

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


def terms_hash(terms: Terms) -> str:
    """SHA-256 over the RFC 8785 form, as the contract of plan.agreed says."""
    return hashlib.sha256(rfc8785.dumps(terms.model_dump(mode="json"))).hexdigest()


def example_bodies() -> list[tuple[EventBody, datetime]]:
    """Each event once, with the moment it became true, in the order of the registry's telling."""
    return [*_intake_bodies(), *_assessment_bodies(), *_outreach_bodies(), *_negotiation_bodies(), *late_bodies()]


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
            at(2),
        ),
        (
            CaseRejected(
                case_id=id_of(101),
                creditor_id=HARBOUR_CREDIT,
                batch_id=BATCH,
                record_number=17,
                reasons=(
                    RejectionReason(code="arrears_mismatch", pointer="/arrears_minor_units"),
                    RejectionReason(code="value_error", pointer="/schedule/3/due_on"),
                ),
            ),
            at(2),
        ),
        (
            CaseRecalled(case_id=id_of(102), creditor_id=HARBOUR_CREDIT, reason="paid_creditor", recalled_at=at(9)),
            at(9),
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
            at(9),
        ),
        (
            PersonUpdated(
                person_id=PERSON, creditor_id=HARBOUR_CREDIT, case_ids=(CASE,), contact_points=(_MOBILE, _EMAIL)
            ),
            at(9),
        ),
        (
            PersonErased(
                person_id=id_of(202), creditor_id=HARBOUR_CREDIT, case_ids=(id_of(102),), erased_at=at(30, month=6)
            ),
            at(30, month=6),
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
            at(6, month=4),
        ),
    ]


def _assessment_bodies() -> list[tuple[EventBody, datetime]]:
    return [
        (
            CaseAssessed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                assessment_id=id_of(20),
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
            at(2),
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
                received_at=at(3, 19),
            ),
            at(3, 19),
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
                attempted_at=at(3, 15),
            ),
            at(3, 15),
        ),
        (
            ContactDenied(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                person_id=PERSON,
                contact_point_id=MOBILE,
                channel="call",
                rung="call",
                decision_id=id_of(21),
                verdict="deny",
                rules=(RuleFired(rule="hours", clause="12 CFR 1006.6(b)(1)(i)"),),
                facts_hash=FACTS_HASH,
                pack_hash=PACK_HASH,
                packs=("us-regulation-f@1",),
                until=at(4, 13),
                denied_at=at(4, 4),
            ),
            at(4, 4),
        ),
        (
            HoldApplied(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                hold_id=HOLD,
                kind="default_playbook",
                until=at(12, month=5),
                cause_event_type="default.detected",
                applied_at=at(9, month=5),
            ),
            at(9, month=5),
        ),
        (
            HoldReleased(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                hold_id=HOLD,
                kind="default_playbook",
                reason="ended",
                released_at=at(12, month=5),
            ),
            at(12, month=5),
        ),
        (
            ComplaintOpened(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                complaint_id=COMPLAINT,
                category="conduct",
                answer_due_at=at(25),
                opened_at=at(10),
            ),
            at(10),
        ),
        (
            ComplaintClosed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                complaint_id=COMPLAINT,
                outcome="partly_upheld",
                closed_at=at(20),
            ),
            at(20),
        ),
        (
            DisputeOpened(
                case_id=CASE, creditor_id=HARBOUR_CREDIT, dispute_id=DISPUTE, ground="amount", opened_at=at(5)
            ),
            at(5),
        ),
        (
            DisputeClosed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                dispute_id=DISPUTE,
                outcome="debt_verified",
                closed_at=at(15),
            ),
            at(15),
        ),
        (
            ConductAlarmed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                alarm_id=ALARM,
                category="threats",
                reported_by="reply",
                raised_at=at(16),
            ),
            at(16),
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
                expires_at=at(3, month=4),
            ),
            at(4),
        ),
        (
            PlanCountered(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                counter_id=id_of(22),
                offer_id=OFFER,
                round=2,
                by="borrower",
                terms=_TERMS,
                answer="accepted",
                reasons=("within_mandate",),
            ),
            at(4, 16),
        ),
        (
            PlanAgreed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                plan_id=PLAN,
                offer_id=OFFER,
                terms=_TERMS,
                terms_hash=terms_hash(_TERMS),
                agreed_at=at(4, 17),
            ),
            at(4, 17),
        ),
        (
            PlanCompleted(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                plan_id=PLAN,
                paid=36_000,
                waived=0,
                currency="USD",
                completed_at=at(6, month=6),
            ),
            at(6, month=6),
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
                detected_at=at(9, month=5),
            ),
            at(9, month=5),
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
                posted_at=at(6, month=4),
            ),
            at(6, month=4),
        ),
        (
            PaymentReversed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                payment_id=PAYMENT,
                reversal_id=id_of(23),
                currency="USD",
                amount=12_000,
                balance=Balance(fees=1_500, interest=2_500, principal=32_000),
                reversed_at=at(8, month=4),
            ),
            at(8, month=4),
        ),
        (
            CaseClosed(
                case_id=CASE,
                creditor_id=HARBOUR_CREDIT,
                reason="plan_completed",
                closed_at=at(6, month=6),
                clearance_code="HC-7Q4M-2KXD",
            ),
            at(6, month=6),
        ),
    ]


def example_events() -> dict[str, Event[EventBody]]:
    """Type name -> an event as the platform would carry it; all belong to the chain that the placement began."""
    events: dict[str, Event[EventBody]] = {}
    placed = id_of(1001)
    for number, (body, occurred_at) in enumerate(example_bodies()):
        is_first = body.event_type == "case.received"
        events[body.event_type] = Event(
            event_id=id_of(1001 + number),
            body=body,
            occurred_at=occurred_at,
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
