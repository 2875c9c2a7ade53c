"""File one chunk of examined records: link accounts and persons, seal what is personal, write rows, announce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.intake.application.announcements import case_received, case_rejected, impersonal
from services.intake.application.person_files import PersonFile, PersonFiles
from services.intake.application.placement_records import ExaminedRecord, Outcome
from services.intake.application.ports import TenantVault, Work
from services.intake.application.rows import AccountRow, CaseRow, KnownAccount, RejectionRow
from services.intake.domain.contact_point import CONTACT_POINTS_MAX
from services.intake.domain.creditor import Creditor
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Reason

_ALREADY_PLACED = (Reason("already_placed", "/account_number", "this account has an open case already"),)
_TOO_MANY_POINTS = (
    Reason("too_many_contact_points", "/contact_points", f"the person would have more than {CONTACT_POINTS_MAX}"),
)


@dataclass(slots=True)
class _Filing:
    """The rows of one chunk."""

    new_accounts: list[AccountRow] = field(default_factory=list)
    renewed_accounts: list[AccountRow] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    rejections: list[RejectionRow] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


async def file_records(
    work: Work, vault: TenantVault, creditor: Creditor, batch_id: UUID, chunk: Sequence[ExaminedRecord]
) -> list[Outcome]:
    """The outcomes in the order of the records. Raises `PlacedMeanwhile` where another request was first."""
    placements = [entry.record.placement for entry in chunk if entry.record.placement and not entry.reasons]
    numbers = {p.account_number: vault.index("account_number", p.account_number) for p in placements}
    known = {account.number_index: account for account in await work.accounts.lock_known(list(numbers.values()))}
    files = PersonFiles(vault)
    await files.load(work, placements, known.values())
    filing = _Filing()
    for entry in chunk:
        placement = entry.record.placement
        account = known.get(numbers[placement.account_number]) if placement and not entry.reasons else None
        reasons = entry.reasons or (_ALREADY_PLACED if account and account.has_open_case else ())
        if placement is None or reasons:
            _refuse(work, creditor, batch_id, entry, reasons, filing)
            continue
        person = files.file_of(placement, account)
        points = files.add_contact_points(person, placement)
        if points is None:
            _refuse(work, creditor, batch_id, entry, _TOO_MANY_POINTS, filing)
            continue
        row = _take_on(batch_id, entry, person, account, numbers[placement.account_number], filing)
        work.announce(case_received(row, creditor, points, work.now))
    await _write(work, files, filing)
    return filing.outcomes


def _refuse(
    work: Work, creditor: Creditor, batch_id: UUID, entry: ExaminedRecord, reasons: tuple[Reason, ...], filing: _Filing
) -> None:
    row = RejectionRow(new_id(), batch_id, entry.record.number, impersonal(reasons))
    filing.rejections.append(row)
    filing.outcomes.append(Outcome(entry.record, row.case_id, reasons))
    work.announce(case_rejected(row, creditor.creditor_id))


def _take_on(
    batch_id: UUID,
    entry: ExaminedRecord,
    person: PersonFile,
    account: KnownAccount | None,
    number_index: bytes,
    filing: _Filing,
) -> CaseRow:
    placement, verification = entry.record.placement, entry.verification
    assert placement is not None
    assert verification is not None
    account_id = account.account_id if account else new_id()
    sealed = person.seal.seal("account_number", placement.account_number)
    row = AccountRow(account_id, person.person_id, number_index, sealed, placement)
    (filing.renewed_accounts if account else filing.new_accounts).append(row)
    case = CaseRow(new_id(), account_id, person.person_id, batch_id, entry.record.number, placement, verification)
    filing.cases.append(case)
    filing.outcomes.append(Outcome(entry.record, case.case_id))
    return case


async def _write(work: Work, files: PersonFiles, filing: _Filing) -> None:
    await files.write(work)
    await work.accounts.add(filing.new_accounts)
    await work.accounts.renew(filing.renewed_accounts)
    await work.cases.add(filing.cases)
    await work.cases.add_rejections(filing.rejections)
