"""What means and offers need stored: statements, and the facts that each set of offers followed from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.negotiation.domain.affordability.means import Means
from services.negotiation.domain.affordability.statement import Statement


@dataclass(frozen=True, slots=True)
class FiledStatement:
    """A statement on file with what followed from it. `made_by` is `borrower` or a staff member's id."""

    statement_id: UUID
    case_id: UUID
    creditor_id: UUID
    made_by: str
    made_at: datetime
    statement: Statement
    means: Means


@dataclass(frozen=True, slots=True)
class OfferSet:
    """What was offered from which facts. `facts` is what the engine was given and nothing else."""

    set_id: UUID
    case_id: UUID
    creditor_id: UUID
    made_at: datetime
    engine: str
    facts: Mapping[str, Any]
    facts_hash: str
    offers_hash: str


class Statements(Protocol):
    async def add(self, filed: FiledStatement) -> None: ...
    async def newest(self, case_id: UUID) -> FiledStatement | None:
        """By the day it speaks of, then by when it was made."""
        ...

    async def count(self, case_id: UUID) -> int: ...
    async def forget(self, case_ids: Collection[UUID]) -> None: ...


class OfferSets(Protocol):
    async def add(self, sets: Sequence[OfferSet]) -> None: ...
    async def page(self, after: UUID | None, limit: int) -> list[OfferSet]:
        """In the order of their ids; fewer than `limit`: the end."""
        ...

    async def contradictions(self, limit: int) -> list[tuple[str, str]]:
        """(engine, facts hash) from which different offers followed: there must be none."""
        ...
