"""What harm budgets and the chooser need of storage, and what they are told at the start."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.outreach.application.harm_records import ArmReport, BudgetChange, Budgets, KeptChoice, Override
from services.outreach.domain.choosing import Arm, Tally
from services.outreach.domain.harm_budget import Standing


class HarmBudgets(Protocol):
    """Signals, their counts, and where each strategy stands."""

    async def count(self, limit: int, response_days: int) -> int:
        """Count signals that are not counted yet, each once; wakes the arms that they may concern."""
        ...

    async def note_payments(self, payments: Sequence[tuple[UUID, UUID, datetime]]) -> None:
        """(payment, case, moment): a payment answers a contact. Twice is the same as once."""
        ...

    async def lock(self) -> dict[str, Standing]:
        """Every strategy that anything was counted of; locked until the transaction ends."""
        ...

    async def standings(self) -> dict[str, Standing]: ...

    async def counted(self, since_on: date) -> dict[tuple[str, date], dict[str, int]]:
        """(strategy, day) -> kind -> how many, from that day on."""
        ...

    async def change(self, change: BudgetChange) -> None: ...

    async def untold(self, limit: int) -> list[BudgetChange]:
        """Changes that nobody was told of; locked, others' skipped."""
        ...

    async def mark_told(self, change_ids: Collection[UUID], at: datetime) -> None: ...

    async def effective(self) -> dict[str, str]:
        """Strategy -> state with the overrides that stand now; a strategy that is not there is ok."""
        ...

    async def propose(self, override: Override) -> None: ...

    async def override(self, override_id: UUID, *, lock: bool = False) -> Override | None: ...

    async def approve(self, override: Override) -> None:
        """Keep the approval and let it stand for its strategy."""
        ...

    async def overrides(self) -> dict[str, Override]:
        """Those that stand now, by strategy."""
        ...


class Choices(Protocol):
    """What was chosen, what followed, and what is known of each arm."""

    async def keep(self, choices: Sequence[KeptChoice], judge_after_days: int) -> None:
        """Append them; a choice for now begins the arm's trial, unless that attempt was judged already."""
        ...

    async def postponed(self, attempt_ids: Collection[UUID]) -> dict[UUID, str]:
        """Attempt -> the channel of the choice that put it off until now."""
        ...

    async def tallies(self, segments: Collection[str]) -> dict[str, dict[Arm, Tally]]: ...

    async def judge(self, limit: int, response_days: int) -> int:
        """Judge one batch of trials that are due, and put what changed into the tallies; answers with its size."""
        ...

    async def of_attempt(self, attempt_id: UUID) -> list[KeptChoice]: ...

    async def report(self, segment: str | None, limit: int) -> list[ArmReport]: ...


class Alarm(Protocol):
    """Tells people outside the system; raises nothing, answers whether it was taken."""

    async def tell(self, subject: str, text: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class HarmAccess:
    """`explore_percent` None: the fixed order (champion); else learning, with that share of choices exploring."""

    budgets: Budgets
    alarm: Alarm
    explore_percent: int | None = None
    response_days: int = 7
    """How long after a contact a reply or a payment counts as its answer."""


Tallies = Mapping[str, Mapping[Arm, Tally]]
