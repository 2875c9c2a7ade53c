"""Rows around replies: reviews, labels, promises, answers that are due, mail that came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

URGENT, ORDINARY = 0, 5
"""Priorities of a review: who is in distress comes first."""


@dataclass(frozen=True, slots=True)
class Review:
    """A reply that a person of the staff has to read. `suggestions`: intents with confidence in basis points."""

    review_id: UUID
    reply_id: UUID
    case_id: UUID
    creditor_id: UUID
    reason: str
    priority: int
    suggestions: tuple[tuple[str, int], ...]
    read_by: str
    opened_at: datetime
    held_until: datetime | None
    resolved_intent: str | None = None
    resolved_by: str | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """How a reply was read and what a person says it meant."""

    label_id: UUID
    reply_id: UUID
    read_as: str
    read_by: str
    meant: str
    labelled_by: str
    labelled_at: datetime


@dataclass(frozen=True, slots=True)
class SealedReply:
    """A kept reply with its sealed text; None after erasure."""

    reply_id: UUID
    case_id: UUID
    person_id: UUID
    attempt_id: UUID | None
    channel: str
    intent: str
    classified_by: str
    text_sealed: bytes | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """A day, and perhaps an amount, that a person named. It counts once it is `confirmed`."""

    promise_id: UUID
    reply_id: UUID
    case_id: UUID
    promised_on: date
    promised_minor_units: int | None
    state: str
    proposed_at: datetime
    counts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueAnswer:
    """An answer to the person's own message, by the way it came: no demand."""

    answer_id: UUID
    reply_id: UUID
    case_id: UUID
    person_id: UUID
    channel: str
    contact_point_id: UUID
    purpose: str
    promised_on: date | None
    promised_minor_units: int | None
    in_reply_to: datetime
    due_at: datetime | None
    tries: int = 0
    attempt_id: UUID | None = None
    state: str = "due"


@dataclass(frozen=True, slots=True)
class InboundMail:
    """What became of one mail. No address, no text."""

    mail_key: str
    kind: str
    attempt_id: UUID | None
    reply_id: UUID | None
    outcome: str
    attachments: int
    received_at: datetime
