"""Schedules of fees per lender: versions that one person makes and another approves; an approved one never changes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.negotiation.application.ports import Work
from services.negotiation.domain.commission import FeeSchedule, FeeVersion
from services.negotiation.domain.money_refusals import MakerIsChecker, NoFeeSchedule
from services.negotiation.domain.refusals import NoSuchThing


async def draft_fees(work: Work, creditor_id: UUID, schedule: FeeSchedule, valid_from: date, by: str) -> FeeVersion:
    """A new version. It means nothing until somebody else approves it. Does not commit."""
    await work.fees.lock(creditor_id)
    versions = await work.fees.versions(creditor_id)
    if versions and (versions[0].schedule, versions[0].valid_from, versions[0].made_by) == (schedule, valid_from, by):
        return versions[0]  # sent twice
    version = FeeVersion(versions[0].version + 1 if versions else 1, schedule, valid_from, by)
    await work.fees.add(creditor_id, version, work.now)
    return version


async def approve_fees(work: Work, creditor_id: UUID, version: int, by: str) -> FeeVersion:
    """Raises MakerIsChecker, NoSuchThing. Approving twice is once. Does not commit."""
    await work.fees.lock(creditor_id)
    drafted = next((v for v in await work.fees.versions(creditor_id) if v.version == version), None)
    if drafted is None:
        raise NoSuchThing("fee_schedule")
    if drafted.made_by == by:
        raise MakerIsChecker
    if drafted.approved_by is None:
        await work.fees.approve(creditor_id, version, by)
    return next(v for v in await work.fees.versions(creditor_id) if v.version == version)


async def fees_on(work: Work, creditor_id: UUID, day: date) -> FeeVersion:
    """The newest approved version that holds on a day. Raises NoFeeSchedule."""
    for version in await work.fees.versions(creditor_id):
        if version.approved_by is not None and version.valid_from <= day:
            return version
    raise NoFeeSchedule


async def fees_of(work: Work, creditor_id: UUID, version: int) -> FeeSchedule:
    """The schedule that a remittance was begun with."""
    return next(v.schedule for v in await work.fees.versions(creditor_id) if v.version == version)
