"""The subscription table of a service: which event goes to which use case, and what it needs to be known first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.db.transaction import Transaction
from shared.events.body import EventBody
from shared.events.envelope import Event

B = TypeVar("B", bound=EventBody)

Handler = Callable[[Transaction, Sequence[Event[B]]], Awaitable[None]]
"""Handles many events of one type inside the batch's transaction. It must not commit and must not call the network.

A handler sees each event once, those of one case in order. It raises for bad data only; the loop then finds the one
event that is bad. Several events of one case may be in one call.
"""

OnQuarantine = Callable[[Transaction, str, str], Awaitable[None]]
"""Called with the key and the reason when a case is quarantined, in the same transaction."""


@dataclass(frozen=True)
class Subscription(Generic[B]):
    """`needs`: facts that must be known of the key before the event is handled; until then it waits in the database.
    `provides`: the fact that is known once an event of this type has been handled.

    Facts are words of the service ("case", "plan"), counted per key. Order across topics is not promised by Kafka;
    this is how a handler gets the order it needs.
    """

    body: type[B]
    handler: Handler[B]
    needs: frozenset[str] = field(default_factory=frozenset)
    provides: str | None = None

    @property
    def topic(self) -> str:
        return self.body.event_type


AnySubscription = Subscription[Any]
