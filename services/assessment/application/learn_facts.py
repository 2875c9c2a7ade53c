"""On everything that happens to a case: learn it, and assess the case again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast, get_args
from uuid import UUID

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
from shared.events.plan_slipped import PlanSlipped
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.relief_ended import ReliefEnded
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
        replaced = event.body.replaces_plan_id
        replaces = None if replaced is None else str(replaced)
        file.facts = file.facts.with_plan_agreed(str(event.body.plan_id), event.occurred_at, replaces)

    await learn(work, model, events, take)


async def learn_completed_plans(work: AssessmentWork, model: Model, events: Sequence[Event[PlanCompleted]]) -> None:
    """That a plan was kept to the end. Nobody is told: the case closes with it, by an event that may come first."""

    def take(file: CaseFile, event: Event[PlanCompleted]) -> None:
        file.facts = file.facts.with_plan_completed(str(event.body.plan_id), event.occurred_at)

    await learn(work, model, events, take, may_announce=False)


async def learn_withdrawn_plans(work: AssessmentWork, model: Model, events: Sequence[Event[PlanWithdrawn]]) -> None:
    """That a plan is as if it had never been; a later one stays."""

    def take(file: CaseFile, event: Event[PlanWithdrawn]) -> None:
        file.facts = file.facts.with_plan_withdrawn(str(event.body.plan_id))

    await learn(work, model, events, take)


async def learn_early_signs(work: AssessmentWork, model: Model, events: Sequence[Event[PlanSlipped]]) -> None:
    """That a plan may not be kept. Each sign of a plan is announced once: who re-plans wants today's assessment."""
    is_new: dict[UUID, bool] = {}

    def take(file: CaseFile, event: Event[PlanSlipped]) -> None:
        known = file.facts
        file.facts = known.with_early_sign(f"{event.body.plan_id or file.case_id}:{event.body.signal}")
        is_new[event.event_id] = file.facts != known

    await learn(work, model, events, take, must_announce=lambda event: is_new[event.event_id])


async def learn_ended_reliefs(work: AssessmentWork, model: Model, events: Sequence[Event[ReliefEnded]]) -> None:
    """Nothing new of the borrower, but time has gone by: announced where that changes the treatment."""

    def take(file: CaseFile, event: Event[ReliefEnded]) -> None:
        """What relief proved stays known after its end."""

    await learn(work, model, events, take)


async def learn_reliefs(work: AssessmentWork, model: Model, events: Sequence[Event[ReliefGranted]]) -> None:
    """That a hardship was proved, and of which cause. Heard again when relief is extended."""

    def take(file: CaseFile, event: Event[ReliefGranted]) -> None:
        cause = event.body.cause if event.body.cause in get_args(ArrearsCause) else None
        file.facts = file.facts.with_relief(cast("ArrearsCause | None", cause))

    await learn(work, model, events, take)


async def learn_defaults(work: AssessmentWork, model: Model, events: Sequence[Event[DefaultDetected]]) -> None:
    """That a plan was broken. Always announced: the default playbook waits for the new assessment."""

    def take(file: CaseFile, event: Event[DefaultDetected]) -> None:
        plan_id, broken_in_all = str(event.body.plan_id), event.body.defaults_on_case
        file.facts = file.facts.with_plan_broken(plan_id, event.occurred_at, broken_in_all)

    await learn(work, model, events, take, must_announce=lambda _: True)
