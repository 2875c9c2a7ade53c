"""What counts as evidence that a rung was tried, and what a step of a rung asks for. The figures are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.outreach.domain.escalation.records import RUNGS


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """One way to show that a rung was tried.

    `attempts_min` attempts with one of `outcomes`, the first and the last at least `span_hours_min` apart, the one that
    counts at least `waits_days` ago; or, where `is_excuse`, a recorded decision that the rung could not be tried.
    """

    id: str
    source: str
    outcomes: frozenset[str] = frozenset()
    attempts_min: int = 1
    span_hours_min: int = 0
    waits_days: int = 0
    is_excuse: bool = False

    def __post_init__(self) -> None:
        if (
            self.is_excuse == bool(self.outcomes)
            or self.attempts_min < 1
            or min(self.span_hours_min, self.waits_days) < 0
        ):
            raise ValueError(f"evidence rule {self.id!r} is out of form")
        if self.span_hours_min and self.attempts_min < 2:
            raise ValueError(f"evidence rule {self.id!r}: one attempt has no span")

    @property
    def span(self) -> timedelta:
        return timedelta(hours=self.span_hours_min)

    @property
    def wait(self) -> timedelta:
        return timedelta(days=self.waits_days)


@dataclass(frozen=True, slots=True)
class StepRule:
    """What a step of a rung asks for besides evidence of every rung below.

    `fresh_days`: older evidence is worth nothing. `tried_min`: so many rungs below must really have been tried, not
    excused. `begins_anew_after`: an answer of that kind makes all evidence before it worthless.
    """

    source: str
    fresh_days: int
    tried_min: int = 0
    begins_anew_after: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.fresh_days < 1 or not self.begins_anew_after <= {"message", "conversation"}:
            raise ValueError("a step rule is out of form")

    @property
    def fresh(self) -> timedelta:
        return timedelta(days=self.fresh_days)


@dataclass(frozen=True, slots=True)
class ProofRules:
    """The whole table, closed: every rung but the last has evidence rules, every rung but the first a step rule."""

    version: int
    evidence: Mapping[str, tuple[EvidenceRule, ...]]
    steps: Mapping[str, StepRule]

    def __post_init__(self) -> None:
        if set(self.evidence) != set(RUNGS[:-1]) or set(self.steps) != set(RUNGS[1:]):
            raise ValueError("the table of proofs does not name every rung")
        if not all(self.evidence.values()):
            raise ValueError("a rung without evidence rules could never be left")
