"""Paying over to a creditor what was collected: lines, totals, the agency's entries, and the seal of the statement.

One rule makes every line: what a payment should have settled by now, less what earlier lines settled. So a new payment,
money that went from overpaid to the debt later, a payment taken back after it was paid over, and the fee given back
for it are all the same thing, and none is forgotten or counted twice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from services.negotiation.domain.agency import AgencyEntry, agency_postings
from services.negotiation.domain.commission import Basis, FeeRule, FeeSchedule, Meter, earn, top_up
from services.negotiation.domain.ledger import BUCKETS, NOTHING, Buckets, PaidTo, Payment, Settled

LineKind = Literal["payment", "adjustment", "reversal"]
RemittanceStatus = Literal["collecting", "drafted", "approved", "paid", "cancelling", "cancelled"]

LINES_MAX = 100_000
"""Lines of one remittance; more is left to the next one."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one payment changes between agency and creditor. A reversal's figures are negative.

    `fees`, `interest`, `principal` are what is newly settled of the debt. `net` is what the line adds to the transfer:
    nothing of money that the creditor received itself, less commission and tax where they are kept back.
    """

    number: int
    kind: LineKind
    payment_id: UUID
    case_id: UUID
    paid_to: PaidTo
    received_on: date
    amount: int
    fees: int
    interest: int
    principal: int
    commission: int
    tax: int
    net: int

    @property
    def gross(self) -> int:
        return self.fees + self.interest + self.principal

    @property
    def in_trust(self) -> int:
        return self.gross if self.paid_to == "agency" else 0


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines. `gross`, `set_off` of money in trust; `direct` of money at the creditor; all signed as said.

    `set_off` is what is taken back for reversed payments, as a positive amount. `collected` is what fee tiers count.
    """

    lines: int = 0
    gross: int = 0
    set_off: int = 0
    direct: int = 0
    commission: int = 0
    tax: int = 0
    collected: int = 0
    earned: int = 0

    def plus(self, line: Line, meter: Meter) -> Totals:
        return Totals(
            lines=self.lines + 1,
            gross=self.gross + max(0, line.in_trust),
            set_off=self.set_off + max(0, -line.in_trust),
            direct=self.direct + (line.gross if line.paid_to == "creditor" else 0),
            commission=self.commission + line.commission,
            tax=self.tax + line.tax,
            collected=meter.collected,
            earned=meter.earned,
        )


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a remittance comes out. `carried_in` and `carried_out` below zero: the creditor owes it."""

    top_up: int
    commission: int
    tax: int
    carried_in: int
    payable: int
    carried_out: int
    invoiced: int


@dataclass(frozen=True, slots=True)
class Remittance:
    """One run for a creditor, currency and period. It holds together whatever happens between its batches."""

    remittance_id: UUID
    creditor_id: UUID
    currency: str
    period_from: date
    period_to: date
    fee_version: int
    basis: Basis
    status: RemittanceStatus
    made_by: str
    made_at: datetime
    totals: Totals = Totals()
    settlement: Settlement | None = None
    lines_hash: str = ""
    statement_hash: str | None = None
    cursor: tuple[date, UUID] | None = None
    told_through: UUID | None = None
    undone_through: int = 0
    approved_by: str | None = None
    approved_at: datetime | None = None
    paid_by: str | None = None
    paid_at: datetime | None = None
    paid_on: date | None = None
    bank_reference: str | None = None


def line_for(
    payment: Payment,
    *,
    case_id: UUID,
    number: int,
    schedule: FeeSchedule,
    rule: FeeRule,
    meter: Meter,
    case_earned: int,
) -> tuple[Line, Payment] | None:
    """The line of a payment and the payment as settled by it; None where nothing is open between the two."""
    before, target = payment.settled, NOTHING if payment.is_reversed else payment.allocated
    parts = [target.of(bucket) - before.gross.of(bucket) for bucket in BUCKETS]
    if payment.is_reversed:
        commission, tax = -before.commission, -before.tax
        meter.earned += commission
    elif any(parts):
        fee = earn(schedule, rule, payment.allocated - before.gross, meter, case_earned)
        commission, tax = fee.commission, fee.tax
    else:
        return None
    if not any(parts) and not commission and not tax:
        return None
    kept = commission + tax if schedule.basis == "net" else 0
    line = Line(
        number=number,
        kind="reversal" if payment.is_reversed else "adjustment" if before.gross.total else "payment",
        payment_id=payment.payment_id,
        case_id=case_id,
        paid_to=payment.paid_to,
        received_on=payment.received_on,
        amount=payment.amount,
        fees=parts[0],
        interest=parts[1],
        principal=parts[2],
        commission=commission,
        tax=tax,
        net=(sum(parts) if payment.paid_to == "agency" else 0) - kept,
    )
    after = Settled(target, before.commission + commission, before.tax + tax)
    return line, replace(payment, settled=after)


def undo_line(line: Line, payment: Payment) -> Payment:
    """A cancelled remittance has settled nothing."""
    before = payment.settled
    gross = Buckets(
        before.gross.fees - line.fees, before.gross.interest - line.interest, before.gross.principal - line.principal
    )
    return replace(payment, settled=Settled(gross, before.commission - line.commission, before.tax - line.tax))


def withdraw_claim(line: Line, payment: Payment, source_id: UUID) -> AgencyEntry | None:
    """A line is undone whose payment was taken back meanwhile: the claim on the creditor never came about."""
    if not (payment.is_reversed and line.in_trust > 0):
        return None
    postings = agency_postings({"due_to_creditor": line.in_trust, "claim_on_creditor": -line.in_trust})
    return AgencyEntry("set_off_withdrawn", source_id, postings)


def settle(totals: Totals, schedule: FeeSchedule, carried_in: int) -> Settlement:
    """What is paid over: never less than nothing, and nothing below the agreed minimum; the rest is carried on."""
    missing = top_up(schedule, totals.commission)
    commission, tax = totals.commission + missing.commission, totals.tax + missing.tax
    kept, invoiced = (commission + tax, 0) if schedule.basis == "net" else (0, commission + tax)
    due = totals.gross - totals.set_off - kept + carried_in
    payable = due if due >= max(1, schedule.remittance_minimum) else 0
    return Settlement(missing.commission, commission, tax, carried_in, payable, due - payable, invoiced)


def remit(totals: Totals, settlement: Settlement, remittance_id: UUID) -> AgencyEntry:
    """The agency's entry when the money has left: what was due is paid, claims are set off, the fee is earned."""
    s = settlement
    postings = agency_postings(
        {
            "trust": -s.payable,
            "due_to_creditor": totals.gross,
            "claim_on_creditor": -totals.set_off,
            "commission": -s.commission,
            "tax_due": -s.tax,
            "carried": s.carried_in - s.carried_out,
            "invoiced": s.invoiced,
        }
    )
    return AgencyEntry("remitted", remittance_id, postings)


def line_fields(line: Line) -> dict[str, Any]:
    """A line as statements show it."""
    fields = asdict(line) | {"gross": line.gross}
    return fields | {
        "payment_id": str(line.payment_id),
        "case_id": str(line.case_id),
        "received_on": line.received_on.isoformat(),
    }
