"""A fact: one event as reporting keeps it, free of the contracts' classes, so that a replay needs the journal alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Breaks ties within one millisecond of one producer: a payment is booked before the plan it completes, the plan is
# completed before its case is closed.
_ORDER_OF_LIFE = (
    "case.received",
    "case.updated",
    "case.assessed",
    "contact.denied",
    "contact.attempted",
    "borrower.replied",
    "plan.proposed",
    "plan.countered",
    "plan.agreed",
    "payment.reported",
    "payment.posted",
    "payment.reversed",
    "books.adjusted",
    "plan.withdrawn",
    "plan.slipped",
    "default.detected",
    "relief.requested",
    "relief.granted",
    "relief.ended",
    "legal.opened",
    "legal.advanced",
    "legal.closed",
    "plan.completed",
    "case.recalled",
    "case.closed",
    "payment.remitted",
    "re_default.detected",
)
_RANKS = {name: rank for rank, name in enumerate(_ORDER_OF_LIFE)}


@dataclass(frozen=True, slots=True)
class Fact:
    """`body` is the event's body in its JSON form: amounts as integers, identifiers, dates and times as text."""

    event_id: UUID
    type: str
    key: UUID
    occurred_at: datetime
    sequence: int
    correlation_id: UUID
    causation_id: UUID | None
    trace_id: str | None
    body: Mapping[str, Any]

    @property
    def creditor_id(self) -> UUID:
        return UUID(self.body["creditor_id"])

    @property
    def is_about_a_case(self) -> bool:
        """False for facts about a person, and for a refused record: no case came of it."""
        return not self.type.startswith("person.") and self.type != "case.rejected"

    @property
    def stamp(self) -> str:
        """Text that sorts facts of one case as they happened, whatever order they arrive in.

        By business time first; a driven clock may stand still for many facts, so then by the machine's time in the
        event's id, then by the order of a case's life, then by sequence. Total, so that "the latest" is never a matter
        of arrival.
        """
        microseconds = (self.occurred_at - _EPOCH) // timedelta(microseconds=1)
        identifier = self.event_id.hex
        rank = _RANKS.get(self.type, len(_ORDER_OF_LIFE))
        return f"{microseconds:014x}.{identifier[:12]}.{rank:02x}.{self.sequence:08x}.{identifier[-12:]}"

    @property
    def made_at_ms(self) -> int:
        """The machine's time when the event was made, milliseconds since 1970 (a version 7 id begins with it)."""
        return self.event_id.int >> 80
