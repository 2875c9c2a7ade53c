"""The only lookup from a type name to its contract. The listing is the platform's vocabulary."""

from __future__ import annotations

from shared.events.body import EventBody
from shared.events.books_adjusted import BooksAdjusted
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_assessed import CaseAssessed
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_rejected import CaseRejected
from shared.events.case_updated import CaseUpdated
from shared.events.complaint_closed import ComplaintClosed
from shared.events.complaint_opened import ComplaintOpened
from shared.events.conduct_alarmed import ConductAlarmed
from shared.events.contact_attempted import ContactAttempted
from shared.events.contact_denied import ContactDenied
from shared.events.default_detected import DefaultDetected
from shared.events.dispute_closed import DisputeClosed
from shared.events.dispute_opened import DisputeOpened
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

EVENTS: dict[str, type[EventBody]] = {
    body.event_type: body
    for body in (
        CaseReceived,
        CaseRejected,
        CaseRecalled,
        CaseUpdated,
        CaseAssessed,
        CaseClosed,
        PersonUpdated,
        PersonErased,
        BorrowerReplied,
        ContactAttempted,
        ContactDenied,
        HoldApplied,
        HoldReleased,
        PlanProposed,
        PlanCountered,
        PlanAgreed,
        PlanWithdrawn,
        PlanSlipped,
        PlanCompleted,
        DefaultDetected,
        ReliefRequested,
        ReliefGranted,
        ReliefEnded,
        PaymentReported,
        PaymentPosted,
        PaymentReversed,
        BooksAdjusted,
        PaymentRemitted,
        ReDefaultDetected,
        LegalOpened,
        LegalAdvanced,
        LegalClosed,
        ComplaintOpened,
        ComplaintClosed,
        DisputeOpened,
        DisputeClosed,
        ConductAlarmed,
    )
}
"""Type name -> contract, in the order of a case's life."""
