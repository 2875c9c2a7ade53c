"""What is kept of the American validation notice of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.outreach.domain.case_file import Balance


@dataclass(frozen=True, slots=True)
class ValidationNotice:
    """One for each case to which 12 CFR 1006.34 applies, made when the case is received.

    `placed`, `itemized_on`: the lender's statement at placement. `paid_minor_units`: what was paid since.
    `initial_at`: the first communication. `due_at`: when it is looked at next; None: nothing is to be done.
    """

    case_id: UUID
    itemized_on: date
    placed: Balance
    attempt_id: UUID
    paid_minor_units: int = 0
    initial_at: datetime | None = None
    due_at: datetime | None = None
    tries: int = 0
    provided_at: datetime | None = None
    received_on: date | None = None
    period_ends_on: date | None = None
    closed_because: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeAttempt:
    """What became of the attempt that carries a notice. `issued_on`: the day that the text itself counts from."""

    state: str
    outcome: str | None
    handed_over_at: datetime | None
    issued_on: date | None
