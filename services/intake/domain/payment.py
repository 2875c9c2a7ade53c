"""A payment that the lender reports: what makes a report acceptable, and what makes it the same one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.intake.domain.case import Case
from services.intake.domain.checks import latest_business_date
from shared.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class ReportedPayment:
    """A report as it came. Exactly one of `case_id` and `account_number` names the debt; amounts in minor units."""

    reference: str
    case_id: UUID | None
    account_number: str | None
    amount_minor_units: int
    currency: str
    received_on: date
    reverses_reference: str | None


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A report taken earlier, found by its reference."""

    payment_id: UUID
    case_id: UUID
    amount_minor_units: int
    currency: str
    received_on: date
    reverses_payment_id: UUID | None
    reversed_by: UUID | None


def reasons_against(payment: ReportedPayment, case: Case | None, today: date) -> list[Reason]:
    """What is wrong with the report itself."""
    if case is None:
        pointer = "/case_id" if payment.case_id else "/account_number"
        return [Reason("case_unknown", pointer, "there is no such case")]
    reasons = []
    if payment.currency != case.currency:
        reasons.append(Reason("currency_differs", "/currency", "not the currency of the case"))
    if payment.received_on > latest_business_date(today):
        reasons.append(Reason("received_in_future", "/received_on", "the day has not come yet"))
    return reasons


def reasons_against_reversal(payment: ReportedPayment, reversed_payment: KnownPayment | None) -> list[Reason]:
    """A reversal takes back one known payment in full, once."""
    pointer = "/reverses_reference"
    if reversed_payment is None:
        return [Reason("reversed_payment_unknown", pointer, "there is no such payment")]
    if reversed_payment.reverses_payment_id is not None:
        return [Reason("reversal_of_reversal", pointer, "a reversal cannot be reversed; report a new payment")]
    if reversed_payment.reversed_by is not None:
        return [Reason("reversed_already", pointer, "this payment was reversed before")]
    if reversed_payment.amount_minor_units != payment.amount_minor_units:
        return [Reason("reversal_in_part", "/amount_minor_units", "a reversal takes back the whole amount")]
    return []


def is_same(payment: ReportedPayment, known: KnownPayment, case_id: UUID | None) -> bool:
    """Whether a report with a known reference is that report again, and not another payment under its name."""
    return (
        known.case_id == case_id
        and known.amount_minor_units == payment.amount_minor_units
        and known.currency == payment.currency
        and known.received_on == payment.received_on
        and (known.reverses_payment_id is not None) == (payment.reverses_reference is not None)
    )
