"""The subscription table: everything, in the order of a case's life. Nothing is needed first: any order will do."""

from __future__ import annotations

from collections.abc import Sequence

from services.reporting.application.ports import Resources
from services.reporting.application.record_events import record_events
from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.events.registry import EVENTS
from shared.messaging.subscription import AnySubscription, Subscription


def subscriptions(resources: Resources) -> Sequence[AnySubscription]:
    async def record(transaction: Transaction, events: Sequence[Event[EventBody]]) -> None:
        await record_events(resources.record(transaction), events)

    return [Subscription(body, record) for body in EVENTS.values()]
