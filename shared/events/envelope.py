"""An event as the platform carries it: CloudEvents 1.0 attributes around a typed body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from shared.events.body import EventBody

B_co = TypeVar("B_co", bound=EventBody, covariant=True)


@dataclass(frozen=True, slots=True)
class Event(Generic[B_co]):
    """One fact that has been announced.

    `sequence` counts from 1, without gaps, per key within a topic. `causation_id` is the event that led to this one,
    `correlation_id` the first event of the chain. A subscriber may assume neither order across topics nor that it sees
    an event only once on the wire; the subscriber loop takes care of the second.
    """

    event_id: UUID
    body: B_co
    occurred_at: datetime
    sequence: int
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None

    @property
    def event_type(self) -> str:
        return self.body.event_type

    @property
    def key(self) -> UUID:
        return self.body.key
