"""Report payments: money that the lender received, each under the lender's own reference, each taken once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import orjson

from services.intake.application.ports import Resources, TenantVault, Work
from services.intake.application.rows import PaymentRow
from services.intake.domain.case import Case
from services.intake.domain.creditor import Creditor
from services.intake.domain.payment import (
    KnownPayment,
    ReportedPayment,
    is_same,
    reasons_against,
    reasons_against_reversal,
)
from services.intake.domain.places import business_date
from services.intake.domain.refusals import PlacedMeanwhile
from shared.events.payment_reported import PaymentReported
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Reason

ATTEMPTS_MAX = 4
_REUSED = Reason("reference_reused", "/reference", "this reference was used for another payment")


@dataclass(frozen=True, slots=True)
class ReadPayment:
    """A report as it came off the wire: a payment, or the reasons why it could not be read as one."""

    number: int
    reference: str | None
    payment: ReportedPayment | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    report: ReadPayment
    payment_id: UUID | None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What is known while the reports of one request are gone through; grows with each that is taken."""

    cases: Mapping[UUID, Case]
    accounts: Mapping[bytes, Case]
    known: dict[bytes, KnownPayment]


@dataclass(frozen=True, slots=True)
class ReportPayments:
    """One request."""

    creditor: Creditor
    idempotency_key: str
    request_hash: str
    reports: Sequence[ReadPayment]


async def report_payments(resources: Resources, command: ReportPayments) -> list[PaymentOutcome]:
    """One outcome per report, in their order; a bad one never stops the others.

    Raises `Invalid` for a key that was used for another request, and `PlacedMeanwhile` where requests with the same
    references keep coming first.
    """
    for _ in range(ATTEMPTS_MAX):
        try:
            async with resources.units.begin(command.creditor.creditor_id) as work:
                return await _report(resources, work, command)
        except PlacedMeanwhile:
            continue
    raise PlacedMeanwhile


async def _report(resources: Resources, work: Work, command: ReportPayments) -> list[PaymentOutcome]:
    scope = f"{command.creditor.creditor_id}:payments"
    kept = await work.answers.recall_or_reserve(scope, command.idempotency_key, command.request_hash)
    if kept is not None:
        return _unpack(kept, command.reports)
    vault = resources.vault.of(command.creditor.creditor_id)
    rows: list[PaymentRow] = []
    today = business_date(command.creditor.jurisdiction, work.now)
    ledger = await _load(work, vault, [report.payment for report in command.reports if report.payment])
    outcomes = []
    for report in command.reports:
        if report.payment is None:
            outcomes.append(PaymentOutcome(report, None, report.reasons))
            continue
        taken = _take(vault, ledger, report.payment, today=today, rows=rows)
        if isinstance(taken, UUID):
            outcomes.append(PaymentOutcome(report, taken))
        else:
            outcomes.append(PaymentOutcome(report, None, tuple(taken)))
    await work.payments.add(rows)
    for row in rows:
        work.announce(_reported(row, command.creditor.creditor_id))
    await work.answers.remember(scope, command.idempotency_key, _pack(outcomes))
    await work.commit()
    return outcomes


def _pack(outcomes: Sequence[PaymentOutcome]) -> bytes:
    """The kept answer, without references and without reasons why a report could not be read.

    Both are the lender's own words and may be personal; the same request brings them along again.
    """
    return orjson.dumps([str(outcome.payment_id) if outcome.payment_id else _packed(outcome) for outcome in outcomes])


def _packed(outcome: PaymentOutcome) -> list[list[str]]:
    if outcome.report.reasons:
        return []
    return [[reason.code, reason.pointer, reason.message] for reason in outcome.reasons]


def _unpack(kept: bytes, reports: Sequence[ReadPayment]) -> list[PaymentOutcome]:
    return [
        PaymentOutcome(report, UUID(entry))
        if isinstance(entry, str)
        else PaymentOutcome(report, None, report.reasons or tuple(Reason(*reason) for reason in entry))
        for report, entry in zip(reports, orjson.loads(kept), strict=True)
    ]


async def _load(work: Work, vault: TenantVault, payments: Sequence[ReportedPayment]) -> _Ledger:
    case_ids = {payment.case_id for payment in payments if payment.case_id}
    numbers = {vault.index("account_number", p.account_number) for p in payments if p.account_number}
    references = {reference_index(vault, p.reference) for p in payments}
    references |= {reference_index(vault, p.reverses_reference) for p in payments if p.reverses_reference}
    return _Ledger(
        cases=await work.cases.find(sorted(case_ids)),
        accounts=await work.cases.newest_of_accounts(sorted(numbers)),
        known=dict(await work.payments.known(sorted(references))),
    )


def reference_index(vault: TenantVault, reference: str) -> bytes:
    """References are kept as blind indexes only: lenders put account numbers and names into them."""
    return vault.index("payment_reference", reference)


def _take(
    vault: TenantVault, ledger: _Ledger, payment: ReportedPayment, *, today: date, rows: list[PaymentRow]
) -> UUID | list[Reason]:
    """The payment's id, the same one where the report is known; or the reasons against it."""
    if payment.case_id:
        case = ledger.cases.get(payment.case_id)
    else:
        case = ledger.accounts.get(vault.index("account_number", payment.account_number or ""))
    index = reference_index(vault, payment.reference)
    known = ledger.known.get(index)
    if known is not None:
        # The account may have been placed again since: the first report's case is meant then.
        case_id = known.case_id if payment.account_number and case else payment.case_id
        return known.payment_id if is_same(payment, known, case_id) else [_REUSED]
    reasons = reasons_against(payment, case, today)
    reversed_index = reference_index(vault, payment.reverses_reference) if payment.reverses_reference else None
    reversed_payment = ledger.known.get(reversed_index) if reversed_index else None
    if reversed_index is not None:
        reasons += reasons_against_reversal(payment, reversed_payment)
    if reasons or case is None:
        return reasons
    row = PaymentRow(
        payment_id=new_id(),
        # A reversal goes where the payment went, wherever the account is now.
        case_id=reversed_payment.case_id if reversed_payment else case.case_id,
        reference_index=index,
        amount_minor_units=payment.amount_minor_units,
        currency=payment.currency,
        received_on=payment.received_on,
        reverses_payment_id=reversed_payment.payment_id if reversed_payment else None,
    )
    rows.append(row)
    _remember(ledger, row, index, reversed_index)
    return row.payment_id


def _remember(ledger: _Ledger, row: PaymentRow, index: bytes, reversed_index: bytes | None) -> None:
    """Later reports of the same request see this one."""
    ledger.known[index] = KnownPayment(
        row.payment_id,
        row.case_id,
        row.amount_minor_units,
        row.currency,
        row.received_on,
        row.reverses_payment_id,
        None,
    )
    if reversed_index is not None:
        ledger.known[reversed_index] = replace(ledger.known[reversed_index], reversed_by=row.payment_id)


def _reported(row: PaymentRow, creditor_id: UUID) -> PaymentReported:
    return PaymentReported(
        case_id=row.case_id,
        creditor_id=creditor_id,
        payment_id=row.payment_id,
        amount=row.amount_minor_units,
        currency=row.currency,
        received_on=row.received_on,
        reverses_payment_id=row.reverses_payment_id,
    )
