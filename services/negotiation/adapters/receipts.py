"""Payments under way and refunds over PostgreSQL. Whoever changes them holds the row of their case first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.negotiation.adapters import receipts_rows as rows
from services.negotiation.adapters import receipts_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.receipts_ports import StoredNotice
from services.negotiation.domain.receipts.intents import Intent, NoticeVerdict
from services.negotiation.domain.receipts.refunds import Refund
from services.negotiation.domain.refusals import NoSuchThing

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection


class SqlIntents:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def add(self, intent: Intent) -> None:
        await insert_rows(self._driver, tables.payment_intents, rows.INTENT_COLUMNS, [rows.intent_row(intent)])
        await self.remember_reference(str(intent.payment_id), intent.case_id)

    async def save(self, intents: Sequence[Intent]) -> None:
        values = [(i.payment_id, *rows.intent_row(i, rows.INTENT_STATE)) for i in intents]
        await update_rows(self._driver, tables.payment_intents, ("payment_id",), rows.INTENT_STATE, values)

    async def find(self, case_id: UUID, payment_id: UUID) -> Intent:
        row = await self._driver.fetchrow(
            "SELECT * FROM payment_intents WHERE payment_id = $1 AND case_id = $2", payment_id, case_id
        )
        if row is None:
            raise NoSuchThing("payment")
        return rows.intent_from(row)

    async def for_change(self, payment_ids: Collection[UUID]) -> dict[UUID, Intent]:
        found = await self._driver.fetch(
            "SELECT * FROM payment_intents WHERE payment_id = ANY($1::uuid[]) ORDER BY payment_id FOR UPDATE",
            list(payment_ids),
        )
        return {row["payment_id"]: rows.intent_from(row) for row in found}

    async def of_case(self, case_id: UUID, limit: int) -> list[Intent]:
        found = await self._driver.fetch(
            "SELECT * FROM payment_intents WHERE case_id = $1 ORDER BY requested_at DESC, payment_id LIMIT $2",
            case_id,
            limit,
        )
        return [rows.intent_from(row) for row in found]

    async def due(self, limit: int) -> list[Intent]:
        found = await self._driver.fetch(
            "SELECT * FROM payment_intents WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED",
            self._now,
            limit,
        )
        return [rows.intent_from(row) for row in found]

    async def case_of(self, payment_id: UUID) -> UUID | None:
        found: UUID | None = await self._driver.fetchval(
            "SELECT case_id FROM payment_keys WHERE key = $1", str(payment_id)
        )
        return found

    async def remember_reference(self, reference: str, case_id: UUID) -> None:
        await self._driver.execute(
            "INSERT INTO payment_keys (key, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", reference, case_id
        )

    async def keys(self, keys: Collection[str]) -> dict[str, UUID]:
        found = await self._driver.fetch(
            "SELECT key, case_id FROM payment_keys WHERE key = ANY($1::text[])", list(keys)
        )
        return {row["key"]: row["case_id"] for row in found}

    async def open_transfers(self, case_ids: Collection[UUID]) -> list[Intent]:
        found = await self._driver.fetch(
            "SELECT * FROM payment_intents WHERE case_id = ANY($1::uuid[]) AND method = 'bank_transfer' "
            "AND NOT is_paid ORDER BY requested_at, payment_id LIMIT 1000 FOR UPDATE",
            list(case_ids),
        )
        return [rows.intent_from(row) for row in found]

    async def add_notice(self, notice: StoredNotice) -> None:
        await insert_rows(
            self._driver,
            tables.payment_notices,
            rows.NOTICE_COLUMNS,
            [rows.notice_row(notice)],
            on_conflict="ON CONFLICT (notice_id) DO NOTHING",
        )

    async def unsettled_notices(self, limit: int) -> list[StoredNotice]:
        found = await self._driver.fetch(
            "SELECT * FROM payment_notices WHERE verdict IS NULL ORDER BY received_at, notice_id LIMIT $1 "
            "FOR UPDATE SKIP LOCKED",
            limit,
        )
        return [rows.notice_from(row) for row in found]

    async def settle_notices(self, verdicts: Sequence[tuple[str, NoticeVerdict]]) -> None:
        await update_rows(self._driver, tables.payment_notices, ("notice_id",), ("verdict",), list(verdicts))

    async def notices_to_review(self, after: str, limit: int) -> list[StoredNotice]:
        found = await self._driver.fetch(
            "SELECT * FROM payment_notices WHERE verdict NOT IN ('applied', 'known') AND notice_id > $1 "
            "ORDER BY notice_id LIMIT $2",
            after,
            limit,
        )
        return [rows.notice_from(row) for row in found]


class SqlRefundOrders:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def add(self, refund: Refund) -> None:
        await insert_rows(self._driver, tables.refund_orders, rows.REFUND_COLUMNS, [rows.refund_row(refund)])

    async def save(self, refunds: Sequence[Refund]) -> None:
        values = [(r.refund_id, *rows.refund_row(r, rows.REFUND_STATE)) for r in refunds]
        await update_rows(self._driver, tables.refund_orders, ("refund_id",), rows.REFUND_STATE, values)

    async def find(self, refund_id: UUID) -> Refund:
        row = await self._driver.fetchrow("SELECT * FROM refund_orders WHERE refund_id = $1", refund_id)
        if row is None:
            raise NoSuchThing("refund")
        return rows.refund_from(row)

    async def for_change(self, refund_ids: Collection[UUID]) -> dict[UUID, Refund]:
        found = await self._driver.fetch(
            "SELECT * FROM refund_orders WHERE refund_id = ANY($1::uuid[]) ORDER BY refund_id FOR UPDATE",
            list(refund_ids),
        )
        return {row["refund_id"]: rows.refund_from(row) for row in found}

    async def of_case(self, case_id: UUID) -> list[Refund]:
        found = await self._driver.fetch(
            "SELECT * FROM refund_orders WHERE case_id = $1 ORDER BY asked_at, refund_id LIMIT 1000", case_id
        )
        return [rows.refund_from(row) for row in found]

    async def due(self, limit: int) -> list[Refund]:
        found = await self._driver.fetch(
            "SELECT * FROM refund_orders WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED",
            self._now,
            limit,
        )
        return [rows.refund_from(row) for row in found]

    async def waiting(self, after: UUID, limit: int) -> list[Refund]:
        found = await self._driver.fetch(
            "SELECT * FROM refund_orders WHERE state = 'requested' AND refund_id > $1 ORDER BY refund_id LIMIT $2",
            after,
            limit,
        )
        return [rows.refund_from(row) for row in found]

    async def to_transfer(self, limit: int) -> list[Refund]:
        found = await self._driver.fetch(
            "SELECT * FROM refund_orders WHERE state = 'sending' AND way = 'bank_transfer' AND file_id IS NULL "
            "ORDER BY refund_id LIMIT $1 FOR UPDATE SKIP LOCKED",
            limit,
        )
        return [rows.refund_from(row) for row in found]

    async def in_file(self, file_id: UUID) -> list[Refund]:
        found = await self._driver.fetch(
            "SELECT * FROM refund_orders WHERE file_id = $1 ORDER BY refund_id LIMIT 1000", file_id
        )
        return [rows.refund_from(row) for row in found]
