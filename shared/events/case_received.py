"""A verified case has been taken on."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.events.body import BasisPoints, Currency, EventBody, MinorUnits, Producer
from shared.events.terms import ArrearsCause, Balance, ContactPoint, Jurisdiction, Language, Mandate, Product


class CaseReceived(EventBody):
    """A lender's overdue record passed every check and is now this agency's case.

    For assessment (to score it), outreach (to open its file), negotiation (to know the balance and the mandate).
    """

    event_type: ClassVar[Literal["case.received"]] = "case.received"
    producer: ClassVar[Producer] = "intake"

    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    account_id: UUID
    batch_id: UUID
    jurisdiction: Jurisdiction
    region: str | None = Field(max_length=8, description="state or province code; null: not known")
    language: Language
    product: Product
    currency: Currency
    balance: Balance
    arrears: MinorUnits = Field(description="due and unpaid, recomputed by intake")
    instalment: MinorUnits = Field(description="the contract's regular instalment")
    days_past_due: int = Field(ge=1, le=20_000)
    oldest_due_on: date
    originated_on: date
    term_months: int = Field(ge=1, le=600)
    instalments_paid: int = Field(ge=0, le=600)
    instalments_missed: int = Field(ge=0, le=600)
    annual_rate: BasisPoints = Field(description="the contract's yearly interest rate")
    annual_income: MinorUnits | None
    debt_to_income: int | None = Field(ge=0, le=1_000_000, description="all debt payments / income, basis points")
    employment_years: int | None = Field(ge=0, le=80)
    delinquencies_two_years: int | None = Field(ge=0, le=1_000)
    homeowner: bool | None
    arrears_cause: ArrearsCause = Field(description="as the lender states it")
    contact_points: tuple[ContactPoint, ...] = Field(max_length=20)
    mandate: Mandate
    placed_on: date
    provenance: Literal["lender", "generated"] = Field(description="generated: an invented case of a sandbox")
