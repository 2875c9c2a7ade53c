"""What a fresh start needs of the outside: its records on file, and a way to the lender as furnisher."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.negotiation.domain.fresh_start.check_ins import CheckIn, CheckInState
from services.negotiation.domain.fresh_start.corrections import Correction, CorrectionAnswer, CorrectionState


class BureauAway(RuntimeError):
    """The request could not be handed over now; it is tried again."""


@dataclass(frozen=True, slots=True)
class ClearedCase:
    """A case whose clearance has not been followed up yet. `reason` as in case.closed."""

    case_id: UUID
    reason: str
    cleared_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionFile:
    """What is handed over: facts for machines, a sealed letter for people. No name and no account of a person."""

    correction: Correction
    facts: bytes
    letter: bytes


class Bureau(Protocol):
    """The way by which a lender, as furnisher, gets requests and answers them."""

    async def hand_over(self, file: CorrectionFile) -> None:
        """The same request may come twice. Raises BureauAway."""
        ...

    async def answers(self, corrections: Sequence[Correction], now: datetime) -> Mapping[UUID, CorrectionAnswer]:
        """Answers that have come, by request. Raises BureauAway."""
        ...


class FreshStarts(Protocol):
    async def lock_cleared(self, limit: int) -> list[ClearedCase]:
        """Cleared cases that nothing was begun for yet, locked; those that others hold are passed over."""
        ...

    async def follow(self, corrections: Sequence[Correction], check_ins: Sequence[CheckIn]) -> None:
        """Keep them, and do not look at their clearances again."""
        ...

    async def lock_due(self, state: CorrectionState, limit: int) -> list[Correction]:
        """Whose `due_at` has come, locked, the longest due first."""
        ...

    async def save(self, corrections: Sequence[Correction]) -> None: ...
    async def find(self, correction_id: UUID) -> Correction:
        """Locked. Raises NoSuchThing."""
        ...

    async def of_case(self, case_id: UUID) -> Correction | None: ...
    async def in_state(self, state: CorrectionState, limit: int) -> list[Correction]: ...
    async def withdrawn_of(self, case_ids: Collection[UUID]) -> set[UUID]:
        """Those cases whose clearance holds no more."""
        ...

    async def check_ins(self, case_id: UUID) -> list[CheckIn]: ...
    async def check_ins_due(self, on: date, state: CheckInState, limit: int) -> list[CheckIn]:
        """Those in one state, of clearances that hold, the earliest first."""
        ...

    async def save_check_in(self, check_in: CheckIn) -> None: ...
