"""Closed vocabularies that several events share: one word, one thing (docs/glossary.md)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import BasisPoints, Code, MinorUnits, Part, TimeZone

Jurisdiction = Literal["US", "CN", "GB", "IE", "IN", "ID", "PH", "VN", "SG", "AU"]
Language = Literal["en", "zh"]
Product = Literal["personal_loan", "consumer_loan", "credit_card"]
Channel = Literal["email", "sms", "call", "letter", "in_app", "visit"]
Rung = Literal["reminder", "call", "letter", "visit", "legal"]
ContactPointKind = Literal["email", "mobile", "landline", "postal", "app"]
Place = Literal["home", "work", "none"]
Stage = Literal["early", "mid", "late"]
RiskGrade = Literal["A", "B", "C", "D", "E"]
ArrearsCause = Literal[
    "unknown",
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
HoldKind = Literal[
    "dispute",
    "complaint",
    "hardship",
    "cease",
    "wrong_person",
    "default_playbook",
    "quarantine",
    "verification",
    "distress",
    "representation",
    "deceased",
    "bankruptcy",
    "moratorium",
    "critical_conduct",
]
ReplyIntent = Literal[
    "stop",
    "dispute",
    "hardship",
    "complaint",
    "promise",
    "wrong_person",
    "already_paid",
    "question",
    "cannot_pay",
    "call_back",
    "distress",
    "other",
]
PlanKind = Literal["lump_sum", "instalments", "hardship_pause"]
Party = Literal["agency", "borrower"]


class Balance(Part):
    """What is still owed, in buckets. The outstanding balance is their sum."""

    fees: MinorUnits
    interest: MinorUnits
    principal: MinorUnits

    @property
    def total(self) -> int:
        return self.fees + self.interest + self.principal


class ContactPoint(Part):
    """A way to reach the person, without the address itself: that stays in intake's vault."""

    contact_point_id: UUID
    kind: ContactPointKind
    place: Place = "none"
    time_zones: tuple[TimeZone, ...] = Field(
        max_length=8, description="every zone the person may be in by this contact point; empty: unknown"
    )
    is_verified: bool
    may_be_used: bool | None = Field(description="consent or lawful basis on file; null: not known")


class Mandate(Part):
    """What the creditor lets the agency agree to on this case."""

    version: int = Field(ge=1)
    discount_max: BasisPoints = Field(description="largest discount on principal and interest for a lump sum")
    term_months_max: int = Field(ge=1, le=120)
    instalment_min: MinorUnits
    pause_months_max: int = Field(ge=0, le=24)
    allocation_order: tuple[Literal["fees", "interest", "principal"], ...] = Field(
        default=("fees", "interest", "principal"), min_length=3, max_length=3
    )
    grace_days: int = Field(default=3, ge=0, le=30, description="days after the due date before it is missed")


class Instalment(Part):
    """One due payment of a plan."""

    number: int = Field(ge=1, le=600)
    due_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="business date in the person's zone")
    amount: MinorUnits


class Terms(Part):
    """The terms of an offer or a plan: plain, complete, and what `terms_hash` is taken over (RFC 8785, SHA-256)."""

    kind: PlanKind
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    total: MinorUnits = Field(description="what is paid under the plan in all")
    discount: MinorUnits = Field(description="what is waived when the plan is completed")
    instalments: tuple[Instalment, ...] = Field(max_length=600)
    grace_days: int = Field(ge=0, le=30)
    pause_until: str | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="hardship pause: no demand before"
    )
    form: Code | None = Field(
        default=None,
        description="more finely than kind, an open list: lump_sum, level, step, deferral, interest_freeze, reduced, "
        "restructured, pause",
    )
    frequency: Code | None = Field(
        default=None, description="an open list: once, weekly, fortnightly, monthly, pay_day; null: monthly"
    )


class RuleFired(Part):
    """A rule that spoke in a decision, with its source."""

    rule: str = Field(max_length=96)
    clause: str = Field(max_length=160)
