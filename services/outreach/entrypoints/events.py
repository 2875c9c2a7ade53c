"""The subscription table: which event goes to which use case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from services.outreach.application import follow_legal, follow_plans, rest_for_relief, stop_contacts, update_case_files
from services.outreach.application.apply_holds import hold_quarantined
from services.outreach.application.open_case_files import open_case_files
from services.outreach.application.plan_contacts import plan_contacts
from services.outreach.application.ports import Resources, Work
from shared.db.transaction import Transaction
from shared.events.case_assessed import CaseAssessed
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.case_received import CaseReceived
from shared.events.case_updated import CaseUpdated
from shared.events.default_detected import DefaultDetected
from shared.events.envelope import Event
from shared.events.legal_advanced import LegalAdvanced
from shared.events.legal_closed import LegalClosed
from shared.events.legal_opened import LegalOpened
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.person_erased import PersonErased
from shared.events.person_updated import PersonUpdated
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_proposed import PlanProposed
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested
from shared.messaging.subscription import AnySubscription, OnQuarantine, Subscription

CASE = "case"
_KNOWN = frozenset({CASE})


def subscriptions(resources: Resources) -> Sequence[AnySubscription]:
    """In the order in which one batch is handled: what opens a case first, what stops contact last."""

    def to(use_case: Callable[[Work, Sequence[Event[Any]]], Awaitable[None]]) -> Any:
        async def handle(transaction: Transaction, events: Sequence[Event[Any]]) -> None:
            await use_case(resources.work(transaction), events)

        return handle

    async def assessed(work: Work, events: Sequence[Event[CaseAssessed]]) -> None:
        await plan_contacts(work, resources.ladders, events)

    return [
        Subscription(CaseReceived, to(open_case_files), provides=CASE),
        Subscription(CaseUpdated, to(update_case_files.update_cases), needs=_KNOWN),
        Subscription(PersonUpdated, to(update_case_files.update_persons)),
        Subscription(CaseAssessed, to(assessed), needs=_KNOWN),
        Subscription(PlanProposed, to(update_case_files.note_offers), needs=_KNOWN),
        Subscription(PlanAgreed, to(follow_plans.follow_agreed_plans), needs=_KNOWN),
        Subscription(PlanWithdrawn, to(follow_plans.follow_withdrawals), needs=_KNOWN),
        Subscription(DefaultDetected, to(follow_plans.follow_defaults), needs=_KNOWN),
        Subscription(ReliefRequested, to(rest_for_relief.rest_while_asked), needs=_KNOWN),
        Subscription(ReliefGranted, to(rest_for_relief.rest_while_granted), needs=_KNOWN),
        Subscription(ReliefEnded, to(rest_for_relief.go_on_after_relief), needs=_KNOWN),
        Subscription(PaymentPosted, to(update_case_files.book_payments), needs=_KNOWN),
        Subscription(PaymentReversed, to(update_case_files.take_back_payments), needs=_KNOWN),
        Subscription(PlanCompleted, to(stop_contacts.stop_completed), needs=_KNOWN),
        Subscription(LegalOpened, to(follow_legal.follow_opened), needs=_KNOWN),
        Subscription(LegalAdvanced, to(follow_legal.follow_advanced), needs=_KNOWN),
        Subscription(LegalClosed, to(follow_legal.follow_closed), needs=_KNOWN),
        Subscription(CaseRecalled, to(stop_contacts.stop_recalled), needs=_KNOWN),
        Subscription(CaseClosed, to(stop_contacts.stop_closed), needs=_KNOWN),
        Subscription(PersonErased, to(update_case_files.erase_persons)),
    ]


def on_quarantine(resources: Resources) -> OnQuarantine:
    """A case that cannot be kept up to date is held: not contacting is the safe failure."""

    async def hold(transaction: Transaction, key: str, reason: str) -> None:
        await hold_quarantined(resources.work(transaction), UUID(key))

    return hold
