"""What the harm budgets and the chooser hand to storage and get back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.outreach.domain.choosing import Arm, Choice, Tally
from services.outreach.domain.harm_budget import Budget, Rate, Standing, State


@dataclass(frozen=True, slots=True)
class Budgets:
    """The budgets of all strategies, with one for a strategy that has none of its own."""

    by_strategy: Mapping[str, Budget]
    fallback: str

    def of(self, strategy: str) -> Budget:
        return self.by_strategy.get(strategy) or self.by_strategy[self.fallback]


@dataclass(frozen=True, slots=True)
class BudgetChange:
    """A strategy's standing became another one, for what was counted."""

    change_id: UUID
    strategy: str
    before: State
    after: Standing
    counted: Mapping[str, int]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """Two people let a strategy stand otherwise until a moment; effective once the second has agreed."""

    override_id: UUID
    strategy: str
    state: State
    reason: str
    until: datetime
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One strategy's budget as staff see it."""

    budget: Budget
    standing: Standing
    rates: tuple[Rate, ...]
    override: Override | None

    @property
    def effective(self) -> State:
        return self.override.state if self.override is not None else self.standing.state


@dataclass(frozen=True, slots=True)
class KeptChoice:
    """A choice as it is kept: everything that making it again needs."""

    choice_id: UUID
    attempt_id: UUID
    case_id: UUID
    choice: Choice
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class ArmReport:
    """One arm of one segment with what followed its contacts."""

    segment: str
    arm: Arm
    tally: Tally
