"""Papers that prove a hardship: kept sealed, for one purpose and a stated time, opened by staff with a reason."""

from __future__ import annotations

import hashlib
from uuid import UUID

from services.negotiation.application.agree_plan import case_for_borrower
from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.application.relief_ports import EvidenceFile, Opening, Sealer
from services.negotiation.application.watch_metrics import EVIDENCE_OPENED
from services.negotiation.domain.relief.causes import EvidenceKind
from services.negotiation.domain.relief.files import FILES_MAX, KEPT_FOR, PURPOSE, media_type
from services.negotiation.domain.relief.refusals import FileRefused
from shared.kernel.identifiers import new_id

DELETED_MAX = 200


async def upload_evidence(
    begin: OpenWork, sealer: Sealer, case_id: UUID, kind: EvidenceKind, content: bytes
) -> EvidenceFile:
    """Keep a file. The same content again is the same file. Raises FileRefused, NoSuchThing.

    What the file does to a reader cannot be checked here: nothing of it is ever shown by a page of ours.
    """
    found, digest = media_type(content), hashlib.sha256(content).hexdigest()
    async with begin(case_id) as work:
        case = await case_for_borrower(work, case_id)
        known = await work.evidence.of_case(case_id)
        if (same := next((file for file in known if file.digest == digest and file.kind == kind), None)) is not None:
            return same
        if len(known) >= FILES_MAX:
            raise FileRefused("files_too_many", f"at most {FILES_MAX} files can be kept")
        file = EvidenceFile(
            file_id=new_id(),
            case_id=case_id,
            creditor_id=case.creditor_id,
            kind=kind,
            media_type=found,
            size=len(content),
            digest=digest,
            purpose=PURPOSE,
            added_at=work.now,
            keep_until=work.now + KEPT_FOR,
        )
        await work.evidence.add(file, sealer.seal(case_id, file.file_id, content))
        await work.commit()
    return file


async def open_evidence(
    begin: OpenWork, sealer: Sealer, file_id: UUID, staff_id: str, reason: str
) -> tuple[EvidenceFile, bytes]:
    """The content, for a member of the staff who says why. That it was opened is on record before it is seen."""
    async with begin(is_staff=True) as work:
        case_id = await work.evidence.case_of(file_id)
    async with begin(case_id) as work:
        file, sealed = await work.evidence.find(case_id, file_id)
        await work.evidence.log(Opening(file_id, case_id, file.creditor_id, staff_id, reason, work.now))
        await work.commit()
    EVIDENCE_OPENED.inc()
    return file, sealer.open(case_id, file_id, sealed)


async def list_openings(begin: OpenWork, file_id: UUID) -> list[Opening]:
    async with begin(is_staff=True) as work:
        await work.evidence.case_of(file_id)
        return await work.evidence.openings(file_id)


async def list_evidence(work: Work, case_id: UUID) -> list[EvidenceFile]:
    return await work.evidence.of_case(case_id)


async def delete_outdated_evidence(begin: OpenWork, *, limit: int = DELETED_MAX) -> int:
    """The timer: files whose time is over. That they were opened stays known."""
    async with begin() as work:
        deleted = await work.evidence.delete_outdated(limit)
        await work.commit()
        return deleted
