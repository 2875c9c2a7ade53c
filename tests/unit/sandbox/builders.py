"""Invented borrowers and events with faces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deploy.sandbox.borrowers.borrower import Borrower
from deploy.sandbox.borrowers.character import Cause, Character, Mood, Slip

MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)


def a_character(
    cause: Cause = "oversight",
    mood: Mood = "cooperative",
    *,
    honesty: float = 1.0,
    free_monthly: int = 50_000,
    savings: int = 50_000,
    patience: int = 3,
    attention: float = 1.0,
    slips: frozenset[Slip] = frozenset(),
) -> Character:
    channels = ("email", "sms", "call", "letter")
    return Character(
        cause=cause,
        mood=mood,
        honesty=honesty,
        free_monthly=free_monthly,
        savings=savings,
        pay_day=10,
        patience=patience,
        attention=dict.fromkeys(channels, attention),
        slips=slips,
    )


def a_borrower(
    account_number: str = "HC-00001", *, case_id: str = "", mobile: str = "+12125550100", **character: Any
) -> Borrower:
    contacts = {"mobile": mobile, "email": f"{account_number.lower()}@example.com"}
    return Borrower(account_number, "Harbour Credit", "en", a_character(**character), case_id, contacts, account_number)


@dataclass(frozen=True)
class AnEvent:
    """An event as the checks see it."""

    topic: str
    key: str = "case-1"
    body: Mapping[str, Any] = field(default_factory=dict)
    sequence: int = 1
    event_id: str = ""
    occurred_at: datetime = MORNING
