"""What the use cases hand to storage and get back: plain rows with the trade's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from services.outreach.domain.case_file import Balance
from services.outreach.domain.gate.chain import ChainLink
from services.outreach.domain.gate.decision import Decision
from services.outreach.domain.ladder import Progress


@dataclass(frozen=True, slots=True)
class Cause:
    """The event that led to a planned contact: what the trace and the chain of events continue from."""

    event_id: UUID
    correlation_id: UUID
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class NewCase:
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    jurisdiction: str
    language: str
    currency: str
    balance: Balance
    event_id: UUID
    occurred_at: datetime
    region: str | None
    product: str
    oldest_due_on: date
    placed_on: date


@dataclass(frozen=True, slots=True)
class CaseKey:
    """What an event about a case is addressed by."""

    case_id: UUID
    person_id: UUID
    creditor_id: UUID


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """The row that says what comes next for a case. `attempt_id`: the attempt in hand, if any."""

    case_id: UUID
    person_id: UUID
    progress: Progress
    attempt_id: UUID | None
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class KeptDecision:
    decision_id: UUID
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    contact_point_id: UUID | None
    channel: str
    rung: str
    decision: Decision
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Reservation:
    """An attempt that is about to be made, with the decision that allows it."""

    attempt_id: UUID
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    contact_point_id: UUID
    channel: str
    rung: str
    template: str
    decision_id: UUID


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send and settle one attempt; worth nothing once somebody else holds a higher token."""

    attempt_id: UUID
    token: int


@dataclass(frozen=True, slots=True)
class ExpiredLease:
    """An attempt whose holder fell silent, taken over."""

    lease: Lease
    case_id: UUID
    creditor_id: UUID
    contact_point_id: UUID
    channel: str
    state: Literal["reserved", "sending"]
    takeovers: int
    provider: str | None
    receipt: str | None
    handed_over_at: datetime


@dataclass(frozen=True, slots=True)
class SentAttempt:
    """An attempt that was handed over and not settled yet, with its proof and what comes next."""

    attempt_id: UUID
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    contact_point_id: UUID
    channel: str
    rung: str
    template: str
    decision_id: UUID
    facts_hash: str
    pack_hash: str
    packs: tuple[str, ...]
    chain: ChainLink
    content_hash: str | None
    receipt: str | None
    handed_over_at: datetime
    progress: Progress | None
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class Settlement:
    attempt_id: UUID
    outcome: str
    counts: bool


@dataclass(frozen=True, slots=True)
class NewHold:
    hold_id: UUID
    case_id: UUID
    creditor_id: UUID
    kind: str
    until: datetime | None
    cause_event_type: str | None


@dataclass(frozen=True, slots=True)
class StandingHold:
    hold_id: UUID
    case_id: UUID
    creditor_id: UUID
    kind: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class NewReply:
    reply_id: UUID
    reply_reference: str
    case_id: UUID
    person_id: UUID
    attempt_id: UUID | None
    channel: str
    intent: str
    classified_by: str
    text_sealed: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class KeptReply:
    reply_id: UUID
    intent: str


@dataclass(frozen=True, slots=True)
class AddressedAttempt:
    """Whom an attempt was addressed to."""

    attempt_id: UUID
    case_id: UUID
    contact_point_id: UUID
    channel: str


@dataclass(frozen=True, slots=True)
class Grievance:
    """A complaint or a dispute. `topic` is the complaint's category or the dispute's ground."""

    id: UUID
    case_id: UUID
    creditor_id: UUID
    topic: str
    opened_at: datetime
    answer_due_at: datetime | None
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One line of a case's contact history: an attempt, a decision that denied one, or one taken back in time."""

    at: datetime
    kind: Literal["attempt", "denial", "withdrawn"]
    channel: str
    rung: str
    contact_point_id: UUID | None
    decision_id: UUID
    verdict: str
    rules: tuple[dict[str, str], ...]
    until: datetime | None
    attempt_id: UUID | None
    outcome: str | None
    facts_hash: str
    pack_hash: str
    packs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnnouncedDenial:
    case_id: UUID
    rule: str
    denied_on: date


DecisionRow = dict[str, Any]
"""A decision as it is exported: canonical facts text, hashes, packs, verdict, rules, its place in the chain."""
