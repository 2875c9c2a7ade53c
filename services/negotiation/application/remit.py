"""Remittances: begun by one person, collected in batches, approved by another, paid, and told case by case.

A step that stops half-way goes on where it stopped: everything that it needs is in the row of the remittance.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.application.remittance_ports import AgencyBooking
from services.negotiation.application.set_fees import fees_of, fees_on
from services.negotiation.domain.agency import move_commission
from services.negotiation.domain.money_refusals import (
    MakerIsChecker,
    PeriodNotOver,
    PeriodTaken,
    RemittanceElsewhere,
    RemittanceOpen,
    RemittanceStale,
)
from services.negotiation.domain.remittance import Remittance, remit, settle
from shared.kernel.identifiers import new_id

FIRST_DAY = date(2000, 1, 1)
"""The first remittance of a lender reaches back to everything that was ever received."""


async def begin_remittance(work: Work, creditor_id: UUID, currency: str, period_to: date, by: str) -> Remittance:
    """Begin to collect what is open up to a day; the same lender, currency and day is the same remittance.

    Raises NoFeeSchedule, RemittanceOpen, PeriodTaken, PeriodNotOver. Does not commit.
    """
    if period_to >= work.now.date():
        raise PeriodNotOver
    await work.agency.lock(creditor_id, currency)
    earlier = await work.remittances.of_period(creditor_id, currency)
    for known in earlier:
        if known.period_to == period_to:
            return known
    if any(known.status != "paid" for known in earlier):
        raise RemittanceOpen
    if earlier and period_to < earlier[0].period_to:
        raise PeriodTaken
    version = await fees_on(work, creditor_id, period_to)
    remittance = Remittance(
        remittance_id=new_id(),
        creditor_id=creditor_id,
        currency=currency,
        period_from=earlier[0].period_to + timedelta(days=1) if earlier else FIRST_DAY,
        period_to=period_to,
        fee_version=version.version,
        basis=version.schedule.basis,
        status="collecting",
        made_by=by,
        made_at=work.now,
    )
    await work.remittances.add(remittance)
    return remittance


async def approve_remittance(work: Work, remittance_id: UUID, by: str) -> Remittance:
    """The second person agrees. Raises MakerIsChecker, RemittanceElsewhere, RemittanceStale, NoSuchThing."""
    remittance = await work.remittances.find(remittance_id, for_change=True)
    if remittance.made_by == by:
        raise MakerIsChecker
    if remittance.status == "approved" and remittance.approved_by == by:
        return remittance
    if remittance.status != "drafted":
        raise RemittanceElsewhere(remittance.status)
    if stale := await work.remittances.count_stale(remittance_id):
        raise RemittanceStale(stale)
    approved = replace(remittance, status="approved", approved_by=by, approved_at=work.now)
    await work.remittances.save(approved)
    return approved


async def pay_remittance(work: Work, remittance_id: UUID, by: str, *, paid_on: date, bank_reference: str) -> Remittance:
    """The transfer has left: book it, move the commission out of trust. Raises RemittanceElsewhere, NoSuchThing."""
    remittance = await work.remittances.find(remittance_id, for_change=True)
    if remittance.status == "paid" and remittance.bank_reference == bank_reference:
        return remittance
    if remittance.status != "approved" or remittance.settlement is None:
        raise RemittanceElsewhere(remittance.status)
    creditor_id, currency = remittance.creditor_id, remittance.currency
    await work.agency.lock(creditor_id, currency)
    entry = remit(remittance.totals, remittance.settlement, remittance_id)
    await work.agency.book([AgencyBooking(creditor_id, currency, entry, paid_on)])
    moved = move_commission(await work.agency.balances(creditor_id, currency), remittance_id)
    if moved is not None:
        await work.agency.book([AgencyBooking(creditor_id, currency, moved, paid_on)])
    paid = replace(
        remittance,
        status="paid",
        paid_by=by,
        paid_at=work.now,
        paid_on=paid_on,
        bank_reference=bank_reference,
        told_through=UUID(int=0),
    )
    await work.remittances.save(paid)
    return paid


async def cancel_remittance(work: Work, remittance_id: UUID) -> Remittance:
    """Nothing of it was paid: its lines are undone in batches. Raises RemittanceElsewhere, NoSuchThing."""
    remittance = await work.remittances.find(remittance_id, for_change=True)
    if remittance.status in ("cancelling", "cancelled"):
        return remittance
    if remittance.status == "paid":
        raise RemittanceElsewhere(remittance.status)
    cancelling = replace(remittance, status="cancelling")
    await work.remittances.save(cancelling)
    return cancelling


async def draft(work: Work, remittance: Remittance, statement_hash: str) -> Remittance:
    """Everything is collected: work out what is paid over."""
    schedule = await fees_of(work, remittance.creditor_id, remittance.fee_version)
    await work.agency.lock(remittance.creditor_id, remittance.currency)
    balances = await work.agency.balances(remittance.creditor_id, remittance.currency)
    settlement = settle(remittance.totals, schedule, carried_in=-balances["carried"])
    return replace(remittance, status="drafted", settlement=settlement, statement_hash=statement_hash)
