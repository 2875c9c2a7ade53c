"""Who a simulated borrower is: why the loan is late, and what kind of person answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from deploy.sandbox.seeded import dice, pick

Cause = Literal[
    "oversight",
    "cash_flow_gap",
    "job_loss",
    "illness",
    "bereavement",
    "over_borrowing",
    "dispute",
    "fraud_victim",
    "refuses",
]
Mood = Literal["cooperative", "anxious", "avoidant", "angry"]
Slip = Literal["wrong_amount", "pays_twice", "pays_late", "wrong_number", "mail_bounces"]

HARDSHIP: frozenset[Cause] = frozenset({"job_loss", "illness", "bereavement"})

_CAUSES: Mapping[Cause, float] = {
    "oversight": 18,
    "cash_flow_gap": 24,
    "job_loss": 14,
    "illness": 8,
    "bereavement": 3,
    "over_borrowing": 17,
    "dispute": 4,
    "fraud_victim": 2,
    "refuses": 10,
}
_MOODS: Mapping[Cause, Mapping[Mood, float]] = {
    "oversight": {"cooperative": 8, "anxious": 2},
    "cash_flow_gap": {"cooperative": 5, "anxious": 3, "avoidant": 2},
    "job_loss": {"cooperative": 3, "anxious": 4, "avoidant": 3},
    "illness": {"cooperative": 4, "anxious": 4, "avoidant": 2},
    "bereavement": {"cooperative": 3, "anxious": 4, "avoidant": 3},
    "over_borrowing": {"cooperative": 2, "anxious": 4, "avoidant": 4},
    "dispute": {"cooperative": 3, "angry": 7},
    "fraud_victim": {"anxious": 6, "angry": 4},
    "refuses": {"avoidant": 6, "angry": 4},
}
_FREE_SHARE: Mapping[Cause, tuple[float, float]] = {
    "oversight": (1.2, 3.0),
    "cash_flow_gap": (0.6, 1.2),
    "job_loss": (0.0, 0.5),
    "illness": (0.2, 0.7),
    "bereavement": (0.5, 1.0),
    "over_borrowing": (0.4, 0.9),
    "dispute": (0.8, 2.0),
    "fraud_victim": (0.8, 2.0),
    "refuses": (0.3, 1.5),
}
"""What is free each month, as a share of the loan's instalment: from, to."""

_ATTENTION: Mapping[Mood, float] = {"cooperative": 0.6, "anxious": 0.5, "avoidant": 0.15, "angry": 0.35}
_CHANNEL_ATTENTION: Mapping[str, float] = {
    "email": 0.7,
    "sms": 1.0,
    "call": 0.75,
    "letter": 1.0,
    "in_app": 0.6,
    "visit": 1.0,
}
_HONESTY: Mapping[Mood, tuple[float, float]] = {
    "cooperative": (0.85, 0.99),
    "anxious": (0.7, 0.97),
    "avoidant": (0.45, 0.85),
    "angry": (0.5, 0.9),
}
_SLIPS: Mapping[Slip, float] = {
    "wrong_amount": 0.06,
    "pays_twice": 0.03,
    "pays_late": 0.15,
    "wrong_number": 0.02,
    "mail_bounces": 0.03,
}


@dataclass(frozen=True, slots=True)
class Character:
    """Fixed for the whole run. Amounts are minor units of the loan's currency; shares are from 0 to 1.

    `free_monthly` is what income leaves each month, `savings` what could be paid at once, `pay_day` the day of the
    month on which income arrives, `patience` how many messages it takes until a complaint is likely.
    """

    cause: Cause
    mood: Mood
    honesty: float
    free_monthly: int
    savings: int
    pay_day: int
    patience: int
    attention: Mapping[str, float]
    slips: frozenset[Slip]

    @property
    def is_in_hardship(self) -> bool:
        return self.cause in HARDSHIP


def character_of(
    seed: int, account_number: str, instalment_minor_units: int, outstanding_minor_units: int
) -> Character:
    """The same account in the same run is always the same person."""
    throw = dice(seed, "character", account_number)
    cause = pick(throw, _CAUSES)
    mood = pick(throw, _MOODS[cause])
    free_monthly = int(instalment_minor_units * throw.uniform(*_FREE_SHARE[cause]))
    can_clear_it = throw.random() < (0.35 if cause in ("oversight", "dispute") else 0.08)
    savings = int(outstanding_minor_units * throw.uniform(0.7, 1.2)) if can_clear_it else free_monthly
    return Character(
        cause=cause,
        mood=mood,
        honesty=throw.uniform(*_HONESTY[mood]),
        free_monthly=free_monthly,
        savings=savings,
        pay_day=throw.choice((1, 5, 10, 15, 20, 25)),
        patience=throw.randint(2, 9),
        attention={channel: _ATTENTION[mood] * share for channel, share in _CHANNEL_ATTENTION.items()},
        slips=frozenset(slip for slip, chance in _SLIPS.items() if throw.random() < chance),
    )
