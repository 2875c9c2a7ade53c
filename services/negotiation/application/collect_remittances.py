"""The batches of remittances: collecting lines, undoing those of a cancelled one, telling the cases of a paid one.

Each step is one transaction. The row of the remittance is locked first, then the cases, as everybody else locks them
who has both; whoever books payments never locks a remittance.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import rfc8785

from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.remit import draft
from services.negotiation.application.remittance_ports import AgencyBooking, CaseRemitted
from services.negotiation.application.set_fees import fees_of
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.commission import FeeSchedule, Meter
from services.negotiation.domain.ledger import Payment
from services.negotiation.domain.remittance import (
    LINES_MAX,
    Line,
    Remittance,
    line_fields,
    line_for,
    undo_line,
    withdraw_claim,
)
from shared.events.payment_remitted import PaymentRemitted
from shared.kernel.identifiers import new_id

BATCH_MAX = 500
LAST_CASE = UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")


async def collect_remittances(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """Add up to `limit` lines to a remittance that is being collected; answers with how many payments were looked at.

    With nothing left to look at it is drafted and sealed.
    """
    async with begin() as work:
        remittance = await work.remittances.lock_next("collecting")
        if remittance is None:
            return 0
        schedule = await fees_of(work, remittance.creditor_id, remittance.fee_version)
        cleared_until = remittance.period_to - timedelta(days=schedule.clearing_days)
        room = min(limit, LINES_MAX - remittance.totals.lines)
        found = await work.remittances.unsettled(remittance, cleared_until, room) if room else []
        if found:
            remittance = await _collect(work, remittance, schedule, [(i, case_id) for _, i, case_id in found])
            remittance = replace(remittance, cursor=found[-1][:2])
        if len(found) < room or not found:
            remittance = await draft(work, remittance, "")
            remittance = replace(remittance, statement_hash=seal_statement(remittance))
        await work.remittances.save(remittance)
        await work.commit()
        return max(1, len(found))


async def _collect(
    work: Work, remittance: Remittance, schedule: FeeSchedule, found: list[tuple[UUID, UUID]]
) -> Remittance:
    cases = await work.cases.for_change({case_id for _, case_id in found})
    loaded = await work.ledger.payments(set(cases))
    payments = {p.payment_id: p for of_case in loaded.values() for p in of_case}
    earned = {case_id: sum(p.settled.commission for p in of_case) for case_id, of_case in loaded.items()}
    meter = Meter(remittance.totals.collected, remittance.totals.earned)
    totals, chained = remittance.totals, remittance.lines_hash
    lines: list[Line] = []
    changed: list[Payment] = []
    for payment_id, case_id in found:
        made = line_for(
            payments[payment_id],
            case_id=case_id,
            number=totals.lines + 1,
            schedule=schedule,
            rule=schedule.rule_for(*_kind_of(cases[case_id])),
            meter=meter,
            case_earned=earned[case_id],
        )
        if made is None:
            continue
        line, payment = made
        earned[case_id] += line.commission
        totals, chained = totals.plus(line, meter), chain(chained, line)
        lines.append(line)
        changed.append(payment)
    await work.remittances.add_lines(remittance, lines)
    await work.ledger.save_payments(changed)
    return replace(remittance, totals=totals, lines_hash=chained)


def _kind_of(case: CaseFile) -> tuple[str | None, int]:
    """Product and age at placement; of cases that were taken on before these were kept, the rule for every case."""
    return (case.contract.product, case.contract.days_past_due) if case.contract is not None else (None, 0)


def chain(previous: str, line: Line) -> str:
    """SHA-256 over the hash of the lines before and the RFC 8785 form of this one; the first hash is empty."""
    return hashlib.sha256(previous.encode() + rfc8785.dumps(line_fields(line))).hexdigest()


def seal_statement(remittance: Remittance) -> str:
    """SHA-256 over the RFC 8785 form of the statement's head, which carries the hash over all its lines."""
    return hashlib.sha256(rfc8785.dumps(statement_head(remittance))).hexdigest()


def statement_head(remittance: Remittance) -> dict[str, Any]:
    """What a statement says before its lines; everything that the seal is over."""
    r = remittance
    return {
        "remittance_id": str(r.remittance_id),
        "creditor_id": str(r.creditor_id),
        "currency": r.currency,
        "period_from": r.period_from.isoformat(),
        "period_to": r.period_to.isoformat(),
        "fee_version": r.fee_version,
        "basis": r.basis,
        "totals": asdict(r.totals),
        "settlement": asdict(r.settlement) if r.settlement is not None else None,
        "lines_hash": r.lines_hash,
    }


async def undo_remittances(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """Undo up to `limit` lines of a remittance that is being cancelled."""
    async with begin() as work:
        remittance = await work.remittances.lock_next("cancelling")
        if remittance is None:
            return 0
        lines = await work.remittances.lines(remittance.remittance_id, remittance.undone_through, limit)
        if lines:
            await _undo(work, remittance, lines)
            remittance = replace(remittance, undone_through=lines[-1].number)
        if len(lines) < limit:
            remittance = replace(remittance, status="cancelled")
        await work.remittances.save(remittance)
        await work.commit()
        return max(1, len(lines))


async def _undo(work: Work, remittance: Remittance, lines: list[Line]) -> None:
    await work.cases.for_change({line.case_id for line in lines})
    loaded = await work.ledger.payments({line.case_id for line in lines})
    payments = {p.payment_id: p for of_case in loaded.values() for p in of_case}
    bookings: list[AgencyBooking] = []
    for line in lines:
        payment = payments[line.payment_id]
        entry = withdraw_claim(line, payment, new_id())
        if entry is not None:
            bookings.append(AgencyBooking(remittance.creditor_id, remittance.currency, entry, work.now.date()))
        payments[line.payment_id] = undo_line(line, payment)
    await work.ledger.save_payments([payments[line.payment_id] for line in lines])
    await work.agency.book(bookings)


async def tell_remittances(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """Say payment.remitted for up to `limit` cases of a remittance that was paid."""
    async with begin() as work:
        remittance = await work.remittances.lock_next_untold()
        if remittance is None or remittance.told_through is None:
            return 0
        told = await work.remittances.by_case(remittance.remittance_id, remittance.told_through, limit)
        for case in told:
            work.announce(_remitted(remittance, case))
        through = told[-1].case_id if len(told) == limit else LAST_CASE
        await work.remittances.save(replace(remittance, told_through=through))
        await work.commit()
        return max(1, len(told))


def _remitted(remittance: Remittance, case: CaseRemitted) -> PaymentRemitted:
    paid_at = remittance.paid_at
    if paid_at is None or remittance.statement_hash is None:
        raise AssertionError("only what was paid is told")
    return PaymentRemitted(
        case_id=case.case_id,
        creditor_id=remittance.creditor_id,
        remittance_id=remittance.remittance_id,
        currency=remittance.currency,
        gross=case.gross,
        commission=max(0, case.commission),
        commission_returned=max(0, -case.commission),
        set_off=case.set_off,
        statement_hash=remittance.statement_hash,
        remitted_at=paid_at,
    )
