"""Place accounts: verify each record, take on what passes, refuse the rest with every reason, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.intake.application.file_records import file_records
from services.intake.application.placement_records import ExaminedRecord, Outcome, PlacementAnswer, ReadRecord
from services.intake.application.ports import Resources, Work
from services.intake.application.rows import BatchRow
from services.intake.domain.creditor import Creditor
from services.intake.domain.places import business_date
from services.intake.domain.refusals import PlacedMeanwhile
from services.intake.domain.verification import verify
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Reason

CHUNK_RECORDS = 500
"""Records between two turns of the event loop: some tens of milliseconds."""
ATTEMPTS_MAX = 4


@dataclass(frozen=True, slots=True)
class PlaceAccounts:
    """One request. `records` may be lazy: it is read once, chunk by chunk."""

    creditor: Creditor
    idempotency_key: str
    request_hash: str
    records: Iterable[ReadRecord]


async def place_accounts(resources: Resources, command: PlaceAccounts) -> PlacementAnswer:
    """Raises `LicenceExpired`, `Invalid` for a key that was used for another request, and in the end `PlacedMeanwhile`.

    A record that fails never stops the others.
    """
    examined = await _examine(resources, command)
    for _ in range(ATTEMPTS_MAX):
        try:
            async with resources.units.begin(command.creditor.creditor_id) as work:
                return await _place(resources, work, command, examined)
        except PlacedMeanwhile:
            # Another request has just committed one of these accounts or persons: look again, and find it there.
            continue
    raise PlacedMeanwhile


async def _examine(resources: Resources, command: PlaceAccounts) -> list[ExaminedRecord]:
    """Read and verify in chunks, before any transaction is open."""
    today = business_date(command.creditor.jurisdiction, resources.clock.now())
    command.creditor.must_be_licensed_on(today)
    verified: set[str] = set()
    examined: list[ExaminedRecord] = []
    for record in command.records:
        if len(examined) % CHUNK_RECORDS == CHUNK_RECORDS - 1:
            await asyncio.sleep(0)
        if record.placement is None:
            examined.append(ExaminedRecord(record, None, record.reasons))
            continue
        verification = verify(record.placement, command.creditor, resources.rules, today)
        reasons = verification.reasons
        if not reasons:
            if record.placement.account_number in verified:
                reasons = (Reason("duplicate_in_batch", "/account_number", "an earlier record has this account"),)
            verified.add(record.placement.account_number)
        examined.append(ExaminedRecord(record, verification, reasons))
    return examined


async def _place(
    resources: Resources, work: Work, command: PlaceAccounts, examined: Sequence[ExaminedRecord]
) -> PlacementAnswer:
    scope = f"{command.creditor.creditor_id}:placements"
    kept = await work.answers.recall_or_reserve(scope, command.idempotency_key, command.request_hash)
    if kept is not None:
        return PlacementAnswer.unpack(kept, [entry.record for entry in examined])
    batch_id = new_id()
    await work.cases.add_batch(BatchRow(batch_id, len(examined)))
    vault = resources.vault.of(command.creditor.creditor_id)
    outcomes: list[Outcome] = []
    for start in range(0, len(examined), CHUNK_RECORDS):
        chunk = examined[start : start + CHUNK_RECORDS]
        outcomes += await file_records(work, vault, command.creditor, batch_id, chunk)
        await work.write_announcements()
    answer = PlacementAnswer(batch_id, outcomes)
    await work.cases.close_batch(batch_id, accepted=answer.accepted, rejected=len(outcomes) - answer.accepted)
    await work.answers.remember(scope, command.idempotency_key, answer.pack())
    await work.commit()
    return answer
