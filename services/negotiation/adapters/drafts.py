"""Budgets that are being filled in, over PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.application.draft_ports import BudgetDraft, DraftLine
from services.negotiation.domain.affordability.statement import Household

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

_SAVE = """
INSERT INTO budget_drafts (case_id, creditor_id, draft, saved_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (case_id) DO UPDATE SET draft = excluded.draft, saved_at = excluded.saved_at
"""


class SqlDrafts:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def find(self, case_id: UUID, since: datetime) -> BudgetDraft | None:
        found = await self._driver.fetchval(
            "SELECT draft FROM budget_drafts WHERE case_id = $1 AND saved_at > $2", case_id, since
        )
        return _draft(orjson.loads(found) if isinstance(found, str) else found) if found is not None else None

    async def save(self, case_id: UUID, creditor_id: UUID, draft: BudgetDraft) -> None:
        await self._driver.execute(_SAVE, case_id, creditor_id, orjson.dumps(asdict(draft)).decode(), self._now)

    async def forget(self, case_ids: Collection[UUID]) -> None:
        await self._driver.execute("DELETE FROM budget_drafts WHERE case_id = ANY($1::uuid[])", list(case_ids))


def _draft(stored: dict[str, Any]) -> BudgetDraft:
    return BudgetDraft(
        household=Household(**stored["household"]),
        lines={category: DraftLine(**line) for category, line in stored["lines"].items()},
        other_debts=stored["other_debts"],
        pay_day=stored["pay_day"],
        steps=tuple(stored["steps"]),
    )
