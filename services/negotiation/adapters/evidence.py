"""Files of evidence over PostgreSQL, and who opened them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.negotiation.adapters import relief_tables as tables
from services.negotiation.adapters.arrays import insert_rows
from services.negotiation.application.relief_ports import EvidenceFile, Opening
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.identifiers import new_id

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

OPENINGS_MAX = 1_000
_FILE = "file_id, case_id, creditor_id, kind, media_type, size_bytes, digest, purpose, added_at, keep_until"
COLUMNS = (*_FILE.split(", "), "sealed")


class SqlEvidence:
    """`Work.evidence`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def add(self, file: EvidenceFile, sealed: bytes) -> None:
        owner = (file.file_id, file.case_id, file.creditor_id)
        described = (file.kind, file.media_type, file.size, file.digest, file.purpose, file.added_at, file.keep_until)
        await insert_rows(self._driver, tables.evidence_files, COLUMNS, [(*owner, *described, sealed)])

    async def of_case(self, case_id: UUID) -> list[EvidenceFile]:
        found = await self._driver.fetch(
            f"SELECT {_FILE} FROM evidence_files WHERE case_id = $1 ORDER BY added_at, file_id",  # noqa: S608 - our own columns
            case_id,
        )
        return [_file_from(row) for row in found]

    async def find(self, case_id: UUID, file_id: UUID) -> tuple[EvidenceFile, bytes]:
        row = await self._driver.fetchrow(
            "SELECT * FROM evidence_files WHERE case_id = $1 AND file_id = $2", case_id, file_id
        )
        if row is None:
            raise NoSuchThing("file")
        return _file_from(row), row["sealed"]

    async def case_of(self, file_id: UUID) -> UUID:
        case_id: UUID | None = await self._driver.fetchval(
            "SELECT case_id FROM evidence_files WHERE file_id = $1 "
            "UNION SELECT case_id FROM evidence_openings WHERE file_id = $1",
            file_id,
        )
        if case_id is None:
            raise NoSuchThing("file")
        return case_id

    async def log(self, opening: Opening) -> None:
        columns = ("opening_id", "file_id", "case_id", "creditor_id", "staff_id", "reason", "opened_at")
        owner = (new_id(), opening.file_id, opening.case_id, opening.creditor_id)
        row = (*owner, opening.staff_id, opening.reason, opening.opened_at)
        await insert_rows(self._driver, tables.evidence_openings, columns, [row])

    async def openings(self, file_id: UUID) -> list[Opening]:
        found = await self._driver.fetch(
            "SELECT * FROM evidence_openings WHERE file_id = $1 ORDER BY opened_at, opening_id LIMIT $2",
            file_id,
            OPENINGS_MAX,
        )
        return [
            Opening(r["file_id"], r["case_id"], r["creditor_id"], r["staff_id"], r["reason"], r["opened_at"])
            for r in found
        ]

    async def forget(self, case_ids: Collection[UUID]) -> None:
        await self._driver.execute("DELETE FROM evidence_files WHERE case_id = ANY($1::uuid[])", list(case_ids))

    async def keep_longer(self, file_ids: Collection[UUID], until: datetime) -> None:
        await self._driver.execute(
            "UPDATE evidence_files SET keep_until = greatest(keep_until, $2) WHERE file_id = ANY($1::uuid[])",
            list(file_ids),
            until,
        )

    async def delete_outdated(self, limit: int) -> int:
        deleted: int = await self._driver.fetchval(
            "WITH old AS (SELECT file_id FROM evidence_files WHERE keep_until <= $1 ORDER BY keep_until LIMIT $2 "
            "FOR UPDATE SKIP LOCKED), gone AS (DELETE FROM evidence_files USING old "
            "WHERE evidence_files.file_id = old.file_id RETURNING 1) SELECT count(*) FROM gone",
            self._now,
            limit,
        )
        return deleted


def _file_from(row: Any) -> EvidenceFile:
    return EvidenceFile(
        file_id=row["file_id"],
        case_id=row["case_id"],
        creditor_id=row["creditor_id"],
        kind=row["kind"],
        media_type=row["media_type"],
        size=row["size_bytes"],
        digest=row["digest"],
        purpose=row["purpose"],
        added_at=row["added_at"],
        keep_until=row["keep_until"],
    )
