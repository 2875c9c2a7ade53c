"""What evidence is made of: attempts and decisions that were recorded, and when the person last answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

RUNGS = ("reminder", "call", "letter", "visit", "legal")
"""Soft to hard. A case climbs one after the other; who answers leaves the ladder."""


class NotProven(Exception):
    """Evidence is missing, or does not show what it is said to show. `rung`: the lowest rung that is not proven."""

    def __init__(self, rung: str, reason: str) -> None:
        super().__init__(f"{rung}: {reason}")
        self.rung = rung
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RecordedAttempt:
    """A settled attempt with the decision that allowed it. `at`: when it was handed over, aware UTC."""

    attempt_id: UUID
    decision_id: UUID
    case_id: UUID
    rung: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Excuse:
    """A rung that could not be tried at all: the recorded decision which ruled out every contact point for it."""

    decision_id: UUID
    case_id: UUID
    rung: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """Everything recorded about one case that may be evidence. `answered_at`: the person's latest message or call."""

    case_id: UUID
    attempts: tuple[RecordedAttempt, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    answered_at: datetime | None = None
