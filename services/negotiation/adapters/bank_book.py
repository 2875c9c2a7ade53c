"""The agency's bank account over PostgreSQL: statements, entries, what they are for, and the bank book."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from services.negotiation.adapters import receipts_rows as rows
from services.negotiation.adapters import receipts_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.receipts_ports import (
    Allocation,
    BankAccount,
    BankEntry,
    BankMovement,
    StatementHead,
)
from services.negotiation.application.remittance_ports import StatementBalance
from services.negotiation.domain.receipts.matching import DUE_WINDOW_DAYS
from services.negotiation.domain.refusals import NoSuchThing

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

REVERSALS_MAX = 10
MOVEMENT_COLUMNS = ("kind", "source_id", "account", "currency", "effective_on", "booked_at", "minor_units")


class SqlBank:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def find_statement(self, account: str, number: str, closed_on: date) -> StatementHead | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM bank_statements WHERE account = $1 AND number = $2 AND closed_on = $3",
            account,
            number,
            closed_on,
        )
        return rows.head_from(row) if row is not None else None

    async def statement(self, statement_id: UUID) -> StatementHead:
        row = await self._driver.fetchrow("SELECT * FROM bank_statements WHERE statement_id = $1", statement_id)
        if row is None:
            raise NoSuchThing("statement")
        return rows.head_from(row)

    async def add_statement(self, head: StatementHead) -> bool:
        names = ", ".join(rows.HEAD_COLUMNS)
        places = ", ".join(f"${i}" for i in range(1, len(rows.HEAD_COLUMNS) + 1))
        added = await self._driver.fetchval(
            f"INSERT INTO bank_statements ({names}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING 1",  # noqa: S608 - names come from our own tables
            *rows.head_row(head),
        )
        return added is not None

    async def add_entries(self, entries: Sequence[BankEntry]) -> set[UUID]:
        ids = [entry.entry_id for entry in entries]
        # Imports queue up one behind the other, so that nobody's entry is taken for known and then rolled back.
        await self._driver.execute("SELECT pg_advisory_xact_lock(hashtext('bank_entries'))")
        known = await self._driver.fetch("SELECT entry_id FROM bank_entries WHERE entry_id = ANY($1::uuid[])", ids)
        fresh = set(ids) - {row["entry_id"] for row in known}
        values = [rows.entry_row(entry) for entry in entries if entry.entry_id in fresh]
        await insert_rows(self._driver, tables.bank_entries, rows.ENTRY_COLUMNS, values)
        return fresh

    async def entries_of(self, statement_id: UUID, after: int, limit: int) -> list[BankEntry]:
        found = await self._driver.fetch(
            "SELECT * FROM bank_entries WHERE statement_id = $1 AND position > $2 ORDER BY position LIMIT $3",
            statement_id,
            after,
            limit,
        )
        return [rows.entry_from(row) for row in found]

    async def new_entries(self, limit: int) -> list[BankEntry]:
        # Credits before debits: what a reversal takes back may come in the same file, in any order.
        found = await self._driver.fetch(
            "SELECT * FROM bank_entries WHERE state = 'new' ORDER BY direction, imported_at, entry_id LIMIT $1 "
            "FOR UPDATE SKIP LOCKED",
            limit,
        )
        return [rows.entry_from(row) for row in found]

    async def queue(self, after: UUID, limit: int) -> list[BankEntry]:
        found = await self._driver.fetch(
            "SELECT * FROM bank_entries WHERE state NOT IN ('new', 'explained') AND entry_id > $1 "
            "ORDER BY entry_id LIMIT $2",
            after,
            limit,
        )
        return [rows.entry_from(row) for row in found]

    async def ordered_entries(self, limit: int) -> list[BankEntry]:
        return await self._many("state = 'ordered' ORDER BY entry_id LIMIT $1 FOR UPDATE SKIP LOCKED", limit)

    async def find(self, entry_id: UUID) -> BankEntry:
        found = await self._many("entry_id = $1", entry_id)
        if not found:
            raise NoSuchThing("entry")
        return found[0]

    async def waiting_reversals(self, came_in: Sequence[BankEntry]) -> list[BankEntry]:
        return await self._many(
            "state = 'open' AND is_reversal AND direction = 'debit' AND (bank_reference_hash = ANY($1::bytea[]) "
            "OR end_to_end_hash = ANY($2::bytea[])) ORDER BY entry_id LIMIT 1000 FOR UPDATE",
            [e.bank_reference_hash for e in came_in],
            [e.end_to_end_hash for e in came_in],
        )

    async def to_transfer(self, limit: int) -> list[BankEntry]:
        return await self._many(
            "state = 'returning' AND file_id IS NULL AND sealed IS NOT NULL ORDER BY entry_id LIMIT $1 "
            "FOR UPDATE SKIP LOCKED",
            limit,
        )

    async def in_file(self, file_id: UUID) -> list[BankEntry]:
        return await self._many("file_id = $1 ORDER BY entry_id LIMIT 1000", file_id)

    async def _many(self, where: str, *arguments: object) -> list[BankEntry]:
        found = await self._driver.fetch(f"SELECT * FROM bank_entries WHERE {where}", *arguments)  # noqa: S608 - conditions written here
        return [rows.entry_from(row) for row in found]

    async def for_change(self, entry_ids: Collection[UUID]) -> dict[UUID, BankEntry]:
        found = await self._driver.fetch(
            "SELECT * FROM bank_entries WHERE entry_id = ANY($1::uuid[]) ORDER BY entry_id FOR UPDATE",
            list(entry_ids),
        )
        return {row["entry_id"]: rows.entry_from(row) for row in found}

    async def save(self, entries: Sequence[BankEntry]) -> None:
        values = [(e.entry_id, *rows.entry_row(e, rows.ENTRY_STATE)) for e in entries]
        await update_rows(self._driver, tables.bank_entries, ("entry_id",), rows.ENTRY_STATE, values)

    async def alike(self, currency: str, amount: int, on: date, limit: int) -> list[UUID]:
        found = await self._driver.fetch(
            "SELECT DISTINCT i.case_id FROM instalments i JOIN cases c USING (case_id) "
            "WHERE i.is_watched AND i.due_on BETWEEN $1 AND $2 AND i.amount_minor_units - i.paid_minor_units = $3 "
            "AND c.currency = $4 AND c.closed IS NULL ORDER BY i.case_id LIMIT $5",
            on - timedelta(days=DUE_WINDOW_DAYS),
            on + timedelta(days=DUE_WINDOW_DAYS),
            amount,
            currency,
            limit,
        )
        return [row["case_id"] for row in found]

    async def booked_like(self, entry: BankEntry) -> list[BankEntry]:
        found = await self._driver.fetch(
            "SELECT * FROM bank_entries WHERE direction = 'credit' AND NOT is_reversal AND state <> 'new' "
            "AND amount_minor_units = $1 AND currency = $2 AND (bank_reference_hash = $3 OR end_to_end_hash = $4) "
            "ORDER BY entry_id LIMIT $5 FOR UPDATE",
            entry.amount,
            entry.currency,
            entry.bank_reference_hash,
            entry.end_to_end_hash,
            REVERSALS_MAX,
        )
        return [rows.entry_from(row) for row in found]

    async def add_allocations(self, allocations: Sequence[Allocation]) -> None:
        values = [rows.allocation_row(a) for a in allocations]
        await insert_rows(self._driver, tables.bank_allocations, rows.ALLOCATION_COLUMNS, values)

    async def allocations(self, entry_ids: Collection[UUID]) -> list[Allocation]:
        found = await self._driver.fetch(
            "SELECT * FROM bank_allocations WHERE entry_id = ANY($1::uuid[]) ORDER BY made_at, allocation_id",
            list(entry_ids),
        )
        return [rows.allocation_from(row) for row in found]

    async def ordered(self, limit: int) -> list[Allocation]:
        found = await self._driver.fetch(
            "SELECT * FROM bank_allocations WHERE state = 'ordered' ORDER BY made_at, allocation_id LIMIT $1 "
            "FOR UPDATE SKIP LOCKED",
            limit,
        )
        return [rows.allocation_from(row) for row in found]

    async def save_allocations(self, allocations: Sequence[Allocation]) -> None:
        values = [(a.allocation_id, *rows.allocation_row(a, rows.ALLOCATION_STATE)) for a in allocations]
        await update_rows(self._driver, tables.bank_allocations, ("allocation_id",), rows.ALLOCATION_STATE, values)

    async def book(self, movements: Sequence[BankMovement]) -> None:
        values = [
            (m.kind, m.source_id, account, m.currency, m.effective_on, self._now, amount)
            for m in movements
            for account, amount in m.postings
            if amount
        ]
        await insert_rows(self._driver, tables.bank_movements, MOVEMENT_COLUMNS, values)

    async def balances(self) -> dict[tuple[str, BankAccount], int]:
        found = await self._driver.fetch(
            "SELECT currency, account, sum(minor_units)::bigint AS total FROM bank_movements GROUP BY 1, 2"
        )
        return {(row["currency"], row["account"]): row["total"] for row in found}

    async def closing_balances(self, currency: str, since: date, limit: int) -> list[StatementBalance]:
        # In suspense less at the provider: what bank and cases differ by on that day, whatever was matched since.
        found = await self._driver.fetch(
            "WITH days AS (SELECT effective_on, sum(minor_units) AS total FROM bank_movements "
            "WHERE currency = $1 AND account IN ('suspense', 'in_transit') GROUP BY effective_on) "
            "SELECT s.*, (SELECT -coalesce(sum(d.total), 0)::bigint FROM days d WHERE d.effective_on <= s.closed_on) "
            "AS rest "
            "FROM (SELECT DISTINCT ON (closed_on) statement_id, closed_on, closing_minor_units FROM bank_statements "
            "WHERE currency = $1 AND closed_on >= $2 ORDER BY closed_on, imported_at DESC, number DESC LIMIT $3) s",
            currency,
            since,
            limit,
        )
        return [
            StatementBalance(r["statement_id"], currency, r["closed_on"], r["closing_minor_units"], r["rest"])
            for r in found
        ]

    async def paid_from(self, payment_ids: Collection[UUID]) -> dict[UUID, BankEntry]:
        found = await self._driver.fetch(
            "SELECT e.*, a.allocation_id FROM bank_entries e JOIN bank_allocations a USING (entry_id) "
            "WHERE a.allocation_id = ANY($1::uuid[])",
            list(payment_ids),
        )
        return {row["allocation_id"]: rows.entry_from(row) for row in found}

    async def forget_payers(self, case_ids: Collection[UUID]) -> None:
        await self._driver.execute(
            "UPDATE bank_entries SET sealed = NULL, payer_hash = NULL WHERE sealed IS NOT NULL AND entry_id IN "
            "(SELECT entry_id FROM bank_allocations WHERE case_id = ANY($1::uuid[]))",
            list(case_ids),
        )

    async def forget_texts(self, before: date, limit: int) -> int:
        found = await self._driver.fetch(
            "UPDATE bank_entries SET sealed = NULL, payer_hash = NULL WHERE entry_id IN (SELECT entry_id "
            "FROM bank_entries WHERE sealed IS NOT NULL AND sealed_until < $1 "
            "AND state NOT IN ('new', 'waiting_check', 'returning') "
            "ORDER BY sealed_until LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1",
            before,
            limit,
        )
        return len(found)
