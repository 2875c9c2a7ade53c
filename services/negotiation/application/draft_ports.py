"""A budget that is being filled in, page by page: kept until it is filed, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.negotiation.domain.affordability.forms import Every
from services.negotiation.domain.affordability.statement import Household


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An amount in minor units each period, as it was typed."""

    amount: int
    every: Every


@dataclass(frozen=True, slots=True)
class BudgetDraft:
    """`lines` by category; a nought is no line. `steps` are those that were filled in."""

    household: Household = field(default_factory=Household)
    lines: Mapping[str, DraftLine] = field(default_factory=dict)
    other_debts: int = 0
    pay_day: int | None = None
    steps: tuple[str, ...] = ()


class Drafts(Protocol):
    async def find(self, case_id: UUID, since: datetime) -> BudgetDraft | None:
        """None where there is none, or an older one."""
        ...

    async def save(self, case_id: UUID, creditor_id: UUID, draft: BudgetDraft) -> None: ...
    async def forget(self, case_ids: Collection[UUID]) -> None: ...
