"""A lender's overdue record as it was placed, in domain terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.intake.domain.contact_point import ContactPoint
from services.intake.domain.schedule import EqualInstalments, ListedInstalments, Schedule


@dataclass(frozen=True, slots=True)
class Borrower:
    """Who owes. Every field but the region is personal and leaves intake only through the vault's interface."""

    name: str
    born_on: date | None
    identity_number: str | None
    region: str | None
    annual_income_minor_units: int | None
    debt_to_income_basis_points: int | None
    employment_years: int | None
    delinquencies_two_years: int | None
    homeowner: bool | None


@dataclass(frozen=True, slots=True)
class Scrubs:
    """What the lender knows that forbids collecting; None: it does not say."""

    is_deceased: bool | None = None
    is_bankrupt: bool | None = None
    is_in_court: bool | None = None


@dataclass(frozen=True, slots=True)
class Buckets:
    """What is still owed, in minor units."""

    fees_minor_units: int
    interest_minor_units: int
    principal_minor_units: int

    @property
    def total_minor_units(self) -> int:
        return self.fees_minor_units + self.interest_minor_units + self.principal_minor_units


@dataclass(frozen=True, slots=True)
class Placement:
    """One overdue account. Amounts are minor units; `listed_instalments` is empty where instalments are equal."""

    account_number: str
    product: str
    jurisdiction: str
    language: str
    currency: str
    as_of: date
    originated_on: date
    original_principal_minor_units: int
    annual_rate_basis_points: int
    term_months: int
    instalment_minor_units: int
    first_due_on: date
    listed_instalments: Sequence[tuple[date, int]]
    payments: Sequence[tuple[date, int]]
    balance: Buckets
    arrears_minor_units: int
    days_past_due: int
    borrower: Borrower
    contact_points: Sequence[ContactPoint]
    arrears_cause: str
    scrubs: Scrubs
    last_demand_on: date | None
    provenance: str

    @property
    def schedule(self) -> Schedule:
        if self.listed_instalments:
            return ListedInstalments(self.listed_instalments)
        return EqualInstalments(self.first_due_on, self.term_months, self.instalment_minor_units)

    @property
    def paid_minor_units(self) -> int:
        return sum(amount for _, amount in self.payments)
