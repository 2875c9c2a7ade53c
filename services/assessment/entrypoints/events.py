"""The subscription table: which event teaches assessment what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from services.assessment.application import end_assessment, learn_facts
from services.assessment.application.assess_received_cases import assess_received_cases
from services.assessment.application.forget_person import forget_person
from services.assessment.application.ports import AssessmentWork, Resources
from services.assessment.domain.assessment import Model
from shared.db.transaction import Transaction
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_updated import CaseUpdated
from shared.events.contact_attempted import ContactAttempted
from shared.events.default_detected import DefaultDetected
from shared.events.envelope import Event
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_slipped import PlanSlipped
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.messaging.subscription import AnySubscription, Subscription

CASE = "case"
_KNOWN = frozenset({CASE})


def subscriptions(resources: Resources) -> Sequence[AnySubscription]:
    """In the order in which one batch is handled: what ends a case last, so that what came before it still counts."""

    def assessing(use_case: Callable[[AssessmentWork, Model, Sequence[Event[Any]]], Awaitable[None]]) -> Any:
        async def handle(transaction: Transaction, events: Sequence[Event[Any]]) -> None:
            await use_case(resources.work(transaction), resources.model_in_use.model, events)

        return handle

    def ending(use_case: Callable[[AssessmentWork, Sequence[Event[Any]]], Awaitable[None]]) -> Any:
        async def handle(transaction: Transaction, events: Sequence[Event[Any]]) -> None:
            await use_case(resources.work(transaction), events)

        return handle

    return [
        Subscription(CaseReceived, assessing(assess_received_cases), provides=CASE),
        Subscription(CaseUpdated, assessing(learn_facts.learn_updates), needs=_KNOWN),
        Subscription(ContactAttempted, assessing(learn_facts.learn_contacts), needs=_KNOWN),
        Subscription(BorrowerReplied, assessing(learn_facts.learn_replies), needs=_KNOWN),
        Subscription(PaymentPosted, assessing(learn_facts.learn_payments), needs=_KNOWN),
        Subscription(PaymentReversed, assessing(learn_facts.learn_reversals), needs=_KNOWN),
        Subscription(PlanAgreed, assessing(learn_facts.learn_agreed_plans), needs=_KNOWN),
        Subscription(PlanWithdrawn, assessing(learn_facts.learn_withdrawn_plans), needs=_KNOWN),
        Subscription(PlanSlipped, assessing(learn_facts.learn_early_signs), needs=_KNOWN),
        Subscription(PlanCompleted, assessing(learn_facts.learn_completed_plans), needs=_KNOWN),
        Subscription(ReliefGranted, assessing(learn_facts.learn_reliefs), needs=_KNOWN),
        Subscription(ReliefEnded, assessing(learn_facts.learn_ended_reliefs), needs=_KNOWN),
        Subscription(DefaultDetected, assessing(learn_facts.learn_defaults), needs=_KNOWN),
        Subscription(CaseRecalled, ending(end_assessment.end_recalled), needs=_KNOWN),
        Subscription(CaseClosed, ending(end_assessment.end_closed), needs=_KNOWN),
        Subscription(PersonErased, ending(forget_person)),
    ]
