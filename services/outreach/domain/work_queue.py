"""What needs a person, how urgently, and why: points with reasons, so that the order of the queue explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

KINDS = (
    "distress",
    "complaint",
    "dispute",
    "callback",
    "unclear_reply",
    "review",
    "call",
    "letter_returned",
    "refused_text",
)

_BASE = {
    "distress": 100,  # somebody may come to harm: before everything else
    "complaint": 70,
    "dispute": 60,
    "callback": 55,  # we gave our word
    "unclear_reply": 45,
    "review": 40,
    "refused_text": 35,  # we would have said something we may not say
    "call": 30,
    "letter_returned": 20,
}
_DUE_WITHIN = {
    "distress": timedelta(hours=4),
    "callback": timedelta(0),
    "unclear_reply": timedelta(days=1),
    "review": timedelta(days=2),
    "refused_text": timedelta(days=2),
    "call": timedelta(days=3),
    "letter_returned": timedelta(days=5),
}
"""When an item is late, counted from its beginning, where its subject has no date of its own."""

DISPUTE_ANSWER = timedelta(days=30)
"""Our own promise; the desk of disputes counts the laws' dates."""
NEAR_SLA = timedelta(days=5)
"""A complaint or dispute comes into the queue this long before its answer is due."""
REWEIGH_AFTER = timedelta(hours=1)

OVERDUE = 40
OVERDUE_A_DAY = 5
OVERDUE_DAYS_MAX = 8
DUE_TODAY = 20
WAITING_A_DAY = 2
WAITING_DAYS_MAX = 10
VULNERABLE = 25

OUTCOMES = ("called", "handled", "no_action", "escalated", "resolved_elsewhere")
BY_HAND_OUTCOMES = ("handled", "no_action", "escalated")


@dataclass(frozen=True, slots=True)
class Points:
    """One reason for an item's place, with its weight."""

    reason: str
    points: int


def due_at(kind: str, since_at: datetime, own_due_at: datetime | None) -> datetime:
    """When the item is late."""
    return own_due_at or since_at + _DUE_WITHIN.get(kind, timedelta(days=1))


def weigh(kind: str, since_at: datetime, late_at: datetime, is_vulnerable: bool, now: datetime) -> tuple[Points, ...]:
    """The reasons for an item's place in the queue; its priority is their sum."""
    points = [Points(kind, _BASE[kind])]
    if now >= late_at:
        days = min((now - late_at).days, OVERDUE_DAYS_MAX)
        points.append(Points("overdue", OVERDUE + OVERDUE_A_DAY * days))
    elif late_at - now <= timedelta(days=1):
        points.append(Points("due_within_a_day", DUE_TODAY))
    waited = min((now - since_at).days, WAITING_DAYS_MAX)
    if waited > 0:
        points.append(Points("waiting", WAITING_A_DAY * waited))
    if is_vulnerable:
        points.append(Points("vulnerable", VULNERABLE))
    return tuple(points)


def priority(points: tuple[Points, ...]) -> int:
    return sum(entry.points for entry in points)
