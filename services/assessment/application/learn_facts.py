"""On everything that happens to a case: learn it, and assess the case again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args

from services.assessment.application.assessing import business_date, learn
from services.assessment.application.ports import AssessmentWork
from services.assessment.domain.assessment import Model
from services.assessment.domain.case_facts import BalanceNews
from services.assessment.domain.case_file import CaseFile
from services.assessment.domain.terms import ArrearsCause
from shared.events.borrower_replied import BorrowerReplied
from shared.events.case_updated import CaseUpdated
from shared.events.contact_attempted import ContactAttempted
from shared.events.default_detected import DefaultDetected
from shared.events.envelope import Event
from shared.events.payment_posted import PaymentPosted
from shared.events.payment_reversed import PaymentReversed
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.relief_granted import ReliefGranted


async def learn_updates(work: AssessmentWork, model: Model, events: Sequence[Event[CaseUpdated]]) -> None:
    """The creditor's newer balance and days past due."""

    def take(file: CaseFile, event: Event[CaseUpdated]) -> None:
        balance = event.body.balance
        news = None if balance is None else BalanceNews(balance.total, str(event.event_id))
        on = business_date(event.occurred_at, file.facts.time_zone)
        file.facts = file.facts.with_update(news, event.body.days_past_due, on)

    await learn(work, model, events, take)


async def learn_contacts(work: AssessmentWork, model: Model, events: Sequence[Event[ContactAttempted]]) -> None:
    """Whether contacts reach the borrower."""

    def take(file: CaseFile, event: Event[ContactAttempted]) -> None:
        file.facts = file.facts.with_contact(was_conversation=event.body.outcome == "conversation")

    await learn(work, model, events, take)


async def learn_replies(work: AssessmentWork, model: Model, events: Sequence[Event[BorrowerReplied]]) -> None:
    """What the borrower says: the cause of the arrears, promises, hardship."""

    def take(file: CaseFile, event: Event[BorrowerReplied]) -> None:
        file.facts = file.facts.with_reply(event.body.intent, event.body.arrears_cause)

    await learn(work, model, events, take)


async def learn_payments(work: AssessmentWork, model: Model, events: Sequence[Event[PaymentPosted]]) -> None:
    """That the borrower pays, and what is left."""

    def take(file: CaseFile, event: Event[PaymentPosted]) -> None:
        file.facts = file.facts.with_payment(BalanceNews(event.body.balance.total, str(event.event_id)))

    await learn(work, model, events, take)


async def learn_reversals(work: AssessmentWork, model: Model, events: Sequence[Event[PaymentReversed]]) -> None:
    """That a payment did not hold."""

    def take(file: CaseFile, event: Event[PaymentReversed]) -> None:
        file.facts = file.facts.with_payment_reversed(BalanceNews(event.body.balance.total, str(event.event_id)))

    await learn(work, model, events, take)


async def learn_agreed_plans(work: AssessmentWork, model: Model, events: Sequence[Event[PlanAgreed]]) -> None:
    """That there is a plan to keep, a new one or one that is resumed."""

    def take(file: CaseFile, event: Event[PlanAgreed]) -> None:
        file.facts = file.facts.with_plan_agreed(event.occurred_at)

    await learn(work, model, events, take)


async def learn_completed_plans(work: AssessmentWork, model: Model, events: Sequence[Event[PlanCompleted]]) -> None:
    """That a plan was kept to the end. Nobody is told: the case closes with it, by an event that may come first."""

    def take(file: CaseFile, event: Event[PlanCompleted]) -> None:
        file.facts = file.facts.with_plan_completed(event.occurred_at)

    await learn(work, model, events, take, may_announce=False)


async def learn_reliefs(work: AssessmentWork, model: Model, events: Sequence[Event[ReliefGranted]]) -> None:
    """That a hardship was proved, and of which cause. Heard again when relief is extended."""

    def take(file: CaseFile, event: Event[ReliefGranted]) -> None:
        cause = event.body.cause if event.body.cause in get_args(ArrearsCause) else None
        file.facts = file.facts.with_relief(cast("ArrearsCause | None", cause))

    await learn(work, model, events, take)


async def learn_defaults(work: AssessmentWork, model: Model, events: Sequence[Event[DefaultDetected]]) -> None:
    """That a plan was broken. Always announced: the default playbook waits for the new assessment."""

    def take(file: CaseFile, event: Event[DefaultDetected]) -> None:
        file.facts = file.facts.with_plan_broken(event.occurred_at, event.body.defaults_on_case)

    await learn(work, model, events, take, always_announce=True)
