"""Sandbox Pay's memory: one table that nothing else reads. Each call is a short transaction of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from shared.db.database import Database

Payment = dict[str, Any]


class Memory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, reference: str, payment_id: UUID, payment: Payment) -> tuple[Payment, bool]:
        """The payment as it is remembered, and whether it is new."""
        async with self._database.transaction() as transaction:
            driver = await transaction.driver()
            is_new = await driver.fetchval(
                "INSERT INTO sandbox_payments (reference, payment_id, state) VALUES ($1, $2, $3) "
                "ON CONFLICT DO NOTHING RETURNING true",
                reference,
                payment_id,
                orjson.dumps(payment).decode(),
            )
            known = await driver.fetchval("SELECT state FROM sandbox_payments WHERE reference = $1", reference)
            await transaction.commit()
        return known, bool(is_new)

    async def save(self, payment: Payment) -> None:
        async with self._database.transaction() as transaction:
            driver = await transaction.driver()
            await driver.execute(
                "UPDATE sandbox_payments SET state = $2 WHERE reference = $1",
                payment["reference"],
                orjson.dumps(payment).decode(),
            )
            await transaction.commit()

    async def by_reference(self, reference: str) -> Payment | None:
        return await self._one("reference = $1", reference)

    async def by_payment(self, payment_id: UUID) -> Payment | None:
        return await self._one("payment_id = $1", payment_id)

    async def by_refund(self, refund_id: str) -> Payment | None:
        return await self._one("(state -> 'refunds' -> $1) IS NOT NULL", refund_id)

    async def _one(self, where: str, value: object) -> Payment | None:
        async with self._database.transaction() as transaction:
            driver = await transaction.driver()
            found: Payment | None = await driver.fetchval(
                f"SELECT state FROM sandbox_payments WHERE {where} LIMIT 1",  # noqa: S608 - conditions written here
                value,
            )
        return found
