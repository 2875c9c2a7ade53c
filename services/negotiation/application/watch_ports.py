"""What the watch keeps beside the plans: when to look, what was seen, runs of the playbook, decisions, cures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.watch.cures import CureCount, CureWatch
from services.negotiation.domain.watch.due import DuePlan
from services.negotiation.domain.watch.playbook import Run
from services.negotiation.domain.watch.slippage import Promise, Signal

DecisionState = Literal["open", "allowed", "refused", "moot"]
Grouping = Literal["cause", "treatment"]


@dataclass(frozen=True, slots=True)
class SeenSignal:
    """A sign on file. `plan_id` is None where it was seen outside of any plan."""

    case_id: UUID
    creditor_id: UUID
    plan_id: UUID | None
    signal: Signal
    slipped_at: datetime

    @property
    def key(self) -> tuple[UUID, str, int]:
        """It is told once for each plan (or case), sign and instalment."""
        return self.plan_id or self.case_id, self.signal.sign, self.signal.instalment_number or 0


@dataclass(frozen=True, slots=True)
class ReplanDecision:
    """Whether a case whose plans keep breaking gets another one: for a person to decide."""

    decision_id: UUID
    case_id: UUID
    creditor_id: UUID
    plan_id: UUID
    reached: str
    plans: int
    state: DecisionState
    opened_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    reasons: tuple[str, ...] = ()


class Watch(Protocol):
    async def look(self, cases: Sequence[CaseFile], at: Mapping[UUID, datetime | None] | None = None) -> None:
        """Look for early signs soon, or at the given moments (None: not again until something happens)."""
        ...

    async def lock_due(self, limit: int) -> list[UUID]:
        """Cases to be looked at now, locked; those that others hold are passed over."""
        ...

    async def seen(self, case_ids: Collection[UUID]) -> set[tuple[UUID, str, int]]: ...
    async def record(self, signals: Sequence[SeenSignal]) -> None: ...
    async def signals(self, case_id: UUID) -> list[SeenSignal]: ...
    async def promise(self, promises: Sequence[Promise]) -> None: ...
    async def promises(self, case_ids: Collection[UUID]) -> dict[UUID, list[Promise]]:
        """The newest of each case, at most some dozen."""
        ...

    async def agreed_at(self, case_ids: Collection[UUID]) -> dict[UUID, list[datetime]]:
        """When the plans of each case were agreed that were not taken back."""
        ...

    async def runs(self, plan_ids: Collection[UUID]) -> dict[UUID, Run]:
        """The newest run of each plan."""
        ...

    async def add_runs(self, runs: Sequence[Run]) -> None: ...
    async def save_runs(self, runs: Sequence[Run]) -> None: ...
    async def lock_stalled(self, limit: int) -> list[Run]: ...


class DuePlans(Protocol):
    async def lock(self, limit: int) -> list[DuePlan]:
        """Plans with a watched instalment whose time has come, their cases locked; those that others hold are skipped.

        What can change is read after the lock.
        """
        ...

    async def mark_broken(self, plans: Sequence[DuePlan]) -> None:
        """On the plan, on its case, where it counts as one more default, and on what is watched of it."""
        ...


class Replans(Protocol):
    async def open(self, decisions: Sequence[ReplanDecision]) -> None: ...
    async def end(self, decision: ReplanDecision) -> None: ...
    async def open_of(self, case_ids: Collection[UUID]) -> list[ReplanDecision]: ...
    async def find(self, decision_id: UUID) -> ReplanDecision: ...
    async def queue(self, after: tuple[datetime, UUID] | None, limit: int) -> list[ReplanDecision]:
        """Open decisions of all creditors, oldest first, after the given place."""
        ...


class Cures(Protocol):
    async def add(self, watches: Sequence[CureWatch], ends_at: Mapping[UUID, datetime]) -> None: ...
    async def save(self, watches: Sequence[CureWatch]) -> None: ...
    async def of_cases(self, case_ids: Collection[UUID]) -> list[CureWatch]:
        """Open ones."""
        ...

    async def of_persons(self, person_ids: Collection[UUID]) -> list[CureWatch]:
        """Open ones, locked, those that others hold too."""
        ...

    async def lock_over(self, limit: int) -> list[CureWatch]: ...
    async def counts(self, by: Grouping, today: date) -> list[CureCount]: ...
