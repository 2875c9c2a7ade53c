"""Bodies of requests: closed and strict. An unknown field or a float is a fault, not a guess."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared.events.terms import ArrearsCause, Language, Place, Product

RECORDS_MAX = 10_000

_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)
_DAY_FIRST, _DAY_LAST = date(1970, 1, 1), date(2100, 1, 1)

BirthDate = Annotated[date, Field(ge=date(1900, 1, 1), le=_DAY_LAST)]
BusinessDate = Annotated[date, Field(ge=_DAY_FIRST, le=_DAY_LAST)]
Birthday = Annotated[date, Field(ge=date(1900, 1, 1), le=_DAY_LAST)]
Amount = Annotated[int, Field(ge=0, le=10**15, description="minor units (cents, fen)")]
PositiveAmount = Annotated[int, Field(ge=1, le=10**15, description="minor units (cents, fen)")]
Text = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")]
AccountNumber = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z ._/-]{0,63}$")]
Reference = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,128}$", description="your own id, unique for you")]
ShortText = Annotated[Text, Field(max_length=200)]
Jurisdiction = Literal["US", "CN"]
"""Where debts may lie: the countries whose law `domain/law.py` has written down."""
AddressKind = Literal["email", "mobile", "landline", "postal"]
"""What lenders hand over; an app's account is known to the agency alone."""


class Request(BaseModel):
    model_config = _STRICT


class InstalmentBody(Request):
    due_on: BusinessDate
    amount_minor_units: PositiveAmount


class ReceivedBody(Request):
    received_on: BusinessDate
    amount_minor_units: PositiveAmount


class BalanceBody(Request):
    fees_minor_units: Amount
    interest_minor_units: Amount
    principal_minor_units: Amount


class BorrowerBody(Request):
    name: ShortText
    born_on: BirthDate | None = None
    identity_number: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{4,32}$")] | None = None
    region: Annotated[str, Field(pattern=r"^[0-9A-Z-]{2,8}$", description="state or province code")] | None = None
    annual_income_minor_units: Amount | None = None
    debt_to_income_basis_points: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    employment_years: Annotated[int, Field(ge=0, le=80)] | None = None
    delinquencies_two_years: Annotated[int, Field(ge=0, le=1_000)] | None = None
    homeowner: bool | None = None


class ContactPointBody(Request):
    kind: AddressKind
    value: Annotated[Text, Field(max_length=400)]
    place: Place = "none"
    is_verified: bool = False
    may_be_used: bool | None = Field(default=None, description="consent or lawful basis; null: not known")


class ScrubsBody(Request):
    is_deceased: bool | None = None
    is_bankrupt: bool | None = None
    is_in_court: bool | None = None


class PlacementBody(Request):
    """One overdue account, version 1 of the placement format (docs/placement-format.md)."""

    account_number: AccountNumber
    product: Product
    jurisdiction: Jurisdiction
    language: Language
    currency: Literal["USD", "CNY"]
    as_of: BusinessDate = Field(description="the day of the figures; what is due on it counts as due")
    originated_on: BusinessDate
    original_principal_minor_units: PositiveAmount
    annual_rate_basis_points: Annotated[int, Field(ge=0, le=10_000)]
    term_months: Annotated[int, Field(ge=1, le=600)]
    instalment_minor_units: PositiveAmount
    first_due_on: BusinessDate
    schedule: Annotated[list[InstalmentBody], Field(min_length=1, max_length=600)] | None = None
    payments: Annotated[list[ReceivedBody], Field(max_length=2_000)]
    balance: BalanceBody
    arrears_minor_units: Amount
    days_past_due: Annotated[int, Field(ge=0, le=20_000)]
    borrower: BorrowerBody
    contact_points: Annotated[list[ContactPointBody], Field(min_length=1, max_length=20)]
    arrears_cause: ArrearsCause = "unknown"
    scrubs: ScrubsBody = ScrubsBody()
    last_demand_on: BusinessDate | None = None
    provenance: Literal["lender", "generated"] = "lender"


class RecallBody(Request):
    reason: Literal["paid_creditor", "placed_in_error", "sold", "legal_action", "borrower_request", "other"]
    force: bool = False


class UpdateBody(Request):
    """The newer figures; what is left out stays as it was."""

    balance: BalanceBody | None = None
    days_past_due: Annotated[int, Field(ge=0, le=20_000)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> UpdateBody:
        if self.balance is None and self.days_past_due is None:
            raise ValueError("give a balance, days_past_due, or both")
        return self


class ContactPointsBody(Request):
    contact_points: Annotated[list[ContactPointBody], Field(min_length=1, max_length=20)]


class PaymentBody(Request):
    """Money that you received. Name the debt by `case_id` or `account_number`."""

    case_id: UUID | None = None
    account_number: AccountNumber | None = None
    amount_minor_units: PositiveAmount
    currency: Literal["USD", "CNY"]
    received_on: BusinessDate
    reference: Reference
    reverses_reference: Reference | None = None

    @model_validator(mode="after")
    def _names_one_debt(self) -> PaymentBody:
        if (self.case_id is None) == (self.account_number is None):
            raise ValueError("name the debt by case_id or by account_number, not by both")
        return self


class MandateBody(Request):
    discount_max_basis_points: Annotated[int, Field(ge=0, le=10_000)]
    term_months_max: Annotated[int, Field(ge=1, le=120)]
    instalment_min_minor_units: Amount
    pause_months_max: Annotated[int, Field(ge=0, le=24)]
    grace_days: Annotated[int, Field(ge=0, le=30)] = 3
    allocation_order: Annotated[list[Literal["fees", "interest", "principal"]], Field(min_length=3, max_length=3)] = [
        "fees",
        "interest",
        "principal",
    ]

    @field_validator("allocation_order")
    @classmethod
    def _names_each_bucket(cls, value: list[str]) -> list[str]:
        if len(set(value)) != 3:
            raise ValueError("name each bucket once")
        return value


class CreditorBody(Request):
    name: ShortText
    licence_number: Annotated[Text, Field(max_length=64)]
    licence_expires_on: BusinessDate
    currency: Literal["USD", "CNY"]
    jurisdiction: Jurisdiction
    mandate: MandateBody

    @model_validator(mode="after")
    def _fits_its_country(self) -> CreditorBody:
        if {"US": "USD", "CN": "CNY"}[self.jurisdiction] != self.currency:
            raise ValueError("the currency is not the jurisdiction's")
        return self


class RevealContactPointsBody(Request):
    contact_point_ids: Annotated[list[UUID], Field(min_length=1, max_length=1_000)]


class FindContactPointBody(Request):
    kind: AddressKind
    value: Annotated[str, Field(min_length=1, max_length=400)]


class SignatureBody(Request):
    """A lender's request as another service got it. The raw body goes along: the signature is over its bytes."""

    key_id: Annotated[str, Field(min_length=1, max_length=100)]
    timestamp: Annotated[str, Field(max_length=12, pattern=r"^[0-9]*$")]
    signature: Annotated[str, Field(max_length=1_000)]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Annotated[str, Field(min_length=1, max_length=4_000, description="with the query, as it was sent")]
    body: Annotated[str, Field(max_length=90_000, description="base64; empty for no body")] = ""


class PersonTokensBody(Request):
    person_ids: Annotated[list[UUID], Field(min_length=1, max_length=1_000)]


class SecondFactorBody(Request):
    """Without an answer, only the question is told."""

    case_id: UUID
    answer: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class RevealPersonsBody(Request):
    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=1_000)]
