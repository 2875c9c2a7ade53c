"""Payments that lenders reported, known by the blind index of their reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.intake.adapters.columns import insert_new
from services.intake.adapters.tables import payments
from services.intake.application.rows import PaymentRow
from services.intake.domain.payment import KnownPayment
from services.intake.domain.refusals import PlacedMeanwhile
from shared.db.transaction import Transaction

_KNOWN = """
SELECT p.reference_index, p.payment_id, p.case_id, p.amount_minor_units, p.currency, p.received_on,
       p.reverses_payment_id, r.payment_id AS reversed_by
FROM payments p
LEFT JOIN payments r ON r.creditor_id = p.creditor_id AND r.reverses_payment_id = p.payment_id
WHERE p.creditor_id = $1 AND p.reference_index = ANY($2::bytea[])
"""


class PaymentTable:
    def __init__(self, transaction: Transaction, tenant: UUID | None) -> None:
        self._transaction = transaction
        self._tenant = tenant

    async def known(self, reference_indexes: Sequence[bytes]) -> Mapping[bytes, KnownPayment]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_KNOWN, self._tenant, reference_indexes)
        return {row["reference_index"]: KnownPayment(*tuple(row)[1:]) for row in rows}

    async def add(self, rows: Sequence[PaymentRow]) -> None:
        if not rows:
            return
        columns: dict[str, list[Any]] = {
            "payment_id": [row.payment_id for row in rows],
            "case_id": [row.case_id for row in rows],
            "reference_index": [row.reference_index for row in rows],
            "amount_minor_units": [row.amount_minor_units for row in rows],
            "currency": [row.currency for row in rows],
            "received_on": [row.received_on for row in rows],
            "reverses_payment_id": [row.reverses_payment_id for row in rows],
        }
        same = {"creditor_id": self._tenant, "reported_at": self._transaction.now}
        if await insert_new(self._transaction, payments, columns, same=same, key="reference_index") != len(rows):
            raise PlacedMeanwhile
