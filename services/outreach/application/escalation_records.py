"""Rows of escalation: proofs as they are kept, visits, hand-overs to legal, reminders before instalments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class KeptProof:
    """A proof as it is stored: canonical document and its SHA-256."""

    proof_id: UUID
    case_id: UUID
    rung: str
    document: str
    hash: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A field visit from proposal to report. What is sealed lies under the person's key."""

    visit_id: UUID
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    contact_point_id: UUID
    state: str
    region: str
    proof_id: UUID
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    team: tuple[str, ...] = ()
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    notice_attempt_id: UUID | None = None
    attempt_id: UUID | None = None
    order_decision_id: UUID | None = None
    start_decision_id: UUID | None = None
    place_sealed: bytes | None = None
    start_sealed: bytes | None = None
    finish_sealed: bytes | None = None
    report_sealed: bytes | None = None
    start_distance_m: int | None = None
    finish_distance_m: int | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: str | None = None
    recording_pointer: str | None = None
    recording_until: date | None = None
    was_asked_to_leave: bool | None = None
    left_when_asked: bool | None = None
    closed_because: str | None = None


@dataclass(frozen=True, slots=True)
class LegalHandover:
    """A case made ready for the legal track: proof first, then counsel's signature by somebody else."""

    handover_id: UUID
    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    state: str
    proof_id: UUID
    prepared_by: str
    prepared_at: datetime
    counsel_id: str | None = None
    signature_reference: str | None = None
    signed_proof_id: UUID | None = None
    signed_at: datetime | None = None
    closed_because: str | None = None


@dataclass(frozen=True, slots=True)
class LegalMark:
    """How far a case has come in law. `handover_id`: told with its opening; `step`: the newest, or the outcome."""

    legal_id: UUID
    case_id: UUID
    handover_id: UUID | None
    step: str
    is_closed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class InstalmentReminder:
    """A reminder before one instalment of a kept plan. `remind_at` None: nothing left to do."""

    plan_id: UUID
    number: int
    case_id: UUID
    due_on: date
    amount_minor_units: int
    attempt_id: UUID
    remind_at: datetime | None
    closed_because: str | None = None
