"""The lender that places debts, and what it lets the agency do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.intake.domain.refusals import LicenceExpired


@dataclass(frozen=True, slots=True)
class Mandate:
    """What the agency may agree to in the creditor's name; amounts in minor units of the creditor's currency."""

    discount_max_basis_points: int
    term_months_max: int
    instalment_min_minor_units: int
    pause_months_max: int
    grace_days: int
    allocation_order: tuple[str, ...]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Creditor:
    """A lending platform with a licence and a mandate."""

    creditor_id: UUID
    name: str
    licence_number: str
    licence_expires_on: date
    currency: str
    jurisdiction: str
    mandate: Mandate

    def must_be_licensed_on(self, day: date) -> None:
        """Refuse what needs a licence after its last day. The last day itself still counts."""
        if day > self.licence_expires_on:
            raise LicenceExpired
