"""Bodies of requests and answers about fees, remittances and the trust account. Amounts are minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.negotiation.application.collect_remittances import statement_head
from services.negotiation.application.remittance_ports import TrustDay
from services.negotiation.domain.commission import FeeRule, FeeSchedule, FeeVersion, ScheduleWrong, Tier
from services.negotiation.domain.money_refusals import FeesWrong
from services.negotiation.domain.remittance import Line, Remittance
from services.negotiation.entrypoints.schemas import Closed

NotNegative = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Rate = Annotated[int, Field(ge=0, le=10_000, strict=True, description="basis points")]
Days = Annotated[int, Field(ge=0, le=20_000, strict=True)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class TierRequest(Closed):
    above_minor_units: NotNegative = 0
    rate: Rate


class FeeRuleRequest(Closed):
    """Rates for a product (null: any) and an age of the debt at placement; one tier above 0 is a flat rate."""

    tiers: Annotated[tuple[TierRequest, ...], Field(min_length=1, max_length=20)]
    product: Literal["personal_loan", "consumer_loan", "credit_card"] | None = None
    days_past_due_from: Days = 0
    fixed_minor_units: NotNegative = 0


class FeesRequest(Closed):
    """A schedule of fees; it holds from `valid_from` once a second person has approved it."""

    valid_from: date
    rules: Annotated[tuple[FeeRuleRequest, ...], Field(min_length=1, max_length=50)]
    rounding: Literal["down", "half_even"] = "down"
    basis: Literal["net", "gross"] = "net"
    case_cap_minor_units: NotNegative | None = None
    period_cap_minor_units: NotNegative | None = None
    period_minimum_minor_units: NotNegative = 0
    tax: Rate = 0
    clearing_days: Annotated[int, Field(ge=0, le=365, strict=True)] = 0
    remittance_minimum_minor_units: NotNegative = 0

    def schedule(self) -> FeeSchedule:
        try:
            return FeeSchedule(
                rules=tuple(
                    FeeRule(
                        tiers=tuple(Tier(tier.above_minor_units, tier.rate) for tier in rule.tiers),
                        product=rule.product,
                        days_past_due_from=rule.days_past_due_from,
                        fixed_minor_units=rule.fixed_minor_units,
                    )
                    for rule in self.rules
                ),
                rounding=self.rounding,
                basis=self.basis,
                case_cap=self.case_cap_minor_units,
                period_cap=self.period_cap_minor_units,
                period_minimum=self.period_minimum_minor_units,
                tax_basis_points=self.tax,
                clearing_days=self.clearing_days,
                remittance_minimum=self.remittance_minimum_minor_units,
            )
        except ScheduleWrong as error:
            raise FeesWrong(str(error)) from None


class RemittanceRequest(Closed):
    """Everything of one lender and currency that is open up to a day."""

    creditor_id: UUID
    currency: Currency
    period_to: date


class PaidRequest(Closed):
    """The transfer has left the bank."""

    paid_on: date
    bank_reference: Annotated[str, Field(pattern=r"^[A-Za-z0-9/:._-]{1,35}$")]


def fees_answer(version: FeeVersion) -> dict[str, Any]:
    return {
        "version": version.version,
        "valid_from": version.valid_from.isoformat(),
        "made_by": version.made_by,
        "approved_by": version.approved_by,
        "schedule": asdict(version.schedule),
    }


def remittance_answer(remittance: Remittance) -> dict[str, Any]:
    r = remittance
    return statement_head(r) | {
        "status": r.status,
        "statement_hash": r.statement_hash,
        "made_by": r.made_by,
        "made_at": r.made_at.isoformat(),
        "approved_by": r.approved_by,
        "approved_at": r.approved_at.isoformat() if r.approved_at else None,
        "paid_by": r.paid_by,
        "paid_on": r.paid_on.isoformat() if r.paid_on else None,
        "bank_reference": r.bank_reference,
    }


def lenders_answer(remittance: Remittance) -> dict[str, Any]:
    """Without who of the agency's staff did what."""
    return {name: value for name, value in remittance_answer(remittance).items() if not name.endswith("_by")}


def trust_answer(days: Sequence[TrustDay]) -> dict[str, Any]:
    return {
        "days": [
            {
                "day": day.balance.on.isoformat(),
                "currency": day.balance.currency,
                "bank_minor_units": day.balance.closing_minor_units,
                "unmatched_minor_units": day.balance.unmatched_minor_units,
                "ledger_minor_units": day.ledger_minor_units,
                "differences": [asdict(difference) for difference in day.differences],
                "compared_at": day.compared_at.isoformat() if day.compared_at else None,
            }
            for day in days
        ]
    }


CSV_COLUMNS = (
    "number",
    "kind",
    "payment_id",
    "case_id",
    "received_on",
    "paid_to",
    "amount",
    "fees",
    "interest",
    "principal",
    "gross",
    "commission",
    "tax",
    "net",
)


def csv_row(line: Line) -> str:
    """Numbers, dates and codes alone: nothing in it needs quoting, and no spreadsheet takes any of it for a formula."""
    return ",".join(str(getattr(line, column)) for column in CSV_COLUMNS) + "\r\n"
