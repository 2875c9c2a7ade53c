"""What the examples are about: identifiers that say by their end what they stand for, and moments of 2026."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID


def id_of(number: int) -> UUID:
    return UUID(f"0195c0de-0000-7000-8000-{number:012d}")


CASE, PERSON, HARBOUR_CREDIT, ACCOUNT, BATCH = id_of(1), id_of(2), id_of(3), id_of(4), id_of(5)
MOBILE, EMAIL, ATTEMPT, DECISION, REPLY = id_of(6), id_of(7), id_of(8), id_of(9), id_of(10)
OFFER, PLAN, PAYMENT, HOLD, COMPLAINT, DISPUTE, ALARM = (id_of(number) for number in range(11, 18))
RELIEF, LEGAL = id_of(25), id_of(26)


def at(day: int, hour: int = 15, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)
