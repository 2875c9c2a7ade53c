"""The subscription table of intake: which event goes to which use case.

Nothing is needed first: intake knows its cases before anybody else, and each use case keeps the latest moment.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.intake.application.follow_cases import (
    end_placements,
    note_agreed_plans,
    note_applied_holds,
    note_completed_plans,
    note_released_holds,
    note_withdrawn_plans,
)
from services.intake.application.ports import Resources, Work
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.case_closed import CaseClosed
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_completed import PlanCompleted
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.messaging.subscription import AnySubscription, Handler, Subscription

B = TypeVar("B", bound=EventBody)


def subscriptions(resources: Resources) -> Sequence[AnySubscription]:
    return [
        Subscription(PlanAgreed, _handler(resources, note_agreed_plans)),
        Subscription(PlanWithdrawn, _handler(resources, note_withdrawn_plans)),
        Subscription(PlanCompleted, _handler(resources, note_completed_plans)),
        Subscription(HoldApplied, _handler(resources, note_applied_holds)),
        Subscription(HoldReleased, _handler(resources, note_released_holds)),
        Subscription(CaseClosed, _handler(resources, end_placements)),
    ]


def _handler(resources: Resources, use_case: Callable[[Work, Sequence[B]], Awaitable[None]]) -> Handler[B]:
    async def handle(transaction: Transaction, events: Sequence[Event[B]]) -> None:
        await use_case(resources.units.around(transaction), [event.body for event in events])

    return handle
