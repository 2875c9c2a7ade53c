"""Loan accounts: contract terms and history, found by the blind index of their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson

from services.intake.adapters.columns import insert_new, update_columns
from services.intake.adapters.tables import accounts
from services.intake.application.rows import AccountRow, KnownAccount
from services.intake.domain.placement import Placement
from services.intake.domain.refusals import PlacedMeanwhile
from shared.db.transaction import Transaction

_LOCK_KNOWN = """
SELECT a.account_id, a.number_index, a.person_id,
       EXISTS (SELECT FROM cases c WHERE c.account_id = a.account_id AND c.status = 'open') AS has_open_case
FROM accounts a
WHERE a.creditor_id = $1 AND a.number_index = ANY($2::bytea[])
ORDER BY a.account_id
FOR UPDATE OF a
"""


class AccountTable:
    def __init__(self, transaction: Transaction, tenant: UUID | None) -> None:
        self._transaction = transaction
        self._tenant = tenant

    async def lock_known(self, number_indexes: Sequence[bytes]) -> Sequence[KnownAccount]:
        if not number_indexes:
            return []
        driver = await self._transaction.driver()
        rows = await driver.fetch(_LOCK_KNOWN, self._tenant, number_indexes)
        return [KnownAccount(r["account_id"], r["number_index"], r["person_id"], r["has_open_case"]) for r in rows]

    async def add(self, rows: Sequence[AccountRow]) -> None:
        if not rows:
            return
        same = {"creditor_id": self._tenant, "placed_at": self._transaction.now}
        if await insert_new(self._transaction, accounts, _columns(rows), same=same, key="number_index") != len(rows):
            raise PlacedMeanwhile

    async def renew(self, rows: Sequence[AccountRow]) -> None:
        if rows:
            columns = _columns(rows) | {"placed_at": [self._transaction.now] * len(rows)}
            await update_columns(self._transaction, accounts, columns, key="account_id")


def _columns(rows: Sequence[AccountRow]) -> dict[str, list[Any]]:
    placements = [row.placement for row in rows]
    return {
        "account_id": [row.account_id for row in rows],
        "person_id": [row.person_id for row in rows],
        "number_index": [row.number_index for row in rows],
        "number_sealed": [row.number_sealed for row in rows],
        "product": [p.product for p in placements],
        "currency": [p.currency for p in placements],
        "originated_on": [p.originated_on for p in placements],
        "original_principal_minor_units": [p.original_principal_minor_units for p in placements],
        "annual_rate_basis_points": [p.annual_rate_basis_points for p in placements],
        "term_months": [p.term_months for p in placements],
        "instalment_minor_units": [p.instalment_minor_units for p in placements],
        "first_due_on": [p.first_due_on for p in placements],
        "history": [_history(p) for p in placements],
    }


def _history(placement: Placement) -> str:
    """What the arrears were recomputed from: pairs of date and minor units."""
    kept = {"payments": placement.payments, "schedule": placement.listed_instalments}
    return orjson.dumps(kept).decode()
