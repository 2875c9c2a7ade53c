"""Legal files over PostgreSQL: entries are only added, and every file is read from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.adapters import legal_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.legal_ports import Counsel, DueDeadline, FileHead, HeardHandover
from services.negotiation.domain.legal.entries import Entry
from services.negotiation.domain.legal.file import ENTRIES_MAX, LegalFile, read_file
from services.negotiation.domain.legal.ladder_proof import LadderProof
from services.negotiation.domain.refusals import NoSuchThing

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

FILES_MAX = 1_000
DEADLINES_MAX = 1_000
HISTORY_MAX = 500
ENTRY_COLUMNS = tuple(column.name for column in tables.legal_entries.columns)
HEARD_COLUMNS = tuple(column.name for column in tables.legal_handovers.columns)
DEADLINE_COLUMNS = tuple(column.name for column in tables.legal_deadlines.columns)

_HEADS = """
SELECT f.*, (SELECT min(d.due_on) FROM legal_deadlines d WHERE d.legal_id = f.legal_id AND NOT d.is_done) AS next_due_on
FROM legal_files f
"""


class SqlLegalFiles:
    """`Work.legal`."""

    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def heard(self, handover_ids: Collection[UUID]) -> set[UUID]:
        found = await self._driver.fetch(
            "SELECT handover_id FROM legal_handovers WHERE handover_id = ANY($1::uuid[])", list(handover_ids)
        )
        return {row["handover_id"] for row in found}

    async def hear(self, heard: Sequence[HeardHandover]) -> None:
        rows = [tuple(getattr(each, name) for name in HEARD_COLUMNS) for each in heard]
        clause = "ON CONFLICT DO NOTHING"
        await insert_rows(self._driver, tables.legal_handovers, HEARD_COLUMNS, rows, on_conflict=clause)

    async def latest_signed_at(self) -> datetime | None:
        latest: datetime | None = await self._driver.fetchval("SELECT max(signed_at) FROM legal_handovers")
        return latest

    async def refused_handovers(self, limit: int) -> list[HeardHandover]:
        found = await self._driver.fetch(
            "SELECT * FROM legal_handovers WHERE verdict <> 'opened' ORDER BY signed_at DESC, handover_id LIMIT $1",
            limit,
        )
        return [HeardHandover(**dict(row)) for row in found]

    async def open(self, beginning: LegalFile, entries: Sequence[Entry]) -> None:
        proof = beginning.proof
        kept = {
            "document": proof.document,
            "hash": proof.hash,
            "prepared_by": proof.prepared_by,
            "signed_by": proof.signed_by,
            "signed_at": proof.signed_at.isoformat(),
        }
        row = (
            beginning.legal_id,
            beginning.case_id,
            beginning.creditor_id,
            proof.handover_id,
            beginning.jurisdiction,
            beginning.region,
            orjson.dumps(kept).decode(),
            beginning.opened_at,
            beginning.state,
            True,
            False,
            0,
            None,
            self._now,
        )
        columns = tuple(column.name for column in tables.legal_files.columns)
        await insert_rows(self._driver, tables.legal_files, columns, [row])
        await self.save(read_file(beginning, entries), entries, self._now)

    async def with_open_files(self, case_ids: Collection[UUID]) -> set[UUID]:
        found = await self._driver.fetch(
            "SELECT case_id FROM legal_files WHERE case_id = ANY($1::uuid[]) AND is_open", list(case_ids)
        )
        return {row["case_id"] for row in found}

    async def for_change(self, case_ids: Collection[UUID]) -> dict[UUID, LegalFile]:
        found = await self._driver.fetch(
            "SELECT * FROM legal_files WHERE case_id = ANY($1::uuid[]) AND is_open ORDER BY legal_id FOR UPDATE",
            list(case_ids),
        )
        files = await self._read(found)
        return {file.case_id: file for file in files}

    async def case_of(self, legal_id: UUID) -> UUID:
        case_id: UUID | None = await self._driver.fetchval(
            "SELECT case_id FROM legal_files WHERE legal_id = $1", legal_id
        )
        if case_id is None:
            raise NoSuchThing("legal_file")
        return case_id

    async def read(self, legal_id: UUID) -> LegalFile:
        found = await self._driver.fetch("SELECT * FROM legal_files WHERE legal_id = $1", legal_id)
        if not found:
            raise NoSuchThing("legal_file")
        return (await self._read(found))[0]

    async def entries(self, legal_id: UUID) -> list[Entry]:
        return (await self._entries([legal_id])).get(legal_id, [])

    async def save(self, file: LegalFile, entries: Sequence[Entry], at: datetime) -> None:
        rows = [
            (
                e.legal_id,
                e.position,
                file.case_id,
                file.creditor_id,
                e.kind,
                e.who,
                e.why,
                e.at,
                orjson.dumps(e.body).decode(),
                e.previous_hash,
                e.hash,
            )
            for e in entries
        ]
        await insert_rows(self._driver, tables.legal_entries, ENTRY_COLUMNS, rows)
        state = ("state", "is_open", "is_halted", "position", "respond_by", "changed_at")
        values = (file.state, file.is_open, bool(file.halted_by), file.position, file.respond_by, at)
        await update_rows(self._driver, tables.legal_files, ("legal_id",), state, [(file.legal_id, *values)])
        if not file.is_open:
            await self.end_deadlines([file.legal_id])

    async def find(self, state: str | None, limit: int, after: UUID | None) -> list[FileHead]:
        # `open` stands for every state that is not an end.
        found = await self._driver.fetch(
            _HEADS + "WHERE ($1::text IS NULL OR f.state = $1 OR ($1 = 'open' AND f.is_open)) "
            "AND ($2::uuid IS NULL OR f.legal_id > $2) ORDER BY f.legal_id LIMIT $3",
            state,
            after,
            min(limit, FILES_MAX),
        )
        return [_head(row) for row in found]

    async def of_case(self, case_id: UUID) -> list[FileHead]:
        found = await self._driver.fetch(_HEADS + "WHERE f.case_id = $1 ORDER BY f.legal_id DESC LIMIT 100", case_id)
        return [_head(row) for row in found]

    async def keep_document(self, file: LegalFile, document_id: UUID, sha256: str, content: bytes) -> None:
        columns = tuple(column.name for column in tables.legal_documents.columns)
        row = (document_id, file.legal_id, file.case_id, file.creditor_id, sha256, content)
        await insert_rows(self._driver, tables.legal_documents, columns, [row])

    async def contents(self, legal_id: UUID) -> Mapping[UUID, bytes]:
        found = await self._driver.fetch(
            "SELECT document_id, content FROM legal_documents WHERE legal_id = $1 LIMIT 100", legal_id
        )
        return {row["document_id"]: row["content"] for row in found}

    async def add_deadline(self, deadline: DueDeadline) -> None:
        row = tuple(getattr(deadline, name) for name in DEADLINE_COLUMNS)
        await insert_rows(self._driver, tables.legal_deadlines, DEADLINE_COLUMNS, [row])

    async def finish_deadlines(self, deadline_ids: Collection[UUID]) -> None:
        await self._driver.execute(
            "UPDATE legal_deadlines SET is_done = true, remind_at = NULL WHERE deadline_id = ANY($1::uuid[])",
            list(deadline_ids),
        )

    async def end_deadlines(self, legal_ids: Collection[UUID]) -> None:
        await self._driver.execute(
            "UPDATE legal_deadlines SET is_done = true, remind_at = NULL "
            "WHERE legal_id = ANY($1::uuid[]) AND NOT is_done",
            list(legal_ids),
        )

    async def deadlines(self, legal_id: UUID) -> list[DueDeadline]:
        found = await self._driver.fetch(
            "SELECT * FROM legal_deadlines WHERE legal_id = $1 ORDER BY due_on, deadline_id LIMIT $2",
            legal_id,
            DEADLINES_MAX,
        )
        return [DueDeadline(**dict(row)) for row in found]

    async def lock_due(self, limit: int) -> list[DueDeadline]:
        found = await self._driver.fetch(
            "SELECT d.* FROM legal_deadlines d JOIN cases c USING (case_id) WHERE d.remind_at <= $1 "
            "ORDER BY d.remind_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED",
            self._now,
            limit,
        )
        return [DueDeadline(**dict(row)) for row in found]

    async def remind_again(self, deadlines: Sequence[DueDeadline]) -> None:
        rows = [(d.deadline_id, d.remind_at, d.reminded_at) for d in deadlines]
        columns = ("remind_at", "reminded_at")
        await update_rows(self._driver, tables.legal_deadlines, ("deadline_id",), columns, rows)

    async def offers_made(self, case_id: UUID) -> list[dict[str, Any]]:
        found = await self._driver.fetch(
            "SELECT prepared_on, kind, total_minor_units, discount_minor_units, instalment_count, first_due_on, "
            "status, proposed_at FROM offers WHERE case_id = $1 AND proposed_at IS NOT NULL "
            "ORDER BY proposed_at, offer_id LIMIT $2",
            case_id,
            HISTORY_MAX,
        )
        return [dict(row) for row in found]

    async def counter_offers_made(self, case_id: UUID) -> list[dict[str, Any]]:
        found = await self._driver.fetch(
            "SELECT made_at, asked, verdict, reasons FROM counter_offers WHERE case_id = $1 "
            "ORDER BY made_at, counter_id LIMIT $2",
            case_id,
            HISTORY_MAX,
        )
        return [dict(row) for row in found]

    async def plans_made(self, case_id: UUID) -> list[dict[str, Any]]:
        found = await self._driver.fetch(
            "SELECT plan_id, agreed_at, status, ended_at, terms_hash, (SELECT count(*) FROM instalments i "
            "WHERE i.plan_id = p.plan_id) AS instalments FROM plans p WHERE case_id = $1 "
            "ORDER BY agreed_at, plan_id LIMIT $2",
            case_id,
            HISTORY_MAX,
        )
        return [dict(row) for row in found]

    async def counsel(self, counsel_id: str) -> Counsel | None:
        row = await self._driver.fetchrow("SELECT * FROM legal_counsel WHERE counsel_id = $1", counsel_id)
        if row is None:
            return None
        return Counsel(**{**dict(row), "admitted_in": tuple(row["admitted_in"])})

    async def register(self, counsel: Counsel) -> None:
        await self._driver.execute(
            "INSERT INTO legal_counsel (counsel_id, admitted_in, token_hash, is_active, registered_by, registered_at) "
            "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (counsel_id) DO UPDATE SET "
            "admitted_in = excluded.admitted_in, token_hash = excluded.token_hash, is_active = excluded.is_active, "
            "registered_by = excluded.registered_by, registered_at = excluded.registered_at",
            counsel.counsel_id,
            orjson.dumps(counsel.admitted_in).decode(),
            counsel.token_hash,
            counsel.is_active,
            counsel.registered_by,
            counsel.registered_at,
        )

    async def _read(self, found: Sequence[Any]) -> Sequence[LegalFile]:
        entries = await self._entries([row["legal_id"] for row in found])
        return [read_file(_beginning(row), entries.get(row["legal_id"], [])) for row in found]

    async def _entries(self, legal_ids: Collection[UUID]) -> dict[UUID, list[Entry]]:
        found = await self._driver.fetch(
            "SELECT * FROM legal_entries WHERE legal_id = ANY($1::uuid[]) ORDER BY legal_id, position LIMIT $2",
            list(legal_ids),
            ENTRIES_MAX * max(len(legal_ids), 1),
        )
        entries: dict[UUID, list[Entry]] = defaultdict(list)
        for row in found:
            values = {name: row[name] for name in ENTRY_COLUMNS if name not in ("case_id", "creditor_id")}
            entries[row["legal_id"]].append(Entry(**values))
        return dict(entries)


def _beginning(row: Any) -> LegalFile:
    kept = row["proof"]
    proof = LadderProof(
        row["handover_id"],
        row["case_id"],
        kept["document"],
        kept["hash"],
        kept["prepared_by"],
        kept["signed_by"],
        datetime.fromisoformat(kept["signed_at"]),
    )
    fixed = (row["legal_id"], row["case_id"], row["creditor_id"], row["jurisdiction"], row["region"])
    return LegalFile(*fixed, proof, row["opened_at"])


def _head(row: Any) -> FileHead:
    return FileHead(**{name: row[name] for name in FileHead.__slots__})
