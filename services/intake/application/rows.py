"""What is stored and what is read, as plain rows between use cases and repositories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.intake.domain.placement import Placement
from services.intake.domain.verification import Verification


@dataclass(frozen=True, slots=True)
class PersonRow:
    person_id: UUID
    wrapped_key: bytes
    name_sealed: bytes
    identity_sealed: bytes | None
    identity_index: bytes | None
    born_sealed: bytes | None
    language: str
    region: str | None


@dataclass(frozen=True, slots=True)
class ContactPointRow:
    contact_point_id: UUID
    person_id: UUID
    kind: str
    place: str
    is_verified: bool
    may_be_used: bool | None
    time_zones: tuple[str, ...]
    value_sealed: bytes
    value_index: bytes


@dataclass(frozen=True, slots=True)
class AccountRow:
    account_id: UUID
    person_id: UUID
    number_index: bytes
    number_sealed: bytes
    placement: Placement


@dataclass(frozen=True, slots=True)
class CaseRow:
    case_id: UUID
    account_id: UUID
    person_id: UUID
    batch_id: UUID
    record_number: int
    placement: Placement
    verification: Verification


@dataclass(frozen=True, slots=True)
class BatchRow:
    batch_id: UUID
    records: int


@dataclass(frozen=True, slots=True)
class RejectionRow:
    """A refused record. `reasons`: code and pointer, never values."""

    case_id: UUID
    batch_id: UUID
    record_number: int
    reasons: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeyRow:
    key_id: str
    creditor_id: UUID
    secret_sealed: bytes


@dataclass(frozen=True, slots=True)
class PaymentRow:
    payment_id: UUID
    case_id: UUID
    reference_index: bytes
    amount_minor_units: int
    currency: str
    received_on: date
    reverses_payment_id: UUID | None


@dataclass(frozen=True, slots=True)
class HoldRow:
    hold_id: UUID
    case_id: UUID
    kind: str
    until: datetime | None
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class AgreedPlanRow:
    """One piece of news of a plan: that it was agreed, or that the borrower has withdrawn from it."""

    plan_id: UUID
    case_id: UUID
    agreed_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownAccount:
    account_id: UUID
    number_index: bytes
    person_id: UUID
    has_open_case: bool


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """`contact_points`: blind index -> id."""

    person_id: UUID
    wrapped_key: bytes
    identity_index: bytes | None
    contact_points: Mapping[bytes, UUID]


@dataclass(frozen=True, slots=True)
class ContactPointView:
    """Sealed still, with what is needed to open it."""

    contact_point_id: UUID
    creditor_id: UUID
    person_id: UUID
    kind: str
    language: str
    wrapped_key: bytes
    value_sealed: bytes
    name_sealed: bytes


@dataclass(frozen=True, slots=True)
class PersonView:
    case_id: UUID
    creditor_id: UUID
    creditor_name: str
    person_id: UUID
    wrapped_key: bytes
    name_sealed: bytes
    number_sealed: bytes | None


@dataclass(frozen=True, slots=True)
class FactorView:
    """What the borrower of one case is asked to prove who they are, sealed."""

    creditor_id: UUID
    person_id: UUID
    wrapped_key: bytes
    born_sealed: bytes | None
    number_sealed: bytes | None


@dataclass(frozen=True, slots=True)
class IdentityView:
    """What says who a person is, sealed. `addresses`: (contact point, kind, value), only where nothing else does."""

    person_id: UUID
    creditor_id: UUID
    wrapped_key: bytes
    name_sealed: bytes
    identity_sealed: bytes | None
    born_sealed: bytes | None
    addresses: tuple[tuple[UUID, str, bytes], ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its lender may see it; the account number is sealed, and gone once the person is erased."""

    case_id: UUID
    person_id: UUID
    wrapped_key: bytes | None
    number_sealed: bytes | None
    facts: Mapping[str, Any]
